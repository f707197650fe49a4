#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Each wrong example gives exactly the errors that it announces in lines
# "#! line:column text" (with "abi" behind "#!": in its ABI file), and each
# diagnostic of the generator has an example of its name.

SUITE=rpc_wrong
. tool/rpc/test/lib.sh

cp -r $TEST/wrong "$OUT/wrong"
awk 'BEGIN { for (i = 0; i < 5000; i++) print "# as long as this" }' >"$OUT/long"
printf '%s\n' 'session too_large' '#! 1:1 the file is larger than 64 KiB' |
	cat - "$OUT/long" >"$OUT/wrong/too_large.rpc"
printf '%s\n' 'session abi_too_large' '#! abi 1:1 the file is larger than 64 KiB' \
	>"$OUT/wrong/abi_too_large.rpc"
cp "$OUT/long" "$OUT/wrong/abi_too_large.rpc.abi"

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

# Each place in the generator that reports a mistake is reached by some example: the
# examples once more, with counters. A '*' behind one is a line of which some part never
# ran, such as what stands behind "||".
mkdir sites && cd sites || exit 1
# shellcheck disable=SC2086
gcc $WARN -O0 --coverage "$root"/tool/rpc/*.c -o rpc || fail sites "does not compile"
for file in ../*.rpc; do
	(cd .. && sites/rpc "${file#../}" --out sites/out --status "$root/$STATUS") 2>>log
done
gcov -t ./*.gcda 2>/dev/null | awk -F: '
	$2 + 0 == 0 && $3 == "Source" { file = $4; sub(".*/", "", file) }
	/DIAGNOSTIC_|expected\(|wrong_character\(|note_new\(/ && !/static|X\(|#define/ {
		count = $1
		gsub(" ", "", count)
		print file ":" $2 + 0, count
	}' >places
grep -v ' [0-9]*$' places >missed
while read -r place count; do
	fail sites "$place: no example gets there"
done <missed
[ "$(wc -l <places)" -gt 50 ] && [ ! -s missed ] && pass sites

exit $FAILED
