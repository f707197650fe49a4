# SPDX-License-Identifier: BSD-2-Clause
#
# Reads the sources of core and of base's library for layers.sh. A unit is x.c with x.h
# (in base a public one, a private one, or both); x_part.c belongs to it if it has no
# header of its own. The includes, as they are written, of all files of a unit lead to no
# circle. And since who includes a header may hang on what its functions do, these are
# defined in the header's unit. A header without sources is an interface: whoever includes
# it may define its functions.

FNR == 1 {
	files[FILENAME] = 1
	header = FILENAME ~ /\.h$/
	if (header)
		has_header[part(FILENAME) ":" base(FILENAME)] = 1
	pending = ""
}

/^ *# *include *[<"]/ {
	name = $0
	sub(/^[^<"]*[<"]/, "", name)
	sub(/[>"].*/, "", name)
	includes[FILENAME] = includes[FILENAME] " " name
	next
}

# The beginning of a function's declaration or definition.
/^[A-Za-z]/ {
	pending = ""
	if (!/(^| )static / && match($0, /[a-z][a-z_0-9]*\(/))
		pending = substr($0, RSTART, RLENGTH - 1)
}

/^\{/ && pending != "" && !header { defined[FILENAME] = defined[FILENAME] " " pending }
/^\{/                           { pending = "" }

/;$/ {
	if (pending != "" && header)
		declared[pending] = declared[pending] " " FILENAME
	pending = ""
}

END {
	for (path in files) {
		if (path ~ /\.c$/)
			has_source[unit(path)] = 1
		n = split(includes[path], list, " ")
		for (i = 1; i <= n; i++)
			use(unit(path), target(path, list[i]))
	}
	for (u in uses)
		if (!(u in done))
			visit(u)
	for (path in defined)
		check(path)
	if (!circle)
		print "ok layers.units"
	if (!strange)
		print "ok layers.owners"
}

function part(path)
{
	return path ~ /^core\// ? "core" : "base"
}

function base(path)
{
	sub(/^.*\//, "", path)
	sub(/\.[ch]$/, "", path)
	return path
}

function unit(path,    name)
{
	name = part(path) ":" base(path)
	while (!(name in has_header) && name ~ /_/)
		sub(/_[^_]*$/, "", name)
	return name in has_header ? name : part(path) ":" base(path)
}

# The file of the same part that an include means, "" if it is none.
function target(path, name,    dir)
{
	dir = path
	sub(/[^\/]*$/, "", dir)
	if ((dir name) in files)
		return dir name
	name = "base/include/" name
	return name in files && part(path) == "base" ? name : ""
}

function use(from, path)
{
	if (path != "" && unit(path) != from && index(uses[from] " ", " " unit(path) " ") == 0)
		uses[from] = uses[from] " " unit(path)
}

function visit(u,    next_ones, n, i)
{
	state[u] = "open"
	n = split(uses[u], next_ones, " ")
	for (i = 1; i <= n; i++) {
		if (state[next_ones[i]] == "open") {
			printf "FAIL layers.units: %s uses itself through %s\n", next_ones[i], u
			circle = 1
		} else if (!(next_ones[i] in done)) {
			visit(next_ones[i])
		}
	}
	state[u] = ""
	done[u] = 1
}

function check(path,    name, header, n, m, i, k, owner)
{
	n = split(defined[path], name, " ")
	for (i = 1; i <= n; i++) {
		m = split(declared[name[i]], header, " ")
		for (k = 1; k <= m; k++) {
			owner = unit(header[k])
			if (owner == unit(path) || !(owner in has_source))
				continue
			printf "FAIL layers.owners: %s defines %s, which %s declares\n", path,
			       name[i], header[k]
			strange = 1
		}
	}
}
