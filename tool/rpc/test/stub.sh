#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Round trips through generated stubs and dispatchers (stub_test.c): both
# compilers with sanitizers, words of 32 bits, a 32-bit machine (as far as an x86_64
# runs its programs), opaque statuses, and clang's memory sanitizer, which sees
# undefined bytes in messages.

SUITE=rpc_stub
. tool/rpc/test/lib.sh

generate "$OUT/gen" || { fail generate "the examples are refused"; exit 1; }

INC="-I$TEST -I$TEST/fake -I$OUT/gen $ABI -Itool/unit"

# run VARIANT COMPILER FLAGS...: cases get the name of the variant behind
run() {
	variant=$1 compiler=$2
	shift 2
	# shellcheck disable=SC2086
	if ! $compiler $WARN "$@" $INC $TEST/stub_test.c $TEST/host_runtime.c tool/unit/unit.c \
		-o "$OUT/$variant" 2>"$OUT/$variant.log"; then
		fail "$variant" "does not compile, see $OUT/$variant.log"
		return
	fi
	"$OUT/$variant" >"$OUT/$variant.out" 2>>"$OUT/$variant.log"
	status=$?
	sed "s/^ok [^ ]*/&_$variant/; s/^\(FAIL [^:]*\):/\1_$variant:/" "$OUT/$variant.out"
	if [ $status -ne 0 ]; then
		fail "$variant" "ended with status $status: $(tail -n 1 "$OUT/$variant.log")"
	fi
}

# shellcheck disable=SC2086
{
	run gcc gcc -O1 $SAN
	run gcc_narrow gcc -O1 $SAN -I$TEST/narrow
	run i686 'i686-linux-gnu-gcc -static' -O1 -fsanitize=undefined -fsanitize-undefined-trap-on-error
	run clang_checked clang -O1 $SAN -DBY_CHECKED_STATUS
	run clang_memory clang -O1 -fsanitize=memory
}

exit $FAILED
