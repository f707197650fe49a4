#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# What the generator writes, and when it does not.

SUITE=rpc_output
. tool/rpc/test/lib.sh

mkdir "$OUT/source"
cp $TEST/example/counter.rpc $TEST/example/counter.rpc.abi "$OUT/source"
FILE=$OUT/source/counter.rpc
"$RPC" --record "$FILE" --status $STATUS || fail record "the example is refused"

# run DIR
run() {
	"$RPC" "$FILE" --out "$1" --status $STATUS
}

files() {
	(cd "$1" && find . -type f | sort)
}

# same_tree DIR DIR
same_tree() {
	diff -r "$1" "$2"
}

# untouched: whether no file is newer than the mark
untouched() {
	[ -z "$(find "$OUT/one" -type f -newer "$OUT/mark")" ]
}

expect first run "$OUT/one"
files "$OUT/one" >"$OUT/list"
printf './by/session/counter.h\n./by/session/counter_server.h\n./counter.txt\n./counter_fuzz.c\n' >"$OUT/right"
expect files cmp "$OUT/list" "$OUT/right"
expect second run "$OUT/deep/er/two"
expect deterministic same_tree "$OUT/one" "$OUT/deep/er/two"

find "$OUT/one" -type f -exec touch -d '2001-01-01' {} +
touch -d '2002-01-01' "$OUT/mark"
expect again run "$OUT/one"
expect same_is_untouched untouched
echo >>"$OUT/one/counter.txt"
touch -d '2001-01-01' "$OUT/one/counter.txt"
expect repair run "$OUT/one"
expect repaired same_tree "$OUT/one" "$OUT/deep/er/two"
[ "$(find "$OUT/one" -type f -newer "$OUT/mark")" = "$OUT/one/counter.txt" ]
expect only_changed_is_written test $? -eq 0

# Another place, same content: no path gets in.
refuse no_absolute_path grep -rq -e "$OUT" -e /work -e /home -e "$PWD" "$OUT/one"
mkdir -p "$OUT/else/where"
cp "$OUT"/source/* "$OUT/else/where"
(cd "$OUT/else/where" && "$RPC" counter.rpc --out ../out --status "$OLDPWD/$STATUS") 2>"$OUT/else.log"
expect elsewhere same_tree "$OUT/one" "$OUT/else/out"

# As large as may be: a comment of no declaration takes what is left of 64 KiB.
mkdir "$OUT/large"
cp "$OUT"/source/* "$OUT/large"
size=$(wc -c <"$FILE")
{ printf '\n#'; head -c $((65536 - size - 2)) /dev/zero | tr '\0' x; } >>"$OUT/large/counter.rpc"
expect largest "$RPC" "$OUT/large/counter.rpc" --out "$OUT/largest" --status $STATUS
expect largest_same same_tree "$OUT/one" "$OUT/largest"

# After a mistake nothing is written, not even what would be right.
echo 'call wrong n: nothing' >>"$FILE"
refuse mistake run "$OUT/three"
refuse nothing_written test -e "$OUT/three"
refuse mistake_keeps run "$OUT/one"
expect kept same_tree "$OUT/one" "$OUT/deep/er/two"

# Mistakes of the command line, and files that are not there.
usage() {
	"$RPC" "$@" >/dev/null 2>&1
	test $? -eq 2
}
expect usage usage
expect usage_option usage --frob
expect usage_out usage "$FILE" --out
expect usage_nothing usage "$FILE"
expect usage_two usage "$FILE" "$FILE" --out "$OUT/x"
expect usage_name usage "$OUT/list" --out "$OUT/x" --status $STATUS
refuse no_file "$RPC" "$OUT/none.rpc" --out "$OUT/x" --status $STATUS
refuse no_status "$RPC" "$FILE" --out "$OUT/x" --status "$OUT/none"
mkdir -p "$OUT/file"
echo >"$OUT/file/by"
refuse no_directory "$RPC" "$OUT/source/counter.rpc" --out "$OUT/file" --status $STATUS
cp "$OUT/else/where/counter.rpc" "$FILE"
refuse not_a_directory "$RPC" "$FILE" --out "$OUT/file" --status $STATUS

# The manual has every declaration and comment.
manual() {
	for manual_text in 'Add .n. and return the new total' 'call add n: u32 -> total: u64 ! denied limit' \
		'enum order | up | down' 'send note text: string<100>' 'opcode 2'; do
		grep -q "$manual_text" "$OUT/one/counter.txt" || { echo "$manual_text"; return 1; }
	done
}
expect manual manual

exit $FAILED
