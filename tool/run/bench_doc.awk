# SPDX-License-Identifier: BSD-2-Clause
#
# Print a page with the recorded figures in its tables: where a column is headed by the
# name of a board and the first cell of a line is the name of a row.
# Usage: awk -f bench_doc.awk kernel/board/*/bench.tsv doc/performance.md

FILENAME ~ /bench\.tsv$/ {
	count = split(FILENAME, path, "/")
	value[path[count - 1], $1] = $2
	boards[path[count - 1]] = 1
	next
}

!/^\|/ {
	print
	split("", head)
	next
}

{
	cells = split($0, cell, "|")
	row = bare(cell[2])
	for (i = 3; i < cells; i++) {
		if (bare(cell[i]) in boards)
			head[i] = bare(cell[i])
		else if (i in head && (head[i], row) in value)
			cell[i] = " " grouped(value[head[i], row]) " "
	}
	line = ""
	for (i = 2; i < cells; i++)
		line = line "|" cell[i]
	print line "|"
}

function bare(text)
{
	gsub(/[ `]/, "", text)
	return text
}

# 1234567.8 becomes 1,234,568; counts of a few keep a digit if they need it
function grouped(number,    text, result)
{
	if (number < 10 && number != int(number))
		return sprintf("%.1f", number)
	text = sprintf("%.0f", number)
	while (length(text) > 3) {
		result = "," substr(text, length(text) - 2) result
		text = substr(text, 1, length(text) - 3)
	}
	return text result
}
