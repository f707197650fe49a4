# SPDX-License-Identifier: BSD-2-Clause
#
# What doc/api.md tells a newcomer to do works: a repository elsewhere with one component,
# made of what the page shows, and a scenario that runs it.

page=doc/api.md
my=build/test/api_try/my
rm -rf build/test/api_try
mkdir -p $my/src/app/try $my/run

awk -v main=$my/src/app/try/main.c -v script=$my/run/try.run -v mk=$my/src/app/try/component.mk '
	/^```c .*first\/main.c$/ { inside = 1; next }
	/^```/                   { inside = 0 }
	inside                   { print >main }
	$1 ~ /try\/component.mk$/ { sub(/.*component.mk */, ""); print >mk }
	/^    build \{ nursery/  { copy = 1 }
	copy && !/^    /         { copy = 0 }
	copy                     { print >script }' $page

if env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS PREBUILT= make run/try BOARD=pc_x86_64 REPOS="$PWD/$my" \
	>build/test/api_try/log 2>&1; then
	echo "ok api_try.runs"
else
	tail -n 20 build/test/api_try/log
	echo "FAIL api_try.runs: the example of $page"
fi
