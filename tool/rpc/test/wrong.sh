#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Each wrong example gives exactly the errors that it announces in lines
# "#! line:column text" (with "abi" behind "#!": in its ABI file), and each
# diagnostic of the generator has an example of its name.

SUITE=rpc_wrong
. tool/rpc/test/lib.sh

cp -r $TEST/wrong "$OUT/wrong"
{
	echo 'session too_large'
	echo '#! 1:1 the file is larger than 64 KiB'
	awk 'BEGIN { for (i = 0; i < 5000; i++) print "# as long as this" }'
} >"$OUT/wrong/too_large.rpc"

# announced NAME: the output that the example announces
announced() {
	sed -n "s|^#! abi \([0-9:]*\) |$1.rpc.abi:\1: error: |p
	        s|^#! \([0-9:]*\) |$1.rpc:\1: error: |p" "$1.rpc"
}

# matches PATTERN FILE: whether a line of the file is this diagnostic
matches() {
	while IFS= read -r line; do
		# shellcheck disable=SC2254
		case ${line#*: error: } in
		$1) return 0 ;;
		esac
	done <"$2"
	return 1
}

root=$PWD
cd "$OUT/wrong" || exit 1

for file in *.rpc; do
	name=${file%.rpc}
	announced "$name" >expected
	cp "$name.rpc.abi" before 2>/dev/null || : >before
	"$RPC" "$file" --out out --status "$root/$STATUS" 2>actual
	exit=$?
	if [ $exit -ne 1 ]; then
		fail "$name" "exit status is $exit"
	elif ! cmp -s expected actual; then
		fail "$name" "$(diff expected actual | grep -m1 '^[<>]')"
	elif [ -e out ]; then
		fail "$name" "something was written"
	else
		pass "$name"
	fi
done

# The text of each diagnostic as a pattern of the shell.
{
	echo "#include \"$root/tool/rpc/diagnostics.h\""
	echo '#define ROW(name, text) @name text'
	echo 'RPC_DIAGNOSTICS(ROW)'
} | gcc -E -P -x c - | tr '@' '\n' | grep '"' |
	sed 's/" *"//g; s/"\(.*\)".*/\1/; s/[][*?\\]/\\&/g; s/%[.0-9]*[su]/*/g' >patterns

while read -r name pattern; do
	if [ ! -e "$name.rpc" ]; then
		fail "has_$name" "no example"
	else
		announced "$name" >expected
		if matches "$pattern" expected; then
			pass "has_$name"
		else
			fail "has_$name" "the example shows something else"
		fi
	fi
done <patterns

[ "$(wc -l <patterns)" -gt 30 ] || fail patterns "the table was not read"

exit $FAILED
