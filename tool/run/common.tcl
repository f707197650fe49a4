# SPDX-License-Identifier: BSD-2-Clause
#
# What the run tool and the job scheduler share.

proc read_file {path} {
	set file [open $path]
	set text [read $file]
	close $file

	return $text
}


# The variables in NAME='value' lines, as tool/mk/build.mk writes them.
proc read_vars {path} {
	set vars [dict create]
	foreach {- name value} [regexp -all -inline {(\w+)='([^']*)'} [read_file $path]] {
		dict set vars $name [string trim $value]
	}

	return $vars
}


# By the shell, which has it built in: a minimal Debian has no program for it.
proc kill {process} {
	catch {exec sh -c "kill $process"}
}
