#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Random interfaces: generated code compiles without a warning and its fuzz
# target finds nothing. RANDOM_SEEDS="from to" tries others.

SUITE=rpc_random
. tool/rpc/test/lib.sh

INC="-I$TEST -I$TEST/fake $ABI"
FUZZ="clang $WARN -O1 $SAN"

# try SEED: everything about one interface, below $dir
try() {
	awk -v name=random -v seed="$1" -f $TEST/random.awk >"$dir/random.rpc" || return 1
	"$RPC" --record "$dir/random.rpc" --out "$dir" --status $STATUS || return 1
	# shellcheck disable=SC2086
	{
		gcc $WARN -O2 -fkeep-inline-functions -I"$dir" $INC -c "$dir/random_fuzz.c" \
			-o "$dir/random.o" || return 1
		$FUZZ -fsanitize=fuzzer -I"$dir" $INC "$dir/random_fuzz.c" "$OUT/host_fuzz.o" \
			"$OUT/host_runtime.o" -o "$dir/fuzz" || return 1
	}
	(cd "$dir" && ./fuzz -runs=20000 -seed=1 -max_len=640 -len_control=0)
}

for object in host_fuzz host_runtime; do
	# shellcheck disable=SC2086
	$FUZZ -fsanitize=fuzzer-no-link $INC -c $TEST/$object.c -o "$OUT/$object.o" ||
		fail build "$object.c does not compile"
done

# shellcheck disable=SC2086
for seed in $(seq ${RANDOM_SEEDS:-1 4}); do
	dir=$OUT/$seed
	mkdir -p "$dir"
	expect "seed_$seed" try "$seed"
done

exit $FAILED
