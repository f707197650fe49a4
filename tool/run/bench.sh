# SPDX-License-Identifier: BSD-2-Clause
#
# 'make bench': run the scenario 'bench' with an exact clock and the counting
# plugin, and print "name <tab> board <tab> value <tab> unit" per figure. Fails if
# the guest's and the plugin's instruction counts differ by more than 1 %, or if
# a figure is more than 2 % above the one in kernel/board/<board>/bench.tsv.
# RECORD=1 writes that file instead.
#
# A guest prints "bench <name> <value> <unit>", and if <value> is what one of
# <operations> operations costs that ran between marks of <id>, behind it
# " mark <id> <operations>".

. tool/run/ram_min.sh
boards=$BOARD
[ "$BOARD" = all ] && boards=$BOARDS
[ "$RECORD" ] && mode=record || mode=compare
result=0

for board in $boards; do
	work=$B/$board/bench
	mkdir -p "$work"
	$MAKE -f tool/mk/build.mk BOARD="$board" vars || exit 2
	if ! BOARD=$board BENCH=$work/counts.tsv \
	     build/host/guard expect -f tool/run/run.exp -- bench >"$work/out" 2>&1; then
		tail -n 20 "$work/out"
		echo "FAIL bench.$board: the scenario did not pass, see $work/out"
		result=1
		continue
	fi
	{
		awk -v board="$board" -f tool/run/bench.awk "$work/counts.tsv" "$work/log"
		ram_min "$board"
		echo "image_size	$board	$(wc -c <"$B/$board/log/image.elf")	bytes"
	} >"$work/result.tsv"
	grep -v '^FAIL' "$work/result.tsv"
	if grep '^FAIL' "$work/result.tsv"; then
		result=1
	fi
	awk -F '\t' -v mode=$mode -v file="kernel/board/$board/bench.tsv" \
		-f tool/run/bench_compare.awk "$work/result.tsv" || result=1
done
exit $result
