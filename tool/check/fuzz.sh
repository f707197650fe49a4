# SPDX-License-Identifier: BSD-2-Clause
#
# Run a fuzzer from its seeds in rounds of a fixed number of runs, always the
# same way, until it has found its canary and reached the edges recorded. It
# fails if it crashes, or if it still lacks one of them after the last round.
# With LONG=seconds run that long on all CPUs and keep the inputs found.
#
# One round is nearly always enough. But how soon a fuzzer finds something also
# depends on addresses, which differ where setarch may not fix them, so that a
# single round would be a throw of the dice on somebody else's machine.
#
# usage: fuzz.sh TARGET RUNS FLOOR SEEDS

target=$1 runs=$2 floor=$3 seeds=$4
program=$PWD/build/test/bin/$target.fuzz
work=build/test/fuzz/$target
log=$work/log
[ -d "$seeds" ] && seeds=$PWD/$seeds || seeds=

mkdir -p "$work/corpus"
# A slice must not depend on what earlier ones found.
[ "$LONG" ] || { rm -rf "$work/corpus"; mkdir "$work/corpus"; }
cd "$work" || exit 1
# Addresses enter into what the fuzzer thinks is new: the same ones each time.
fixed=$(setarch -R true 2>/dev/null && echo setarch -R)

# fuzz_round ARGUMENTS...: sets status, edges and lack
fuzz_round() {
	$fixed "$program" "$@" -print_final_stats=1 -artifact_prefix=./ corpus $seeds >log 2>&1 </dev/null
	status=$?
	[ "$LONG" ] && cat fuzz-*.log >>log 2>/dev/null
	# Lines of libFuzzer: "#1000 DONE cov: 123 ft: ...".
	edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' log | sort -n | tail -n 1)
	lack=
	[ "${edges:-0}" -ge "$floor" ] || lack="reached ${edges:-0} edges, recorded floor is $floor"
	grep -q '^canary not found' log && lack="canary not found"
}

if [ "$LONG" ]; then
	fuzz_round -max_total_time="$LONG" -jobs="$(nproc)" -workers="$(nproc)"
else
	for seed in 1 2 3 4 5; do
		fuzz_round -runs="$runs" -seed=$seed -reload=0
		[ $status = 0 ] && [ "$lack" ] || break
	done
fi

if [ $status != 0 ]; then
	grep -E -m 20 'ERROR|SUMMARY|runtime error|^ *#[0-9]+ 0x|Test unit written' log
	echo "FAIL fuzz.$target: ended with status $status, see $log"
elif [ "$lack" ]; then
	echo "FAIL fuzz.$target: $lack, see $log"
else
	echo "edges $target $edges"
	echo "ok fuzz.$target"
fi
