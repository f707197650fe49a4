# SPDX-License-Identifier: BSD-2-Clause
#
# Examples in READMEs must not rot: what stands between "```hid" and "```" in the
# README.md of a component that has a config.hsd must match this schema. What README.md
# and the pages in doc/ tell people to run by make, and where they link to, exists.

work=build/test/readme
mkdir -p $work
found=
for schema in $(find repos -name config.hsd 2>/dev/null); do
	dir=${schema%/config.hsd}
	[ -f "$dir/README.md" ] || continue
	rm -f $work/*.hid
	awk -v work=$work '
		/^```hid/ { number++; inside = 1; next }
		/^```/    { inside = 0 }
		inside    { print > (work "/" number ".hid") }' "$dir/README.md"
	for example in $work/*.hid; do
		[ -f "$example" ] || continue
		found=1
		name=$(basename "$dir").$(basename "$example" .hid)
		if build/host/hid check --schema "$schema" "$example" >$work/log 2>&1; then
			echo "ok readme.$name"
		else
			cat $work/log
			echo "FAIL readme.$name: example in $dir/README.md does not match its schema"
		fi
	done
done
[ "$found" ] || echo "ok readme.none"

pages="README.md $(find doc -name '*.md' | sort | tr '\n' ' ')"

# Goals behind "make", in commands and in the text; those with a pattern or a word in
# capitals stand for many.
# shellcheck disable=SC2086
grep -ohE '(^    |`)make [a-z]+(/[a-z0-9_-]+)?($|[ `])' $pages |
	sed 's/.*make //; s/[ `]$//' | sort -u >$work/goals
make -f tool/mk/host.mk list >$work/list 2>/dev/null
while read -r goal; do
	name=${goal#*/}
	case $goal in
	*/*) grep -qx "  $name" $work/list || case $goal in
		run/x | run/try | check/x | unit/x | image/x) ;;
		new/component | new/session) ;;
		*) echo "there is no 'make $goal'" ;;
		esac ;;
	*) grep -qE "^(.PHONY:.* |)$goal( |:|\$)" Makefile || echo "there is no 'make $goal'" ;;
	esac
done <$work/goals >$work/missing
# shellcheck disable=SC2086
for page in $pages; do
	grep -oE '\]\([^)#]+' $page | sed 's/^..//' | while read -r link; do
		[ -e "$(dirname $page)/$link" ] || echo "$page links to $link, which is not there"
	done
done >>$work/missing
if [ -s $work/missing ]; then
	cat $work/missing
	echo "FAIL readme.commands: see above"
elif [ "$(wc -l <$work/goals)" -lt 10 ]; then
	echo "FAIL readme.commands: only $(wc -l <$work/goals) commands were seen"
else
	echo "ok readme.commands"
fi
