# SPDX-License-Identifier: BSD-2-Clause
#
# Compare figures with recorded ones, or record them.
# Usage: awk -F '\t' -v mode=compare|quick|record -v file=RECORDED -f bench_compare.awk NEW
#
# Means over many operations vary a little when code moves: they are allowed 2 %, and
# counts of a few a tenth. 'quick' does not expect rows that take many boots.

/^FAIL/ { next }

{
	value[$1] = $3
	line[++count] = $1 "\t" $3 "\t" $4
}

END {
	if (mode == "record") {
		for (i = 1; i <= count; i++)
			print line[i] > file
		exit 0
	}
	while ((getline recorded < file) > 0) {
		split(recorded, field, "\t")
		known[field[1]] = 1
		if (field[1] in value)
			failed += compare(field[1], value[field[1]], field[2])
		else if (mode != "quick" || field[1] != "ram_min")
			failed += fail(field[1], "no longer measured")
	}
	for (name in value)
		if (!(name in known))
			failed += fail(name, "not recorded, RECORD=1 does that")
	exit failed > 0
}

function compare(name, new, old)
{
	if (new <= old * 1.02 + (name ~ /\./ ? 0.1 : 0))
		return 0

	return fail(name, new ", recorded " old)
}

function fail(name, why)
{
	print "FAIL bench." name ": " why
	return 1
}
