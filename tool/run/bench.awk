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
match($0, /bench [a-z0-9_]+ [0-9.]+ [a-z]+( mark [0-9]+ [0-9]+| since [0-9]+)?/) {
	split(substr($0, RSTART, RLENGTH), word, " ")
	name = word[2]
	id   = word[6]
	if (word[5] == "")
		row(name, word[3], word[4])
	else if (!((id, "intervals") in sum))
		print "FAIL bench." name ": the plugin has seen no interval of mark " id
	else if (word[5] == "mark")
		operations(name, word[3], word[4], id, word[7])
	else
		since(name, word[3], word[4], id)
}

function row(name, value, unit)
{
	printf "%s\t%s\t%s\t%s\n", name, board, value, unit
}

# What the guest counted is the work of that many operations.
function operations(name, value, unit, id, count)
{
	row(name, value, unit)
	agree(name, value, sum[id, "instructions"] / count)
	companions(name, id, count)
}

# The guest's clock began with the machine, and the figure with the mark. A kernel that
# measures its clock may sleep meanwhile, for little more than a millisecond.
function since(name, value, unit, id,    slept)
{
	slept = value - sum[id, "until"]
	row(name, sum[id, "instructions"], unit)
	agree(name, value - (slept > 0 && slept < 1100000 ? slept : 0), sum[id, "until"])
	companions(name, id, 1)
}

function agree(name, guest, plugin)
{
	if (guest - plugin > plugin / 100 || plugin - guest > plugin / 100)
		print "FAIL bench." name ": guest counts " guest " instructions, plugin " plugin
}

function companions(name, id, count)
{
	row(name ".switches", number(sum[id, "switches"] / count), "switches")
	row(name ".tlb", number(sum[id, "tlb"] / count), "invalidations")
	row(name ".atomics", number(sum[id, "atomics"] / count), "instructions")
	row(name ".mmio", number(sum[id, "mmio"] / count), "accesses")
}

function number(value)
{
	return value == int(value) ? value "" : sprintf("%.2f", value)
}
