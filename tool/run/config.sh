# SPDX-License-Identifier: BSD-2-Clause
#
# Check the configuration of a component, and those of the children in it, against the
# schemas of their components; and so on, for children that are parents again. Of several
# schemas for a name the first counts. Mistakes are told with the place where the user
# has written the line: MAP has "FILE LINE COLUMNS" for each line of FILE, where it comes from
# and how many columns stand before it there ('-': FILE is what the user has written).
#
# usage: config.sh FILE MAP COMPONENT DIRECTORY NAME=SCHEMA...

schema_of() {
	for pair in $schemas; do
		[ "${pair%%=*}" = "$1" ] && echo "${pair#*=}" && return
	done
}

# Messages "file:line:column: text" at the places that a map tells.
at_place() {
	awk -v file="$1" -v map="$2" '
		BEGIN {
			while (map != "-" && (getline text <map) > 0)
				place[++lines] = text
		}
		index($0, file ":") == 1 {
			rest = substr($0, length(file) + 2)
			if (split(rest, at, ":") > 2 && place[at[1] + 0]) {
				split(place[at[1] + 0], from, " ")
				print from[1] ":" from[2] ":" at[2] + from[3] \
				      substr(rest, length(at[1]) + length(at[2]) + 2)
				next
			}
		}
		{ print }'
}

# check FILE MAP COMPONENT DIRECTORY
check() (
	schema=$(schema_of "$3")
	mkdir -p "${4%/*}"
	if ! build/host/hid check ${schema:+--schema "$schema"} "$1" >"$4.log" 2>&1; then
		at_place "$1" "$2" <"$4.log" >&2
		echo "this is no configuration for '$3'${schema:+, see $schema}" >&2
		exit 1
	fi
	rm -rf "$4" "$4.log"
	mkdir -p "$4"
	awk -v dir="$4" -v map="$2" -f tool/run/config.awk "$1" >"$4/list"
	while read -r component number name; do
		check "$4/$number.hid" "$4/$number.map" "$component" "$4/$number" || exit 1
	done <"$4/list"
)

file=$1 map=$2 top=$3 dir=$4
shift 4
schemas=$*
check "$file" "$map" "$top" "$dir"
