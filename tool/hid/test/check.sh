#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Let 'hid check' judge the documents of *.cases and compare what it says, line by
# line. Then: every message in the tool's source must have been said; formatting,
# queries, the schema of schemas and the examples of doc/hid.md.
#
# usage: check.sh HID, from the root of the tree

hid=$1
here=tool/hid/test
work=${BUILD:-build}/check/hid
mkdir -p "$work" && rm -f "$work"/* || exit 1
export LC_ALL=C

verdict()
{
	if [ "$2" = 0 ]; then
		echo "ok hid-tool.$1"
	else
		echo "FAIL hid-tool.$1: $3"
	fi
}

# split CASES PREFIX: write <name>.hsd, <name>.hid and <name>.expected
split()
{
	awk -v out="$work/$2" '
		function put(file) {
			gsub(/<TAB>/, "\t"); gsub(/<CR>/, "\r"); gsub(/<01>/, "\001")
			gsub(/<FF>/, "\377"); gsub(/<C1>/, "\302\205")
			print >file
		}
		/^== / { name = $2; part = ".hid"; n = 0; print name
		         printf "" >(out name ".expected"); printf "" >(out name ".hid"); next }
		/^\+\+$/ { system("mv " out name ".hid " out name ".hsd"); close(out name ".hid"); next }
		/^--$/ { part = ".expected"; next }
		/^$/ && part == ".expected" { next }
		name == "" { next }
		{ put(out name part); fflush() }' "$1"
}

# judge NAME ARGUMENTS...: compare what is said, without the name of the file.
judge()
{
	name=$1
	shift
	"$hid" check "$@" >"$work/$name.out" 2>&1
	status=$?
	sed 's/^[^:]*://' "$work/$name.out" >"$work/$name.said"
	wanted=0
	[ -s "$work/$name.expected" ] && wanted=1
	if [ $status != $wanted ]; then
		verdict "$name" 1 "ended with $status"
	else
		why=$(diff "$work/$name.expected" "$work/$name.said" | sed -n 2p)
		verdict "$name" "${#why}" "$why"
	fi
}

for name in $(split $here/syntax.cases syntax-); do
	judge "syntax-$name" "$work/syntax-$name.hid"
done

for name in $(split $here/schema.cases schema-); do
	name=schema-$name
	if [ -f "$work/$name.hsd" ]; then
		judge "$name" --schema "$work/$name.hsd" "$work/$name.hid"
	else
		mv "$work/$name.hid" "$work/$name.hsd"
		judge "$name" "$work/$name.hsd"
	fi
done

# A document is judged with a broken schema: only the schema is blamed.
printf 'schema\n' >"$work/broken.hsd"
printf 'config\n-\n' >"$work/fine.hid"
"$hid" check --schema "$work/broken.hsd" "$work/fine.hid" 2>"$work/broken.out"
verdict broken-schema "$(grep -vc '^[^:]*broken.hsd:1:1: incomplete' "$work/broken.out")" \
	"$(cat "$work/broken.out")"

# Each message of the source is expected somewhere above.
cat tool/hid/parse.c tool/hid/schema.c | tr -d '\n\t' | sed 's/" *"//g' |
	grep -o 'mistake([^"]*"[^"]*"' | sed 's/^[^"]*"//; s/"$//' | grep -vx "%s:%u:%u: " | sort -u >"$work/messages"
cat "$work"/*.expected "$work/broken.out" >"$work/all"
while IFS= read -r message; do
	regex=$(printf '%s\n' "$message" |
	        sed 's/[][*.^$]/\\&/g; s/%\\\.\\\*s/.*/g; s/%[0-9]*[a-zX]/.*/g')
	grep -q ": $regex\$" "$work/all"
	[ $? = 0 ] || verdict messages 1 "no example for: $message"
done <"$work/messages"
verdict messages 0

# Formatting: what comes out is right, means the same and does not change again.
"$hid" format $here/ugly.hid >"$work/pretty.hid" 2>&1 &&
	diff $here/pretty.hid "$work/pretty.hid" >"$work/format.diff"
verdict format $? "see $work/format.diff"
"$hid" format $here/pretty.hid | diff $here/pretty.hid - >"$work/format.diff"
verdict format-again $? "see $work/format.diff"
printf 'c\n     + a\n   t: 1\n-\n' >"$work/late.hid"
"$hid" format "$work/late.hid" 2>&1 | grep -q 'late.hid:1:1: cannot be formatted'
verdict format-refused $? "moved an attribute to another node"

# Queries.
get()
{
	[ "$("$hid" get $here/pretty.hid "$1" | tr '\n' ',')" = "$2" ]
	verdict "get-$3" $? "'$1' did not give '$2'"
}
get 'config | : verbose'                           'yes,'         top
get 'config | + start | : name'                    'editor,shell,' all
get 'config | + start shell | : caps'              '50,'          named
get 'config | + start | + route | + service | : name' 'Terminal,ROM,' deep
get 'config | + start | : nothing'                 ''             nothing
get 'report | : verbose'                           ''             other

# What doc/hid.md shows: documents, and schemas beside them.
awk -v out="$work/doc-" '
	/^```hid/ { name = $2; n++; next }
	/^```/    { name = ""; next }
	name != "" { print >(out name) }' doc/hid.md
for file in "$work"/doc-*; do
	"$hid" check "$file" >"$file.said" 2>&1
	verdict "$(basename "$file" | tr . -)" $? "$(head -n 1 "$file.said")"
done
"$hid" check --schema "$work/doc-demo.hsd" "$work/doc-demo.hid" >"$work/demo.said" 2>&1
verdict doc-demo-schema $? "$(head -n 1 "$work/demo.said")"
sed -n 's/^\t"\(.*\)\\n";*$/\1/p' tool/hid/schema.c | diff - "$work/doc-schema.hsd" >"$work/self.diff"
verdict doc-schema $? "doc/hid.md and tool/hid/schema.c differ"
"$hid" check --schema "$work/doc-schema.hsd" "$work/doc-schema.hsd" >"$work/self.said" 2>&1
verdict schema-of-schemas $? "$(head -n 1 "$work/self.said")"
