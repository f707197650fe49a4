#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# A slice of fuzzing for generated code: dispatchers with their generated
# targets, one of them against a decoder written by hand, and clients against a
# lying server. Each must reach its floor of edges and find the canary deep inside
# within the same number of rounds.

SUITE=rpc_fuzz
. tool/rpc/test/lib.sh
. tool/check/rounds.sh

generate "$OUT/gen" || { fail generate "the examples are refused"; exit 1; }

INC="-I$TEST -I$TEST/fake -I$OUT/gen $ABI"
RUNS=60000

# object NAME SOURCE FLAGS...
object() {
	object_name=$1 object_source=$2
	shift 2
	# shellcheck disable=SC2086
	clang $WARN -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
		"$@" $INC -c "$object_source" -o "$OUT/$object_name.o" 2>"$OUT/$object_name.log" ||
		fail "$object_name" "does not compile: $(grep -m1 error: "$OUT/$object_name.log")"
}

# link NAME OBJECT.o...
link() {
	link_name=$1
	shift
	(cd "$OUT" && clang -fsanitize=fuzzer,address,undefined "$@" -o "$link_name") \
		>"$OUT/$link_name.log" 2>&1 || fail "$link_name" "does not link"
}

# slice NAME FLOOR: leaves the log in NAME.run
slice() {
	mkdir -p "$OUT/$1.work"
	fuzz_rounds "$OUT/$1.run" "$2" "$OUT/$1" -runs=$RUNS -max_len=640 -len_control=0 \
		-artifact_prefix="$OUT/$1.work/" "$OUT/$1.work"
	if [ $status != 0 ]; then
		fail "$1" "$(grep -m1 -E '^(fuzz|host|differential|reply):|ERROR|runtime error' "$OUT/$1.run")"
	elif [ "$lack" ]; then
		fail "$1" "$lack"
	else
		echo "edges $1 $edges"
		pass "$1"
	fi
}

object runtime $TEST/host_runtime.c
object host_fuzz $TEST/host_fuzz.c

while read -r name floor; do
	object "$name" "$OUT/gen/${name}_fuzz.c"
	link "dispatch_$name" "$name.o" host_fuzz.o runtime.o
	slice "dispatch_$name" "$floor"
done <<-END
	counter 260
	mixed 310
	names 222
	region_map 185
	empty 75
END

object differential $TEST/differential_fuzz.c
link differential differential.o runtime.o
slice differential 215

object reply $TEST/reply_fuzz.c
link reply reply.o runtime.o
slice reply 210

# The same with the words of a 32-bit machine.
object narrow_runtime $TEST/host_runtime.c -I$TEST/narrow
object narrow_host_fuzz $TEST/host_fuzz.c -I$TEST/narrow
object narrow_mixed "$OUT/gen/mixed_fuzz.c" -I$TEST/narrow
link narrow_dispatch narrow_mixed.o narrow_host_fuzz.o narrow_runtime.o
slice narrow_dispatch 310
object narrow_differential $TEST/differential_fuzz.c -I$TEST/narrow
link narrow_differential narrow_differential.o narrow_runtime.o
slice narrow_differential 215

exit $FAILED
