# SPDX-License-Identifier: BSD-2-Clause
#
# Lines about addresses, for a program that is at once kernel, core and component.
#
# usage: expect -f places.tcl FOLDER     (with kernel.elf, core.elf, bin/prog)

source tool/run/symbols.tcl

set folder [lindex $argv 0]
array set vars [list A $folder D $folder BINUTILS x86_64-linux-gnu-]
array set module_program {init prog}
set machine(line) ""
set variant ""
set source tool/run/test/places.c

# Where a function begins, and its calls return to.
foreach {- address name} [regexp -all -inline {([0-9a-f]+) T (\w+)} \
                          [exec x86_64-linux-gnu-nm $folder/kernel.elf]] {
	scan $address %llx start($name)
}
regexp {call.*<outer>\n *([0-9a-f]+):} [exec x86_64-linux-gnu-objdump -d $folder/kernel.elf] - return
# leap() would return to the next function
set beyond [format %llx $start(behind)]
set inside [format 0x%llx [expr {$start(outer) + 1}]]


# The text of the target and what is behind it; one character at a time, or at once.
proc expect_places {text places} {
	foreach chunks [list [split $text ""] [list $text]] {
		set got ""
		foreach chunk $chunks { append got [with_places $chunk] }
		set want $text[join [lmap place $places { string cat "    " $place "\n" }] ""]
		if {$got ne $want} {
			puts "FAIL run.places: got\n$got\ninstead of\n$want"
			exit 1
		}
	}
}


proc line_of {pattern} {
	set number 0
	foreach line [split [read [set file [open $::source]]] "\n"] {
		incr number
		if {[regexp -- $pattern $line]} { close $file; return "($::source:$number)" }
	}
}

set leap "leap [line_of {^\thang}]"
set behind "behind [line_of {"nop"}]"
set inner "inner [line_of {x \* x}]"
set outer "inlined in outer [line_of {inner\(x\);}]"
set last "last [line_of {outer\(x\) \+}]"

expect_places "\[init\] Error: child \"a\" (prog), thread \"main\": page fault, reading 0x10, ip $inside, sp 0x1\n" \
	[list "at $inner" $outer]
expect_places "\[init\] Error: child \"prog\", thread \"main\": illegal instruction, ip $inside, sp 0x1\n" \
	[list "at $inner" $outer]
expect_places "\[x\] Error: child \"prog\", thread \"t\": page fault, executing 0x0, ip 0x0, called from 0x$return, sp 0x1\n" \
	[list "called from $last"]
expect_places "core: thread \"main\" stopped: page fault (read) at 10, ip [string range $inside 2 end], sp 1\n" \
	[list "at $inner" $outer]
expect_places "kernel: panic on CPU 0: core faulted: cause 1, address 10, ip [string range $inside 2 end], sp 1\n" \
	[list "at $inner" $outer]
expect_places "kernel: backtrace [string range $inside 2 end] $return\n" [list "at $inner" $outer "from $last"]
expect_places "kernel: backtrace $beyond $beyond\n" [list "at $behind" "from $leap"]

# nothing to say: other programs, other addresses, other lines
expect_places "\[init\] Error: child \"none\", thread \"main\": page fault, reading 0x10, ip $inside, sp 0x1\n" {}
expect_places "kernel: backtrace 0000000000000010 0\n" {}
expect_places "all is well at ip $inside\n" {}
puts "ok run.places"
