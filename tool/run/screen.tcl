# SPDX-License-Identifier: BSD-2-Clause
#
# What stands on the machine's screen, as text: a picture from QEMU, compared with the
# glyphs that the kernel draws (build/gen/font.inc).

# Names of glyphs: their 128 pixels, as digits from the top left.
proc read_font {} {
	global glyphs

	set code 32
	foreach line [split [string trim [read_file build/gen/font.inc]] \n] {
		set pixels ""
		foreach byte [regexp -all -inline {\d+} $line] { append pixels [format %08b $byte] }
		if {![info exists glyphs($pixels)]} { set glyphs($pixels) [format %c $code] }
		incr code
	}
}


# A picture, as width, height and the pixels' bytes. QEMU writes it in its own time, or refuses
# as long as the machine has no screen yet: it is asked again each second. A minute only stops
# hangs.
proc take_picture {} {
	global machine

	set path $machine(tmp)/screen.ppm
	file delete $path
	for {set i 0} {$i < 3000} {incr i} {
		if {![file exists $path]} {
			if {$i % 50 == 0} { monitor "screendump $path" }
			after 20
			continue
		}
		after 20
		set file [open $path rb]
		set data [read $file]
		close $file
		if {[regexp -indices {^P6\s+(\d+)\s+(\d+)\s+255\s} $data head - -]
		    && [regexp {^P6\s+(\d+)\s+(\d+)} $data - width height]
		    && [string length $data] == [lindex $head 1] + 1 + 3 * $width * $height} {
			return [list $width $height [string range $data [lindex $head 1]+1 end]]
		}
	}
	fail "QEMU made no picture of the screen"
}


# The lines on the screen. What is no glyph is shown as "#".
proc screen_text {} {
	global glyphs

	if {![info exists glyphs]} read_font
	lassign [take_picture] width height data
	set text ""
	for {set y 0} {$y + 16 <= $height} {incr y 16} {
		set rows ""
		for {set i 0} {$i < 16} {incr i} {
			set from [expr {($y + $i) * $width * 3}]
			lappend rows [string map {"\x00\x00\x00" 0 "\xaa\xaa\xaa" 1} \
			              [string range $data $from [expr {$from + $width * 3 - 1}]]]
		}
		set line ""
		for {set x 0} {$x < $width} {incr x 8} {
			set pixels ""
			foreach row $rows { append pixels [string range $row $x [expr {$x + 7}]] }
			append line [expr {[info exists glyphs($pixels)] ? $glyphs($pixels) : "#"}]
		}
		append text [string trimright $line] \n
	}

	return $text
}


# Boot, unless that has happened, and wait until a line on the screen matches.
proc screen_until {regex {limit 10}} {
	global machine screen

	if {$machine(channel) eq "" && $machine(ended) eq ""} { start_machine }
	set guest [guest_seconds]
	set wall [wall_seconds]
	while {1} {
		wait_event
		if {$machine(ended) ne ""} { fail "QEMU $machine(ended) before the screen showed /$regex/" }
		if {[regexp -line -- $regex [set screen [screen_text]]]} return
		if {[limit_passed $guest $wall $limit]} {
			say $screen
			fail "no line on the screen matched /$regex/ within $limit s"
		}
	}
}


# Some line, or none, of the screen that screen_until saw last matches.
proc assert_screen {regex} {
	global screen

	if {![regexp -line -- $regex $screen]} {
		say $screen
		fail "no line on the screen matches /$regex/"
	}
}


proc assert_screen_absent {regex} {
	global screen

	if {[regexp -line -- $regex $screen line]} { fail "there is a line '$line' on the screen" }
}
