# SPDX-License-Identifier: BSD-2-Clause
#
# Run a fuzzer from its seeds until it has found its canary and reached the edges
# recorded (see rounds.sh). It fails if it crashes, or if it still lacks one of them
# after the last round. With LONG=seconds run that long on all CPUs and keep the
# inputs found.
#
# usage: fuzz.sh TARGET RUNS FLOOR SEEDS

target=$1 runs=$2 floor=$3 seeds=$4
program=$PWD/build/test/bin/$target.fuzz
work=build/test/fuzz/$target
log=$work/log
[ -d "$seeds" ] && seeds=$PWD/$seeds || seeds=

. tool/check/rounds.sh

mkdir -p "$work/corpus"
# A slice must not depend on what earlier ones found.
[ "$LONG" ] || { rm -rf "$work/corpus"; mkdir "$work/corpus"; }
cd "$work" || exit 1
set -- "$program" -print_final_stats=1 -artifact_prefix=./ corpus $seeds
if [ "$LONG" ]; then
	$FUZZ_FIXED "$@" -max_total_time="$LONG" -jobs="$(nproc)" -workers="$(nproc)" \
		>log 2>&1 </dev/null
	status=$?
	cat fuzz-*.log >>log 2>/dev/null
	fuzz_judge log "$floor"
else
	fuzz_rounds log "$floor" "$@" -runs="$runs"
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
