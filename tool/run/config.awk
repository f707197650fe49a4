# SPDX-License-Identifier: BSD-2-Clause
#
# Take the configurations of children out of one of init: for each node
#
#    + start NAME | ... | + binary COMPONENT | + config ...
#
# writes DIR/<number>.hid with the config node as a document, DIR/<number>.map with the place
# that each of its lines comes from, and prints "<COMPONENT> <number> <NAME>". Disabled nodes
# are left out. Expects a well-formed file ('hid check' has seen it). MAP tells where its lines
# come from themselves, see config.sh.
#
# Usage: awk -v dir=DIR -v map=MAP -f config.awk FILE

BEGIN {
	while (map != "-" && (getline text <map) > 0)
		place[++places] = text
}

{ line($0) }
/^-/ { finish() }

# Segments between bars are lines, indented to where they stand.
function line(text,    column, rest, bar, segment)
{
	column = 0
	rest = text
	while (1) {
		match(rest, /^[ |]*/)
		column += RLENGTH
		rest = substr(rest, RLENGTH + 1)
		if (rest == "")
			return
		# comments and quotes take what is left
		bar = rest ~ /^[.:]( |$)/ ? 0 : index(rest, " | ")
		segment = bar ? substr(rest, 1, bar - 1) : rest
		node(segment, column)
		if (!bar)
			return
		rest = substr(rest, bar)
		column += bar - 1
	}
}

function node(text, column)
{
	if (in_config && column > config_column)
		return keep(text, column)
	in_config = 0
	if (in_start && column <= start_column && text ~ /^[+x] /)
		finish()
	if (top == "" && text ~ /^[+x] /)
		top = column
	# deeper ones are targets of routes
	if (column == top && text ~ /^\+ start /) {
		finish()
		in_start = 1
		start_column = column
		name = substr(text, 9)
		gsub(/^ +| +$/, "", name)
		binary = name
	} else if (in_start && text ~ /^\+ binary /) {
		binary = substr(text, 10)
	} else if (in_start && text ~ /^binary: /) {
		binary = substr(text, 9)
	} else if (in_start && text ~ /^\+ config($| )/) {
		in_config = 1
		config_column = column
		count = 0
		kept[++count] = substr(text, 3)
		from[count] = origin(column + 2)
	}
}

function keep(text, column)
{
	kept[++count] = sprintf("%" (column - config_column) "s", "") text
	from[count] = origin(config_column)
}

# Where the present line comes from, with so many columns in front of what is kept of it.
function origin(columns,    part)
{
	if (!split(place[NR], part, " "))
		return FILENAME " " NR " " columns

	return part[1] " " part[2] " " part[3] + columns
}

function finish(    i, origins)
{
	if (in_start && count) {
		file = dir "/" ++number ".hid"
		origins = dir "/" number ".map"
		for (i = 1; i <= count; i++) {
			print kept[i] > file
			print from[i] > origins
		}
		print "-" > file
		close(file)
		close(origins)
		print binary, number, name
	}
	in_start = in_config = count = 0
}
