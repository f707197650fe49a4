# SPDX-License-Identifier: BSD-2-Clause
#
# Join the plugin's counts with the guest's figures.
# Usage: awk -v board=NAME -f bench.awk counts.tsv log

FNR == NR {
	if (FNR == 1)
		split($0, column)
	else
		for (i = 2; i <= NF; i++)
			sum[$1, column[i]] = $i
	next
}

# There may be the label of the component in front.
match($0, /bench [a-z0-9_]+ [0-9.]+ [a-z]+( mark [0-9]+ [0-9]+)?/) {
	n = split(substr($0, RSTART, RLENGTH), word, " ")
	row(word[2], word[3], word[4])
	if (n == 7)
		counted(word[2], word[3], word[6], word[7])
}

function row(name, value, unit)
{
	printf "%s\t%s\t%s\t%s\n", name, board, value, unit
}

function counted(name, value, id, operations,    inside)
{
	if (!((id, "intervals") in sum)) {
		print "FAIL bench." name ": the plugin has seen no interval of mark " id
		return
	}
	inside = sum[id, "instructions"] / operations
	if (value - inside > inside / 100 || inside - value > inside / 100)
		print "FAIL bench." name ": guest counts " value " instructions, plugin " inside
	row(name ".switches", number(sum[id, "switches"] / operations), "switches")
	row(name ".tlb", number(sum[id, "tlb"] / operations), "invalidations")
	row(name ".atomics", number(sum[id, "atomics"] / operations), "instructions")
	row(name ".mmio", number(sum[id, "mmio"] / operations), "accesses")
}

function number(value)
{
	return value == int(value) ? value "" : sprintf("%.2f", value)
}
