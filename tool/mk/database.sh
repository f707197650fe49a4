# SPDX-License-Identifier: BSD-2-Clause
#
# Join the entries that compiling leaves beside the objects into the
# compile_commands.json that editors and clang tools read. Nothing to do unless
# one is newer.
#
# usage: database.sh DIRECTORY...

result=compile_commands.json
if [ -f $result ] && [ -z "$(find "$@" -name '*.o.json' -newer $result | head -n 1)" ]; then
	exit 0
fi

# Entries of sources that are gone stay behind: leave them out.
find "$@" -name '*.o.json' | sort | xargs cat | awk -F '"' '
	BEGIN { printf "[" }
	(getline line < $8) >= 0 { printf "%s\n%s", count++ ? "," : "", $0; close($8) }
	END { print "\n]" }' >$result.new && mv $result.new $result
