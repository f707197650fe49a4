# SPDX-License-Identifier: BSD-2-Clause
#
# Functions and source lines for the addresses in reports of faults and panics. The
# target prints addresses; behind such a line we put what they mean:
#
#   [init] Error: child "x" (crasher), thread "main": page fault, ..., ip 0x1000157, ...
#       at read_null (repos/os/src/app/crasher/main.c:44)
#
# The programs with symbols are those that the image was made from.

# Boot module -> component; install_module notes it.
array set module_program {}

# "program address" -> functions and lines
array set known_places {}


# The text with lines about places behind the lines that name addresses.
proc with_places {text} {
	global machine

	set result ""
	set lines [split $text "\n"]
	foreach line [lrange $lines 0 end-1] {
		append result $line "\n"
		foreach place [places_of $machine(line)$line] { append result "    $place\n" }
		set machine(line) ""
	}
	append machine(line) [lindex $lines end]

	return $result[lindex $lines end]
}


# Descriptions of the addresses that a line of the target names.
proc places_of {line} {
	# as by_child_report() prints it
	if {[regexp {child "(\S+)"(?: \((\S+)\))?, thread ".*": .*, ip (0x[0-9a-f]+)(?:, called from (0x[0-9a-f]+))?, sp 0x} \
	            $line - name program ip caller]} {
		set program [component_elf [expr {$program ne "" ? $program : $name}]]
		return [concat [place at $program $ip 0] [place "called from" $program $caller 1]]
	}

	# core, about a component whose parent it is: init
	if {[regexp {^core: thread ".*" stopped: .*, ip ([0-9a-f]+), sp} $line - ip]} {
		return [place at [component_elf init] 0x$ip 0]
	}

	return [kernel_places $line]
}


# Of a panic. In a backtrace all addresses but the first are places to return to.
proc kernel_places {line} {
	global vars variant

	set kernel [file join $vars(D) $variant kernel.elf]
	if {[regexp {^kernel: panic .*core faulted: .*, ip ([0-9a-f]+), sp} $line - ip]} {
		return [place at [file join $vars(A) $variant core.elf] 0x$ip 0]
	}
	if {![regexp {^kernel: backtrace ([0-9a-f]+)((?: [0-9a-f]+)*)$} $line - first list]} return

	return [concat [place at $kernel 0x$first 0] \
	               {*}[lmap ip $list { place from $kernel 0x$ip 1 }]]
}


proc component_elf {module} {
	global vars module_program

	set component [expr {[info exists module_program($module)] ? $module_program($module) : $module}]

	return $vars(A)/bin/$component
}


# Lines about an address; none if the file or the tool is missing, or the address is in
# no code.
proc place {word elf address back} {
	if {$address eq ""} return
	set result ""
	foreach {function source} [functions_around $elf $address $back] {
		lappend result "$word $function[expr {$source ne "" ? " ($source)" : ""}]"
		set word "inlined in"
	}

	return $result
}


# What look_up() says of an address. What returns there ('back') was called before it, by
# two bytes at least; the call may be its function's end.
proc functions_around {elf address back} {
	global known_places

	set key [list $elf [format 0x%llx [expr {$address - 2 * $back}]]]
	if {![info exists known_places($key)]} { set known_places($key) [look_up {*}$key] }

	return $known_places($key)
}


# Function and line of an address, and of those that it is inlined in. Data has a line,
# but no function; code without debug information the other way round.
proc look_up {elf address} {
	global vars

	if {![file exists $elf]
	    || [catch {exec $vars(BINUTILS)addr2line -f -i -e $elf $address 2>/dev/null} text]} return
	set result ""
	foreach {function source} [split $text "\n"] {
		regsub {^(\./)+} [lindex $source 0] "" source
		if {[string index $source 0] eq "?"} { set source "" }
		if {$function ne "??"} { lappend result $function $source }
	}

	return $result
}
