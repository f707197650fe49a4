# SPDX-License-Identifier: BSD-2-Clause
#
# ram_min BOARD: print the smallest amount of RAM, in steps of 64 KiB, with which
# the scenario 'log' passes, by bisection.

passes_with() {
	BOARD=$1 MEM=${2}K build/host/guard expect -f tool/run/run.exp -- log >/dev/null 2>&1
}

ram_min() {
	good=65536
	bad=1024
	if ! passes_with "$1" $good; then
		echo "FAIL bench.ram_min: scenario log does not pass with 64 MiB"
		return
	fi
	while [ $((good - bad)) -gt 64 ]; do
		middle=$(((good + bad) / 128 * 64))
		if passes_with "$1" $middle; then
			good=$middle
		else
			bad=$middle
		fi
	done
	echo "ram_min	$1	$((good * 1024))	bytes"
}
