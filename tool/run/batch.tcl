# SPDX-License-Identifier: BSD-2-Clause
#
# Batch images: many short scenarios as children that one component, 'batch',
# runs one after another. It stands in the image as 'init', gets the list of its
# children as configuration, and encloses the output of each by the lines
#
#   [batch] begin <name>
#   [batch] end <name> exit <code>
#
# A child that hangs or takes the system down costs its own scenario only: those
# behind it, which have not begun, go into another image.

# What all children may use; devices are not among it. In the place of init stands the batch
# component, so init is known by another name.
set batch_head {
	config
	+ parent-provides
	  + service ROM
	  + service LOG
	  + service RM
	  + service PD
	  + service CPU
	+ default-route
	  + service ROM | label_last: init | + parent | resource: inner_init
	  + any-service | + parent
	+ default | ram: 2M | caps: 200
}

# The batch component's configuration: children with theirs.
proc batch_config {names} {
	global child batch_head

	set text [dedent $batch_head]
	foreach name $names {
		append text [batch_start $name]
		foreach line [config_lines $child($name,config)] {
			if {![regsub {^config\M} $line "  + &" line]} { set line "    $line" }
			append text "$line\n"
		}
	}

	return "$text-\n"
}


# How the node of a child begins, up to its configuration.
proc batch_start {name} {
	global child

	set text "+ start $name | binary: $child($name,binary)"
	foreach {key value} $child($name,options) {
		if {$key ne "timeout"} { append text " | $key: $value" }
	}

	return "$text\n  + exit | propagate: yes\n"
}


# The lines of a child's configuration, without the end, which is not its own any more.
proc config_lines {text} {
	set lines [split [string trimright [dedent $text]] "\n"]

	return [expr {[lindex $lines end] eq "-" ? [lrange $lines 0 end-1] : $lines}]
}


# batch COMPONENT CONFIG ?ram 4M? ?caps 100? ?timeout 10?: this scenario is a
# child of the batch component.
proc batch {component config args} {
	global child scenario mode output

	if {$mode eq "judge"} {
		set output $child($scenario,output)
		if {$child($scenario,exit) != 0} { fail "exit code $child($scenario,exit)" }
		return
	}
	build $component
	set child($scenario,binary) [batch_module $component]
	set child($scenario,config) $config
	set child($scenario,options) $args
	set child($scenario,places) [config_places $config [command_line]]
	check_child $scenario
}


# A mistake in a configuration concerns its own scenario only.
proc check_child {name} {
	global run_dir module_program child batch_head

	file mkdir $run_dir
	set file [open $run_dir/$name.hid w]
	puts -nonewline $file [batch_config [list $name]]
	close $file
	# lines of ours are in front of it, and four columns
	set before [regexp -all "\n" "[dedent $batch_head][batch_start $name]"]
	set places [lmap place $child($name,places) {
		lreplace $place 2 2 [expr {[lindex $place 2] - 4}]
	}]
	write_places $run_dir/$name.map [concat [lrepeat $before {}] $places]
	set module_program(init) batch
	set module_program(inner_init) init
	check_config $run_dir/$name.hid $run_dir/$name.map
}


proc wait_begin {name} {
	global begun

	if {$name in $begun} return
	run_until "^\\\[batch\\\] begin $name\$" 30
	lappend begun $name
}


proc batch_image {names} {
	global child modules

	build batch
	create_boot_directory
	install_rom config [batch_config $names]
	install_module batch init
	# also those that scenarios build beside their own component
	foreach name $modules {
		if {$name ne "batch"} { install_module $name [batch_module $name] }
	}
	link_image
}


# The name of a component's module: 'init' is taken. 'batch' gives what stands here to those
# that ask for init.
proc batch_module {component} {
	return [expr {$component eq "init" ? "inner_init" : $component}]
}


# Boot one image with these children and note what they print; returns those
# that did not get their turn.
proc run_children {names} {
	global child machine begun output

	set begun ""
	batch_image $names
	start_machine

	# If not even the first one begins, the fault is nobody's in particular.
	wait_begin [lindex $names 0]
	while {$names ne ""} {
		set name [lindex $names 0]
		set code [outcome_of [list run_child $name]]
		set names [lrange $names 1 end]
		if {[lindex $code 0] ne "passed"} {
			set child($name,failure) [lindex $code 1]
			break
		}
	}
	stop_machine
	set machine(ended) ""
	# say() looks at 'output', which is going to be that of one child
	if {[string index $output end] ne "\n"} { catch {puts ""} }

	return $names
}


proc run_child {name} {
	global child output output_pos

	set limit 10
	catch {set limit [dict get $child($name,options) timeout]}
	wait_begin $name
	set first $output_pos
	set started [wall_seconds]
	run_until "^\\\[batch\\\] end $name exit (-?\[0-9\]+)\$" $limit
	set text [string range $output $first $output_pos]
	regexp -line "^\\\[batch\\\] end $name exit (-?\[0-9\]+)\$" $text - child($name,exit)
	regsub -line "^\\\[batch\\\] end $name .*" $text "" child($name,output)
	set child($name,seconds) [expr {[wall_seconds] - $started}]
}


proc judge {name} {
	global child scenario script mode allowed filtered

	if {[info exists child($name,failure)]} { fail $child($name,failure) }
	set mode judge
	set allowed ""
	unset -nocomplain filtered
	set outcome [outcome_of $script($name)]
	if {[lindex $outcome 0] eq "passed"} { set outcome [outcome_of verdict] }
	if {[lindex $outcome 0] ne "passed"} { fail [lindex $outcome 1] }
}


# Returns the exit status: that of the worst, or 77 if all were skipped.
proc run_batch {scenarios} {
	global scenario script mode child board chain pending

	say "run: batch of [llength $scenarios] on $board ($chain)"
	claim_run_dir [expr {[llength $scenarios] > 1 ? "batch" : [lindex $scenarios 0]}]
	set pending ""
	set outcomes ""
	foreach scenario $scenarios {
		set mode collect
		set child($scenario,seconds) 0
		set outcome [outcome_of $script($scenario)]
		if {[lindex $outcome 0] eq "passed"} { lappend pending $scenario; continue }
		report $scenario {*}$outcome 0
		lappend outcomes [exit_status [lindex $outcome 0]]
	}
	set all $pending
	while {$pending ne ""} {
		set outcome [outcome_of {set pending [run_children $pending]}]
		if {[option IMAGE_ONLY] ne ""} { return 0 }
		if {[lindex $outcome 0] ne "passed"} {
			foreach name $pending { set child($name,failure) [lindex $outcome 1] }
			break
		}
	}
	foreach scenario $all {
		set outcome [outcome_of [list judge $scenario]]
		report $scenario {*}$outcome $child($scenario,seconds)
		lappend outcomes [exit_status [lindex $outcome 0]]
	}
	foreach status {1 2 0} {
		if {$status in $outcomes} { return $status }
	}

	return 77
}
