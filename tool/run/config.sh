# SPDX-License-Identifier: BSD-2-Clause
#
# Check the configuration of a component, and those of the children in it, against the
# schemas of their components; and so on, for children that are parents again. Of several
# schemas for a name the first counts.
#
# usage: config.sh FILE COMPONENT DIRECTORY NAME=SCHEMA...

schema_of() {
	for pair in $schemas; do
		[ "${pair%%=*}" = "$1" ] && echo "${pair#*=}" && return
	done
}

# check FILE COMPONENT DIRECTORY
check() (
	schema=$(schema_of "$2")
	if ! build/host/hid check ${schema:+--schema "$schema"} "$1"; then
		echo "$1 is no configuration for '$2'${schema:+, see $schema}" >&2
		exit 1
	fi
	rm -rf "$3"
	mkdir -p "$3"
	awk -v dir="$3" -f tool/run/config.awk "$1" >"$3/list"
	while read -r component number name; do
		check "$3/$number.hid" "$component" "$3/$number" || exit 1
	done <"$3/list"
)

file=$1 top=$2 dir=$3
shift 3
schemas=$*
check "$file" "$top" "$dir"
