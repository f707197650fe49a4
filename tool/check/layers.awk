# SPDX-License-Identifier: BSD-2-Clause
#
# Reads lines of grep, "path:line:#include <name>", and checks them for
# layers.sh; 'list' is a file with the paths of all sources.

BEGIN {
	# What a layer may use, besides the compiler's own headers.
	may["abi"]    = " abi "
	may["kernel"] = " kernel abi "
	may["base"]   = " base abi gen "
	may["core"]   = " core base abi gen "
	may["repos"]  = " repos base abi gen "
	compiler = " stdarg.h stdbool.h stddef.h stdint.h limits.h stdatomic.h stdnoreturn.h float.h "

	while ((getline path < list) > 0) {
		exists[path] = 1
		# Where names in angle brackets are looked up.
		if (match(path, /^kernel\/abi\/(arch\/[a-z0-9_]+\/)?|^.*\/include\//)) {
			name = substr(path, RLENGTH + 1)
			offers[name] = offers[name] " " path
		}
	}
}

{
	split($0, part, ":")
	path = part[1]
	name = $0
	sub(/^[^<"]*[<"]/, "", name)
	sub(/[>"].*/, "", name)
	target = resolve(path, name)
	if (target != "")
		includes[path] = includes[path] " " target
	check(path, part[2], name, target)
}

END {
	for (path in includes)
		if (path ~ /\.h$/ && !(path in done))
			visit(path)
	if (!bad)
		print "ok layers.direction"
	if (!cycle)
		print "ok layers.cycles"
}

function layer(path)
{
	return path ~ /^kernel\/abi\// ? "abi" : substr(path, 1, index(path, "/") - 1)
}

# Length of what two paths begin with.
function common(a, b,    i)
{
	for (i = 1; substr(a, i, 1) == substr(b, i, 1) && i <= length(a); i++)
		continue
	return i
}

# The file that an include means, "" if it is none of ours. Ports look alike: the
# nearest is meant.
function resolve(path, name,    dir, i, n, offer, best)
{
	dir = path
	sub(/[^\/]*$/, "", dir)
	while (name ~ /^\.\.\//) {
		sub(/^\.\.\//, "", name)
		sub(/[^\/]*\/$/, "", dir)
	}
	if ((dir name) in exists)
		return dir name
	n = split(offers[name], offer, " ")
	best = ""
	for (i = 1; i <= n; i++)
		if (best == "" || common(offer[i], path) > common(best, path))
			best = offer[i]
	return best
}

# An unknown name is generated, the board's, or the compiler's.
function check(path, line, name, target,    from, to)
{
	from = layer(path)
	if (target != "")
		to = layer(target)
	else if (name ~ /^by\/(session|object)\// || name ~ /\.inc$/)
		to = "gen"
	else if (name == "board.h")
		to = "kernel"
	else if (index(compiler, " " name " "))
		return
	else
		to = "somewhere else"
	if (name ~ /\.inc$/ && from == "kernel")
		return
	if (!index(may[from], " " to " ")) {
		printf "FAIL layers.%s: line %s includes %s of %s\n", path, line, name, to
		bad = 1
	}
}

function visit(path,    next_ones, n, i)
{
	state[path] = "open"
	n = split(includes[path], next_ones, " ")
	for (i = 1; i <= n; i++) {
		if (state[next_ones[i]] == "open") {
			printf "FAIL layers.%s: includes itself through %s\n", path, next_ones[i]
			cycle = 1
		} else if (!(next_ones[i] in done)) {
			visit(next_ones[i])
		}
	}
	state[path] = ""
	done[path] = 1
}
