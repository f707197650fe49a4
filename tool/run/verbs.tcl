# SPDX-License-Identifier: BSD-2-Clause
#
# The verbs of scenario scripts; doc/run.md shows them by example.
#
# 'mode' is "alone" for a scenario with a boot of its own. Batch scenarios are
# evaluated twice: to "collect" what they need, and to "judge" what they printed.

set mode alone
set modules ""
set allowed ""
set variant ""
set earlier "" ;# output of boots before the present one

# Words that no run may print unless the scenario says 'allow <word>'.
set suspicious {panic assert fault}


# What an assertion looks at: lines that grep_output left, or everything.
proc seen {} {
	global output filtered

	return [expr {[info exists filtered] ? $filtered : $output}]
}


# Skip the scenario unless the board has all these features.
proc needs {args} {
	global vars board

	set features [list {*}$vars(FEATURES) $vars(ARCH) $vars(FAMILY) $vars(WIDTH)bit]
	foreach feature $args {
		if {$feature ni $features} { skip "needs $feature, which $board has not" }
	}
}


# Boot by a chain that this scenario is about.
proc boot_by {name} {
	global vars chain

	if {$name ni $vars(BOOT)} { fail "$vars(BOARD) has no boot chain '$name'" }
	set chain $name
}


# The machine has none: only its screen shows what happens.
proc without_serial_line {} {
	global vars

	set vars(QEMU_SERIAL) {-serial none}
}


# Declares that boards outside the standard set run this scenario too.
proc smoke {} {}


# Use a kernel and a core that crash on demand: see kernel/test/crash and core/test/crash.
proc crash_on_demand {} {
	global variant

	set variant crash
}


# Build components, by the names of their folders, with all that an image needs.
proc build {names} {
	global vars modules

	foreach name $names {
		if {$name eq "core"} continue
		if {$name ni $vars(COMPONENTS_HERE)} {
			give_up "unknown component '$name'; known for $vars(ARCH): [lsort $vars(COMPONENTS_HERE)]"
		}
		if {$name ni $modules} { lappend modules $name }
	}
	# 'make test' has built everything before.
	if {[option PREBUILT] eq "ok"} return

	make_image_parts [lmap name $modules {string cat $vars(A)/rom/ $name}]
}


proc make_image_parts {goals} {
	global vars variant

	lappend goals $vars(D)/bootstrap.o database \
	        [file join $vars(D) $variant kernel.stripped] [file join $vars(A) $variant core.stripped]
	set make [expr {[option MAKE] ne "" ? [option MAKE] : "make"}]
	if {[catch {exec env -u MAKEFLAGS -u MAKELEVEL flock build/lock $make -f tool/mk/build.mk \
	            BOARD=$vars(BOARD) {*}$goals >@stdout 2>@stderr}]} {
		fail "build failed"
	}
}


proc create_boot_directory {} {
	global run_dir has_config

	unset -nocomplain has_config
	file delete -force $run_dir/boot
	file mkdir $run_dir/boot
}


# Install text as a boot module; its common indentation is removed.
proc install_rom {name text} {
	global run_dir

	set file [open $run_dir/boot/$name w]
	fconfigure $file -translation lf
	puts -nonewline $file [dedent $text]
	close $file
}


# What the board's folder says: a variable of board.mk.
proc board {name} {
	global vars board

	if {![info exists vars($name)] || $vars($name) eq ""} { fail "$board has no $name" }

	return $vars($name)
}


# Fill in what differs between boards: @NAME@ stands for the variable of board.mk.
proc for_board {text} {
	while {[regexp {@([A-Z_]+)@} $text place name]} {
		set text [string map [list $place [board $name]] $text]
	}

	return $text
}


# Install init's configuration. Before the image is linked it must match the schemas there
# are: by then it is known which component init is.
proc install_config {text} {
	global has_config run_dir

	install_rom config [for_board $text]
	write_places $run_dir/config.map [config_places $text [command_line]]
	set has_config 1
}


# The line of the scenario's script that the command behind the caller begins in.
proc command_line {} {
	return [dict get [info frame -2] line]
}


# For each line that 'dedent' leaves of a text: file and line of it, and the columns removed.
proc config_places {text line} {
	global scenario

	regexp "^\n*" $text blank
	set least [indentation $text]
	set number [expr {$line + [string length $blank] - 1}]
	set lines [split [string trimright [string trimleft $text "\n"]] "\n"]

	return [lmap - $lines { list [scenario_file $scenario] [incr number] $least }]
}


proc write_places {path places} {
	set file [open $path w]
	puts $file [join $places "\n"]
	close $file
}


# Blanks that all lines of a text begin with.
proc indentation {text} {
	set least 1000
	foreach line [split $text "\n"] {
		regexp {^[\t ]*} $line indent
		if {[string trim $line] ne ""} { set least [expr {min($least, [string length $indent])}] }
	}

	return $least
}


proc dedent {text} {
	set lines [split [string trimright [string trimleft $text "\n"]] "\n"]
	set least [indentation $text]

	return "[join [lmap line $lines {string range $line $least end}] \n]\n"
}


# Check the configuration of init, with that of its children, against schemas: those of the
# components that the modules are made of. 'map' tells where it comes from.
proc check_config {path map} {
	global vars run_dir module_program

	set top init
	set schemas ""
	foreach name [array names module_program] {
		if {$name eq "init"} { set top $module_program($name); continue }
		if {[regexp "(?:^| )$module_program($name)=(\\S+)" $vars(SCHEMAS) - schema]} {
			lappend schemas $name=$schema
		}
	}
	if {[catch {exec sh tool/run/config.sh $path $map $top $run_dir/configs {*}$schemas {*}$vars(SCHEMAS) 2>@1} message]} {
		say [string map {"\nchild process exited abnormally" ""} $message]
		fail "the configuration does not match its schema"
	}
}


# Link the image from the boot directory and the named components (default:
# those that were built).
proc build_boot_image {{names ""}} {
	global modules

	foreach name [expr {$names eq "" ? $modules : $names}] {
		if {$name ne "core"} { install_module $name $name }
	}
	link_image
}


# Put a component into the boot directory under a name of its own.
proc install_module {component name} {
	global modules vars run_dir module_program

	if {$component ni $modules} { fail "module '$component' was not built" }
	set module_program($name) $component
	if {[catch {file copy -force $vars(A)/rom/$component $run_dir/boot/$name} message]} {
		fail "module '$component': $message"
	}
}


proc link_image {} {
	global run_dir vars variant has_config

	if {[info exists has_config]} { check_config $run_dir/boot/config $run_dir/config.map }
	set_image $run_dir/image.elf
	if {[catch {exec env VARIANT=$variant sh tool/image/image.sh $vars(D)/[option VARS_FILE] $run_dir >@stdout 2>@stderr}]} {
		fail "linking the image failed"
	}
}


# Boot this ELF file instead of an image of ours.
proc use_image {path} {
	global run_dir

	file mkdir $run_dir
	file copy -force $path $run_dir/image.elf
	set_image $run_dir/image.elf
}


proc set_image {path} {
	global image

	set image $path
}


# Offset in the image's file, and size, of what it carries: kernel, core, modules.
proc image_part {name} {
	global run_dir

	set sections [exec readelf -SW $run_dir/image.elf]
	if {![regexp "\\.image\\.$name\\s+PROGBITS\\s+(\\w+)\\s+(\\w+)\\s+(\\w+)" $sections - - at size]} {
		fail "the image has no part '$name'"
	}

	return [list [expr {"0x$at"}] [expr {"0x$size"}]]
}


# Boot an image that differs from the one linked in 'count' bytes of a part, from an
# offset on, which can be 'end-n'.
proc damage_image {part offset {count 1}} {
	global run_dir

	lassign [image_part $part] first size
	if {[regexp {^end-(\d+)$} $offset - back]} { set offset [expr {$size - $back}] }
	set file [open $run_dir/image.elf rb]
	set bytes [read $file]
	close $file
	set from [expr {$first + $offset}]
	set to [expr {$from + $count - 1}]
	binary scan [string range $bytes $from $to] cu* values
	set values [lmap value $values {expr {255 - $value}}]
	set file [open $run_dir/damaged.elf wb]
	puts -nonewline $file [string replace $bytes $from $to [binary format c* $values]]
	close $file
	set_image $run_dir/damaged.elf
}


# Boot, unless that has happened, and wait until a line matches, for at most
# 'limit' seconds of guest time. "forever" connects the user's keyboard.
proc run_until {regex {limit 10}} {
	global machine output output_pos

	if {$machine(channel) eq "" && $machine(ended) eq ""} { start_machine }
	if {$regex eq "forever"} { return [stay] }

	set guest [guest_seconds]
	set wall [wall_seconds]
	while {![regexp -line -start $output_pos -indices -- $regex $output match]
	       || ([regexp {(^|[^\\])\$$} $regex] && [line_grows [lindex $match 1]])} {
		if {$machine(ended) ne ""} { fail "QEMU $machine(ended) before a line matched /$regex/" }
		if {[limit_passed $guest $wall $limit]} { fail "no line matched /$regex/ within $limit s" }
		wait_event
	}
	set output_pos [expr {[lindex $match 1] + 1}]
}


# End the machine; the next run_until boots anew, with these words for the command line.
proc boot_again {args} {
	global machine boot_args filtered output earlier

	stop_machine
	set machine(ended) ""
	append earlier $output
	set output ""
	set boot_args $args
	unset -nocomplain filtered
}


# Wait until the machine switches itself off (or resets).
proc run_until_end {{limit 10}} {
	global machine

	if {$machine(channel) eq "" && $machine(ended) eq ""} { start_machine }
	set guest [guest_seconds]
	set wall [wall_seconds]
	while {$machine(ended) eq ""} {
		if {[limit_passed $guest $wall $limit]} { fail "the machine did not end within $limit s" }
		wait_event
	}
}


# More of the line that ends here can come: '$' matches at the end of what there is.
proc line_grows {last} {
	global machine output

	return [expr {$machine(ended) eq "" && $last + 1 >= [string length $output]}]
}


# Whether there is a user at a terminal.
proc interactive {} {
	return [expr {![catch {exec test -t 0 <@stdin}]}]
}


# Pass on what is typed, key by key if that comes from a terminal, until the end of the input or
# the machine. Ctrl-C ends the run as ever.
proc stay {} {
	global machine terminal_mode

	if {[interactive]} {
		set terminal_mode [exec stty -g <@stdin]
		exec stty -icanon -echo <@stdin
	}
	fconfigure stdin -blocking 0 -translation binary
	fileevent stdin readable {
		send_serial [read stdin]
		if {[eof stdin]} { set machine(event) 1; set machine(stay) 0 }
	}
	set machine(stay) 1
	while {$machine(stay) && $machine(ended) eq ""} { wait_event }
	fileevent stdin readable {}
	leave_terminal
}


# Give the user's terminal back as it was; the shell shares also whether reading waits.
proc leave_terminal {} {
	global terminal_mode

	catch {fconfigure stdin -blocking 1}
	if {[info exists terminal_mode]} { catch {exec stty $terminal_mode <@stdin} }
	unset -nocomplain terminal_mode
}


# Type text on the serial line.
proc send_serial {text} {
	global machine

	if {$machine(channel) eq ""} { fail "send_serial: the machine does not run" }
	puts -nonewline $machine(channel) $text
}


# Give QEMU's monitor a command (sendkey, system_reset, screendump, ...).
proc monitor {command} {
	global machine

	if {$machine(channel) eq ""} { fail "monitor: the machine does not run" }
	# With nobody to read its answers, QEMU would stop reading commands some day.
	set answers [open $machine(tmp)/monitor.out {RDWR NONBLOCK}]
	fconfigure $answers -blocking 0 -translation binary
	read $answers
	close $answers
	set fifo [open $machine(tmp)/monitor.in {RDWR}]
	puts $fifo $command
	close $fifo
}


# Reduce what the following assertions see to the lines that match.
proc grep_output {regex} {
	global output filtered

	set filtered [join [lsearch -all -inline -regexp [split $output "\n"] $regex] "\n"]
}


# The lines (that grep_output left) must be these, up to blanks at their ends.
proc compare_output_to {expected} {
	global mode

	if {$mode eq "collect"} return
	set want [trimmed_lines $expected]
	set have [trimmed_lines [seen]]
	foreach a $want b $have {
		if {$a ne $b} { fail "output differs: expected '$a', got '$b'" }
	}
}


proc trimmed_lines {text} {
	return [lmap line [split [string trim $text] "\n"] {string trim $line}]
}


# Some line must match.
proc assert {regex} {
	global mode

	if {$mode eq "collect"} return
	if {![regexp -line -- $regex [seen]]} { fail "no line matches /$regex/" }
}


# No line may match.
proc assert_absent {regex} {
	global mode

	if {$mode eq "collect"} return
	foreach line [split [seen] "\n"] {
		if {[regexp -- $regex $line]} { fail "there is a line '[string trim $line]'" }
	}
}


# The kernel's backtrace names these functions, in this order, among others that are not
# inlined.
proc assert_backtrace {args} {
	global vars variant

	if {![regexp -line {kernel: backtrace (.*)} [seen] - addresses]} { fail "no backtrace" }
	set back 0
	set names [lmap address $addresses {
		set around [functions_around [file join $vars(D) $variant kernel.elf] 0x$address $back]
		set back 1
		lindex $around end-1
	}]
	foreach name $args {
		set at [lsearch -exact $names $name]
		if {$at < 0} { fail "the backtrace ($names) lacks $name or has it elsewhere" }
		set names [lrange $names $at+1 end]
	}
}


# Words among 'suspicious' that this scenario may print.
proc allow {args} {
	global allowed

	lappend allowed {*}$args
}


# What holds for every scenario, after its script.
proc verdict {} {
	global output suspicious allowed filtered machine mode earlier

	if {$mode eq "alone" && ![info exists machine(started)]} { fail "nothing was booted" }
	if {$mode eq "alone"} { set output $earlier$output }
	unset -nocomplain filtered
	foreach word $suspicious {
		if {$word ni $allowed} { assert_absent "(?i)\\m$word" }
	}
}
