# SPDX-License-Identifier: BSD-2-Clause
#
# Run a fuzzer for a fixed number of runs from its seeds, always the same way,
# and fail if it crashes or reaches fewer edges than recorded. With LONG=seconds
# run that long on all CPUs and keep the inputs found.
#
# usage: fuzz.sh TARGET RUNS FLOOR SEEDS

target=$1 runs=$2 floor=$3 seeds=$4
program=$PWD/build/test/bin/$target.fuzz
work=build/test/fuzz/$target
log=$work/log
[ -d "$seeds" ] && seeds=$PWD/$seeds || seeds=

mkdir -p "$work/corpus"
if [ "$LONG" ]; then
	set -- -max_total_time="$LONG" -jobs="$(nproc)" -workers="$(nproc)"
else
	# A slice must not depend on what earlier ones found.
	rm -rf "$work/corpus"
	mkdir "$work/corpus"
	set -- -runs="$runs" -seed=1 -reload=0
fi

cd "$work" || exit 1
# Addresses enter into what the fuzzer thinks is new: the same ones each time.
$(setarch -R true 2>/dev/null && echo setarch -R) "$program" "$@" -print_final_stats=1 -artifact_prefix=./ corpus $seeds >log 2>&1 </dev/null
status=$?
[ "$LONG" ] && cat fuzz-*.log >>log 2>/dev/null

# Lines of libFuzzer: "#1000 DONE cov: 123 ft: ...".
edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' log | sort -n | tail -n 1)
if [ $status != 0 ]; then
	grep -E -m 20 'ERROR|SUMMARY|runtime error|^ *#[0-9]+ 0x|Test unit written' log
	echo "FAIL fuzz.$target: ended with status $status, see $log"
elif [ "${edges:-0}" -lt "$floor" ]; then
	echo "FAIL fuzz.$target: reached ${edges:-0} edges, recorded floor is $floor"
else
	echo "edges $target $edges"
	echo "ok fuzz.$target"
fi
