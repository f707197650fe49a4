# SPDX-License-Identifier: BSD-2-Clause
#
# What the scenarios demo and demo_screen share: the components, and what is typed.

# The console with a server, its clients, a nested init, and components that crash. The first
# part of 'drivers' serves its Terminal sessions, which 'terminals' and 'routes' name.
proc demo_config {drivers routes terminals} {
	set text "
		config
		+ parent-provides
		  + service ROM
		  + service PD
		  + service CPU
		  + service LOG
		  + service IO_MEM
		  + service IO_PORT
		  + service IRQ
		  + service Machine
		+ default-route | + any-service | + parent
		+ default | ram: 1M | caps: 80"
	append text $drivers {
		+ start console | ram: 24M | caps: 2000 | priority: -1
		  + route} $routes {
		    + any-service | + parent
		  + config} $terminals {
		    + later null
		    + later illegal
		    + later overflow
		    + later endless
		    + parent-provides
		      + service ROM
		      + service PD
		      + service CPU
		      + service LOG
		    + default-route
		      + service Counter | + child counter
		      + service Report  | + local
		      + any-service     | + parent
		    + default   | ram: 512K | caps: 60
		    + heartbeat | rate_ms: 20
		    + start counter | binary: demo_server
		      + provides | + service Counter
		    + start anna | binary: demo_client
		    + start ben  | binary: demo_client
		    + start garden | binary: init | ram: 6M | caps: 500
		      + config
		        + parent-provides
		          + service ROM
		          + service PD
		          + service CPU
		          + service LOG
		          + service Counter
		          + service Report
		        + default-route | + any-service | + parent
		        + default | ram: 512K | caps: 60
		        + report  | requested: yes | provided: yes
		        + start flower | binary: demo_client
		        + start shed   | binary: init | ram: 3M | caps: 250
		          + config
		            + parent-provides
		              + service ROM
		              + service PD
		              + service CPU
		              + service LOG
		              + service Counter
		              + service Report
		            + default-route | + any-service | + parent
		            + default | ram: 512K | caps: 60
		            + report  | requested: yes | provided: yes
		            + start dwarf | binary: demo_client}
	foreach {name how} {null read_null illegal illegal overflow stack_overflow endless loop} {
		append text "
		    + start $name | binary: crasher | priority: -4
		      + restart   | fault: yes | delay_ms: 0
		      + heartbeat | restart_after_skipped: [expr {$name eq "endless" ? 1 : 50}]
		      + config | how: $how"
	}

	return "$text\n\t\t-\n"
}


# What runs in it, beside the drivers.
set demo_components {init console demo_server demo_client crasher}


# Type a line and return what is answered, without the prompt that follows.
proc enter {line {limit 10}} {
	global output output_pos

	set from $output_pos
	send_serial "$line\r"
	run_until {^banyan> } $limit
	set answer [string range $output $from $output_pos-1]
	set echo [string first "\n" $answer]
	if {[string trim [string range $answer 0 $echo]] ne $line} { fail "\"$line\" is shown as \"[string range $answer 0 $echo]\"" }

	return [string range $answer $echo+1 [string last "banyan> " $answer]-1]
}


proc expect_answer {line regex {limit 10}} {
	set answer [enter $line $limit]
	if {![regexp -line $regex $answer]} { fail "\"$line\" is answered: $answer" }

	return $answer
}


# Rows of 'tree' as a list of name, RAM, used, caps, used. The sums must be what they say.
proc tree_rows {text} {
	set sum 0
	set rows ""
	foreach line [split $text "\n"] {
		if {[regexp {^( *\S+) +(\d+)(?: +(\d+) +(\d+) +(\d+))?\s*$} $line - name ram used caps caps_used]} {
			incr sum $ram
			lappend rows [list [string trimright $name] $ram $used $caps $caps_used]
		}
	}
	if {![regexp -line {^sum +(\d+) bytes, the machine's RAM$} $text - total]} { fail "no sum: $text" }
	if {$sum != $total} { fail "the rows of the tree are $sum, and not $total" }

	return $rows
}
