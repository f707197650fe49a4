# SPDX-License-Identifier: BSD-2-Clause
#
# within_limit SUITE CASE NAME FILE: FILE holds a line per sin; there may be as
# many as tool/check/limits allows for NAME, and that number may only fall.

within_limit() {
	count=$(grep -c . "$4")
	limit=$(awk -v name="$3" '$1 == name { print $2 }' tool/check/limits)
	if [ "$count" -gt "$limit" ]; then
		head -n 40 "$4"
		echo "FAIL $1.$2: $count, the limit is $limit"
	else
		[ "$count" -lt "$limit" ] &&
			echo "note: $1.$2: only $count; lower '$3' in tool/check/limits"
		echo "ok $1.$2"
	fi
}
