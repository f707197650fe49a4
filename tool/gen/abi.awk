# SPDX-License-Identifier: BSD-2-Clause
#
# Make the tables of kernel calls for doc/kernel-abi.md from by/abi.h.
# Usage: awk -f abi.awk kernel/abi/by/abi.h

# The lists are macros: X(NAME, name, number, "arguments", "results", \ "text" ...)
/^#define BY_(USER|CORE)_CALLS\(X\)/ {
	printf "\n## %s calls\n\n", /USER/ ? "User" : "Core"
	print "| number | call | arguments | results | |"
	print "|---|---|---|---|---|"
	list = 1
	entry = ""
	next
}

list {
	line = $0
	last = line !~ /\\$/
	sub(/[ \t]*\\$/, "", line)
	sub(/^[ \t]+/, "", line)
	if (line ~ /^X\(/ && entry != "")
		flush()
	entry = entry " " line
	if (last) {
		flush()
		list = 0
	}
}

# Print one entry: X(NAME, name, number, "a", "b", "text" "text")
function flush(    part, head, text, i) {
	split(entry, part, "\"")
	head = part[1]
	sub(/.*X\(/, "", head)
	split(head, field, /, */)
	text = ""
	for (i = 6; i in part; i += 2)
		text = text part[i]
	printf "| %s | `%s` | %s | %s | %s |\n", field[3], field[2], part[2], part[4], text
	entry = ""
}
