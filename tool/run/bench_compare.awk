# SPDX-License-Identifier: BSD-2-Clause
#
# Compare figures with recorded ones, or record them.
# Usage: awk -F '\t' -v mode=compare|record -v file=RECORDED -f bench_compare.awk NEW

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
		if (!(field[1] in value))
			failed += fail(field[1], "no longer measured")
		else if (value[field[1]] > field[2] * 1.02)
			failed += fail(field[1], value[field[1]] ", recorded " field[2])
	}
	exit failed > 0
}

function fail(name, why)
{
	print "FAIL bench." name ": " why
	return 1
}
