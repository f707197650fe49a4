# SPDX-License-Identifier: BSD-2-Clause
#
# The machine under test: boot chains, QEMU's life, its output, its time.
#
#   machine(channel)   pipe to and from QEMU's serial line, "" if not running
#   machine(tmp)       folder of its own for FIFOs and sockets
#   machine(ended)     how QEMU ended, "" while it runs
#   output             all text since boot; output_pos: what run_until has consumed

array set machine {channel "" tmp "" ended ""}
set qemu_args ""
set boot_args ""
set boot_commands ""
set output ""
set output_pos 0
set image ""
set boot_file ""


# See that the Debian packages of a group in tool/mk/packages are installed.
proc need_packages {group} {
	if {[file exists build/setup/$group]} return
	if {[catch {exec sh tool/mk/setup.sh $group >@stdout 2>@stderr}]} {
		give_up "Debian packages are missing"
	}
}


# Arguments that make QEMU start the image; a new chain is a new proc. What it boots is
# 'boot_file': an ELF file, or one to be written to a medium.
proc chain_direct {image arguments} {
	global boot_file

	set boot_file $image
	set result [list -kernel $image]
	if {$arguments ne ""} { lappend result -append $arguments }

	return $result
}


proc chain_grub_bios {image arguments} {
	return [as_cd [grub_image $image multiboot2 $arguments]]
}


proc chain_grub_bios_mb1 {image arguments} {
	return [as_cd [grub_image $image multiboot $arguments]]
}


proc chain_grub_bios_usb {image arguments} {
	return [as_stick [grub_image $image multiboot2 $arguments]]
}


proc chain_grub_uefi {image arguments} {
	return [list {*}[as_cd [grub_image $image multiboot2 $arguments]] {*}[uefi]]
}


proc chain_grub_uefi_usb {image arguments} {
	return [list {*}[as_stick [grub_image $image multiboot2 $arguments]] {*}[uefi]]
}


proc grub_image {image protocol arguments} {
	global here boot_file boot_commands

	need_packages grub
	exec env GRUB_COMMANDS=$boot_commands sh $here/../image/grub.sh [file dirname $image] \
	         $protocol {*}$arguments >@stdout 2>@stderr

	return [set boot_file [file rootname $image].iso]
}


# Without a VGA BIOS, GRUB reports an error where it looks for video modes.
proc as_cd {file} {
	return [list -cdrom $file -boot d -vga std]
}


proc as_stick {file} {
	return [list -drive if=none,id=stick,format=raw,readonly=on,file=$file \
	             -device qemu-xhci -device usb-storage,drive=stick,bootindex=1 -vga std]
}


# The firmware itself needs more RAM than most boards are given.
proc uefi {} {
	need_packages uefi

	return [list -bios /usr/share/ovmf/OVMF.fd -m 128]
}


proc kernel_arguments {} {
	global boot_args

	set result $boot_args
	if {[option NONCE] ne ""} { lappend result nonce=[option NONCE] }

	return [join $result " "]
}


# Later arguments win, so a scenario's own come last.
proc qemu_command {start} {
	global vars machine qemu_args

	set serial [expr {$vars(QEMU_SERIAL) ne "" ? $vars(QEMU_SERIAL) : "-serial stdio"}]
	set command [list {*}$vars(QEMU) -m $vars(QEMU_MEM) -nodefaults -display none -no-reboot \
	                  {*}$serial \
	                  -chardev pipe,id=monitor,path=$machine(tmp)/monitor -mon chardev=monitor]
	if {[option BENCH] ne ""} {
		lappend command -icount shift=0,sleep=off \
		                -plugin build/host/plugin.so,out=[option BENCH]
	}
	if {[option DEBUG] ne ""} {
		lappend command -S -gdb chardev:gdb \
		                -chardev socket,id=gdb,path=$machine(tmp)/gdb,server=on,wait=off
	}
	lappend command {*}$start {*}$qemu_args
	if {[option MEM] ne ""} { lappend command -m [option MEM] }

	return $command
}


# Start QEMU under the guard, which ends it when we end, however that happens.
proc start_machine {} {
	global machine image boot_file chain run_dir output output_pos

	set start [chain_$chain $image [kernel_arguments]]
	if {[option IMAGE_ONLY] ne ""} {
		say "image: $boot_file"
		pass
	}

	set machine(tmp) [exec mktemp -d -t banyan.XXXXXX]
	exec mkfifo $machine(tmp)/monitor.in $machine(tmp)/monitor.out
	set command [qemu_command $start]
	if {[option V] eq "1"} { say $command }
	if {[option DEBUG] ne ""} { print_debug_command }

	# One log of all boots.
	set machine(log) [open $run_dir/log [expr {[info exists machine(started)] ? "a" : "w"}]]
	fconfigure $machine(log) -buffering none -encoding iso8859-1
	set machine(channel) \
		[open [list | build/host/guard -s -d $machine(tmp) {*}$command 2>@1] r+]
	fconfigure $machine(channel) -blocking 0 -buffering none \
	                             -encoding iso8859-1 -translation {auto lf}
	fileevent $machine(channel) readable read_output
	set machine(ended) ""
	set machine(started) [clock milliseconds]
	set output ""
	set output_pos 0
	set machine(line) ""
}


proc read_output {} {
	global machine output

	set text [with_places [read $machine(channel)]]
	append output $text
	puts -nonewline $machine(log) $text
	catch {puts -nonewline $text; flush stdout}
	if {[eof $machine(channel)]} { machine_ended }
	set machine(event) 1
}


proc machine_ended {} {
	global machine

	fileevent $machine(channel) readable {}
	fconfigure $machine(channel) -blocking 1
	set machine(ended) "ended"
	if {[catch {close $machine(channel)} - options]} {
		lassign [dict get $options -errorcode] kind - status
		if {$kind eq "CHILDSTATUS"} { set machine(ended) "ended with status $status" }
	}
	set machine(channel) ""
	close $machine(log)
}


# End QEMU and wait until it is gone. The monitor is asked first, because QEMU
# comments on a signal.
proc stop_machine {} {
	global machine

	if {$machine(channel) eq ""} return
	catch {monitor quit}
	set timer [after 1000 {kill [pid $machine(channel)]}]
	while {$machine(channel) ne ""} { vwait machine(event) }
	after cancel $timer
}


# Wait for output, the machine's end, or a moment.
proc wait_event {} {
	global machine

	set timer [after 100 {set machine(event) 1}]
	vwait machine(event)
	after cancel $timer
}


proc wall_seconds {} {
	global machine

	return [expr {([clock milliseconds] - $machine(started)) / 1000.0}]
}


# Guest time since boot: wall time less what QEMU's busiest-waiting thread spent
# waiting for a CPU of the host, so that other jobs do not shorten limits. The
# second number of schedstat is that waiting time in nanoseconds.
proc guest_seconds {} {
	global machine

	set waited 0
	catch {
		set pid [string trim [read_file $machine(tmp)/pid]]
		foreach path [glob /proc/$pid/task/*/schedstat] {
			set waited [expr {max($waited, [lindex [read_file $path] 1])}]
		}
	}

	return [expr {[wall_seconds] - $waited / 1e9}]
}


# Limits are in guest time; the wall limit only stops hangs.
proc limit_passed {start_guest start_wall limit} {
	if {[option DEBUG] ne ""} { return 0 }

	return [expr {[guest_seconds] - $start_guest > $limit
	              || [wall_seconds] - $start_wall > 10 * $limit + 60}]
}


proc print_debug_command {} {
	global machine run_dir vars modules variant here

	need_packages debug
	set commands [open $run_dir/gdb.commands w]
	set kernel [file join $vars(D) $variant kernel.elf]
	puts $commands "set confirm off\nexec-file $kernel"
	foreach path [list $kernel $run_dir/image.debug [file join $vars(A) $variant core.elf]] {
		if {[file exists $path]} { puts $commands "add-symbol-file $path" }
	}
	# the compiler was told to leave out where repositories lie
	foreach path [option REPOS] { puts $commands "directory [file dirname [file normalize $path]]" }
	puts $commands "source $here/debug.py"
	foreach name $modules { puts $commands "python add(\"$name\", \"$vars(A)/bin/$name\")" }
	if {$modules ne ""} { puts $commands "component [lindex $modules 0]" }
	puts $commands "target remote $machine(tmp)/gdb"
	close $commands
	say "QEMU waits for a debugger. In another terminal, in [pwd]:"
	say "gdb-multiarch -x $run_dir/gdb.commands"
}
