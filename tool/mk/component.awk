# SPDX-License-Identifier: BSD-2-Clause
#
# Read all component.mk and library.mk files, check them, and print them as one
# makefile. They are data: lines 'NAME = words', comments, continued lines.
# A name that is not known here is an error. Without one the last line is "# complete": exit
# codes of awk say nothing where standard error is closed.
#
# Usage: awk -f component.awk FILE... > components.mk

BEGIN {
	split("SRC SRC_x86 SRC_arm SRC_riscv LIBS INC ARCHES FPU", names)
	for (i in names)
		known[names[i]] = 1
	print "# made by tool/mk/component.awk"
}

FNR == 1 { open_file() }

{
	sub(/#.*/, "")
	text = text $0
	if (sub(/\\$/, " ", text))
		next
	line(text)
	text = ""
}

END {
	close_file()
	if (!failed)
		print "# complete"
	exit failed
}

function open_file(    parts, n)
{
	close_file()
	file = FILENAME
	n = split(FILENAME, parts, "/")
	name = parts[n - 1]
	kind = parts[n] == "library.mk" ? "library" : "component"
	dir = substr(FILENAME, 1, length(FILENAME) - length(parts[n]) - 1)
	key = kind "." name
	has_source = 0
	if (key in seen)
		error(1, kind " '" name "' exists already in " seen[key])
	seen[key] = dir
	printf "%s += %s\n%s.dir := %s\n", kind == "library" ? "LIBRARIES" : "COMPONENTS", \
	       name, key, dir
}

function close_file()
{
	if (file && !has_source && kind == "component") {
		printf "%s:1: error: no SRC\n", file > "/dev/stderr"
		failed = 1
	}
	file = ""
}

function line(text,    at, variable, value)
{
	if (text ~ /^[ \t]*$/)
		return
	if (text !~ /^[A-Za-z_0-9]+[ \t]*=/) {
		error(FNR, "not of the form 'NAME = words'")
		return
	}
	at = index(text, "=")
	variable = substr(text, 1, at - 1)
	value = substr(text, at + 1)
	gsub(/[ \t]+/, "", variable)
	gsub(/[ \t]+/, " ", value)
	if (!(variable in known))
		error(FNR, "unknown variable '" variable "'")
	if (value ~ /[$;`]/)
		error(FNR, "only plain words are allowed")
	if (variable ~ /^SRC/)
		has_source = 1
	printf "%s.%s :=%s\n", key, variable, value
}

function error(number, message)
{
	printf "%s:%d: error: %s\n", FILENAME, number, message > "/dev/stderr"
	failed = 1
}
