# SPDX-License-Identifier: BSD-2-Clause
#
# Examples in READMEs must not rot: what stands between "```hid" and "```" in the
# README.md of a component that has a config.hsd must match this schema.

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
