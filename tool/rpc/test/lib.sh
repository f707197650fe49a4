# SPDX-License-Identifier: BSD-2-Clause
#
# Common part of the check scripts, which run from the root of the tree:
# SUITE=<suite>; . tool/rpc/test/lib.sh


BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
OUT=$BUILD/check/$SUITE
RPC=$BUILD/check/rpc_tool/rpc
TEST=tool/rpc/test
STATUS=kernel/abi/by/status.h
WARN='-std=gnu11 -g -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
      -Wmissing-prototypes -Werror'
SAN='-fsanitize=address,undefined -fno-sanitize-recover=all'
ABI='-Ikernel/abi -Ikernel/abi/arch/x86_64 -Ibase/include'
FAILED=0

# A sanitizer that strikes must not look like a refusal, which is 1.
export ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99 LSAN_OPTIONS=exitcode=99

rm -rf "$OUT"
mkdir -p "$OUT" "${RPC%/*}"

# pass CASE
pass() {
	echo "ok $SUITE.$1"
}

# fail CASE WHY
fail() {
	echo "FAIL $SUITE.$1: $2"
	FAILED=1
}

# expect CASE COMMAND...: pass if the command succeeds
expect() {
	expect_case=$1
	shift
	if "$@" >"$OUT/$expect_case.log" 2>&1; then
		pass "$expect_case"
	else
		fail "$expect_case" "$(grep -m1 . "$OUT/$expect_case.log" || echo "'$*'")"
	fi
}

# refuse CASE COMMAND...: pass if the command exits with 1, as after a mistake
refuse() {
	refuse_case=$1
	shift
	"$@" >"$OUT/$refuse_case.log" 2>&1
	if [ $? -eq 1 ]; then
		pass "$refuse_case"
	else
		fail "$refuse_case" "'$*' was accepted"
	fi
}

# The generator itself runs under sanitizers, too. Parallel scripts may build it
# at the same time; the last one wins.
if [ ! -x "$RPC" ] || [ -n "$(find tool/rpc -maxdepth 1 -name '*.[ch]' -newer "$RPC")" ]; then
	# shellcheck disable=SC2086
	gcc $WARN -O1 $SAN tool/rpc/*.c -o "$RPC.$$" && mv "$RPC.$$" "$RPC" || {
		fail build "the generator does not compile"
		exit 1
	}
fi

# generate DIR: the examples, below DIR, from copies with a fresh ABI record
generate() {
	mkdir -p "$1/source"
	cp $TEST/example/*.rpc $TEST/example/*.abi "$1/source"
	for generate_file in "$1"/source/*.rpc; do
		"$RPC" --record "$generate_file" --out "$1" --status $STATUS || return 1
	done
}
