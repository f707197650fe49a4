#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# The ring between two threads under ThreadSanitizer: silent as it is, and
# reported once acquire or release is weakened, so that silence means something.
#
# usage: threads.sh, from the root of the tree

work=${BUILD:-build}/check/ring-threads
mkdir -p "$work/by" || exit 1

# run NAME SED_RING_H SED_RING_C ELEMENTS
run()
{
	sed "$2" base/include/by/ring.h >"$work/by/ring.h"
	sed "$3" base/lib/ring.c >"$work/ring.c"
	clang -std=gnu11 -O1 -g -fsanitize=thread -I"$work" -Ikernel/abi -Ibase/include \
		-o "$work/$1" base/test/ring/threads.c "$work/ring.c" -pthread &&
	TSAN_OPTIONS=halt_on_error=1 "$work/$1" "$4" >"$work/$1.log" 2>&1
}

if run plain '' '' 50000; then
	cat "$work/plain.log"
else
	echo "FAIL ring-threads.run: see $work/plain.log"
fi

caught()
{
	if grep -q 'WARNING: ThreadSanitizer: data race' "$work/$1.log"; then
		echo "ok ring-threads.$1"
	else
		echo "FAIL ring-threads.$1: not caught"
	fi
}

run weak-release 's/by_atomic_store_release(/by_atomic_store_relaxed(/' '' 5000
caught weak-release
run weak-acquire '' 's/by_atomic_load_acquire(/by_atomic_load_relaxed(/' 5000
caught weak-acquire
