# SPDX-License-Identifier: BSD-2-Clause
#
# 'make bench': run the scenario 'bench' with an exact clock and the counting
# plugin, and print "name <tab> board <tab> value <tab> unit" per figure. Fails if
# the guest's and the plugin's instruction counts differ by more than 1 %, if a second
# run does not repeat the first one exactly, or if a figure is worse than the one in
# kernel/board/<board>/bench.tsv (bench_compare.awk).
#
# RECORD=1 writes that file instead, and the tables in doc/performance.md. PROFILE=<row>
# prints where the instructions of a row go. QUICK=1, for 'make test': one run, no
# bisection of the smallest RAM.
#
# A guest prints "bench <name> <value> <unit>", and if <value> is what one of
# <operations> operations costs that ran between marks of <id>, behind it
# " mark <id> <operations>". " since <id>" stands behind instructions since the machine's
# start, of which those since the mark are the figure.

. tool/run/ram_min.sh
boards=$BOARD
[ "$BOARD" = all ] && boards=$BOARDS
if [ "$RECORD" ] && [ "$B" != build ]; then
	echo "bench: figures of other compilers and settings are not recorded" >&2
	exit 2
fi
mode=compare
[ "$QUICK" ] && mode=quick
[ "$RECORD" ] && mode=record
results=$RESULTS
unset RESULTS
result=0

# run_scenario NAME, with the plugin's arguments in BENCH: quiet if it passes
run_scenario() {
	BOARD=$board build/host/guard expect -f tool/run/run.exp -- $1 >"$work/out" 2>&1 && return
	tail -n 20 "$work/out"
	echo "FAIL bench.$1: the scenario did not pass on $board, see $work/out"
	return 1
}

figures() {
	rm -f "$work/counts.tsv"
	BENCH=$work/counts.tsv run_scenario bench || return
	awk -v board="$board" -f tool/run/bench.awk "$work/counts.tsv" "$work/log"
}

# The smallest system with a parent and a child.
image_size() {
	BENCH= run_scenario bench_small || return
	echo "image_size	$board	$(wc -c <"$B/$board/bench_small/image.elf")	bytes"
}

measure() {
	figures >"$work/result.tsv"
	if [ $mode != quick ]; then
		figures >"$work/again.tsv"
		diff "$work/result.tsv" "$work/again.tsv" >/dev/null ||
			echo "FAIL bench.repeat: two runs differ, see $work/again.tsv" >>"$work/result.tsv"
	fi
	image_size >>"$work/result.tsv"
	[ $mode = quick ] || ram_min bench_small "$board" >>"$work/result.tsv"

	[ $mode = quick ] || grep -v '^FAIL' "$work/result.tsv"
	! grep '^FAIL' "$work/result.tsv" >"$work/failed" || return
	[ -f "$recorded" ] || [ $mode = record ] || return 0
	awk -F '\t' -v mode=$mode -v file="$recorded" \
		-f tool/run/bench_compare.awk "$work/result.tsv" >"$work/failed"
}

# profile ROW: of which functions the instructions of an operation are
profile() {
	figures >/dev/null || return
	set -- $(sed -n "s/.*bench $1 .* \(mark\|since\) \([0-9]*\)/\2/p" "$work/log" | tr -d '\r')
	if [ ! "$1" ]; then
		echo "unknown row '$PROFILE'"
		return 2
	fi
	BENCH=$work/counts.tsv,profile=$work/profile,mark=$1 run_scenario bench || return
	sh tool/plugin/profile.sh "$B/$board/$VARS_FILE" "$work/profile" ${2:-1}
}

for board in $boards; do
	work=$B/$board/bench
	recorded=kernel/board/$board/bench.tsv
	# what other compilers and settings make is not recorded
	[ "$B" = build ] || recorded=
	[ "$PREBUILT" = ok ] || $MAKE -f tool/mk/build.mk BOARD="$board" vars || exit 2
	mkdir -p "$work"
	if [ "$PROFILE" ]; then
		profile "$PROFILE" || exit
		continue
	fi
	seconds=$(date +%s)
	outcome=passed
	if ! measure; then
		cat "$work/failed"
		outcome=failed
		result=1
	fi
	[ ! "$results" ] || printf 'bench\t%s\tdirect\t%s\t%s\t%s\n' "$board" $outcome \
		"$(tr '\n' ' ' <"$work/failed")" $(($(date +%s) - seconds)) >>"$results"
done
if [ "$RECORD" ]; then
	awk -f tool/run/bench_doc.awk kernel/board/*/bench.tsv doc/performance.md >build/performance.md &&
		cp build/performance.md doc/performance.md
fi
exit $result
