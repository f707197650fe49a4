# SPDX-License-Identifier: BSD-2-Clause
#
# ram_min SCENARIO BOARD: print the smallest amount of RAM, in steps of 64 KiB, with
# which the scenario passes, by bisection.

passes_with() {
	BENCH= BOARD=$2 MEM=${3}K build/host/guard expect -f tool/run/run.exp -- $1 >/dev/null 2>&1
}

ram_min() {
	good=65536
	bad=1024
	if ! passes_with $1 $2 $good; then
		echo "FAIL bench.ram_min: scenario $1 does not pass with 64 MiB"
		return
	fi
	while [ $((good - bad)) -gt 64 ]; do
		middle=$(((good + bad) / 128 * 64))
		if passes_with $1 $2 $middle; then
			good=$middle
		else
			bad=$middle
		fi
	done
	echo "ram_min	$2	$((good * 1024))	bytes"
}
