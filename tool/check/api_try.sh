# SPDX-License-Identifier: BSD-2-Clause
#
# What doc/api.md tells a newcomer to do works: a repository elsewhere with one component,
# made of what the page shows, and a scenario that runs it. So do the scenarios that
# doc/run.md shows.

page=doc/api.md
my=build/test/api_try/my
rm -rf build/test/api_try
mkdir -p $my/src/app/try $my/run

awk -v main=$my/src/app/try/main.c -v script=$my/run/try.run -v mk=$my/src/app/try/component.mk '
	/^```c .*first\/main.c$/ { inside = 1; next }
	/^```/                   { inside = 0 }
	inside                   { print >main }
	$1 ~ /try\/component.mk$/ { sub(/.*component.mk */, ""); print >mk }
	/^    build \{ init /  { copy = 1 }
	copy && !/^    /         { copy = 0 }
	copy                     { print >script }' $page

# example SECTION: the first example in it
example() {
	awk -v section="## $1" '
		/^## /          { inside = $0 == section }
		!inside         { next }
		sub(/^    /, "") { seen = 1; print; next }
		seen && /./     { exit }
		seen            { print }' doc/run.md
}
example "A scenario" >$my/run/shown.run
example "Batch scenarios" >$my/run/shown_batch.run

# try SCENARIO CASE PAGE
try() {
	if env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS PREBUILT= make "run/$1" BOARD=pc_x86_64 \
		REPOS="$PWD/$my" >"build/test/api_try/$1" 2>&1; then
		echo "ok api_try.$2"
	else
		tail -n 20 "build/test/api_try/$1"
		echo "FAIL api_try.$2: the example of $3"
	fi
}
try try runs $page
try shown scenario doc/run.md
try shown_batch batch doc/run.md
