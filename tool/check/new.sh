# SPDX-License-Identifier: BSD-2-Clause
#
# 'make new/component' and 'make new/session', and repositories outside the tree: what is
# made compiles in every way of building, keeps the rules of the tree, and runs at once on
# the standard boards, with a library of its own, from a path with unusual characters. Wrong
# names and places, and wrong REPOS, are told, and nothing is left behind.

. tool/check/boards.sh
work=$PWD/build/test/new
repo=$work/Größe+1,@^_-.x/mine
rm -rf "$work"
mkdir -p "$work"
unset NAME REPO REPOS PREBUILT MAKEFLAGS MAKELEVEL MFLAGS

# verdict CASE LOG: after a command
verdict() {
	if [ $? = 0 ]; then
		echo "ok new.$1"
	else
		tail -n 20 "$2"
		echo "FAIL new.$1: see above"
	fi
}

make_new() {
	$MAKE "$@" >"$work/out" 2>&1
}


# What is made

make_new new/component NAME=new_pebble REPO="$repo"
verdict component "$work/out"
make_new new/session NAME=new_brook REPOS="$repo" # which is the place then, too
verdict session "$work/out"

mkdir -p "$repo/lib/new_stone/include" "$repo/include"
echo 'SRC = stone.c' >"$repo/lib/new_stone/library.mk"
echo 'int new_stone(void);' >"$repo/lib/new_stone/include/new_stone.h"
echo '#define NEW_STONE 42' >"$repo/include/new_value.h"
printf '%s\n' '#include <new_stone.h>' '#include <new_value.h>' 'int new_stone(void)' '{ return NEW_STONE; }' \
	>"$repo/lib/new_stone/stone.c"
echo 'LIBS = new_stone' >>"$repo/src/app/new_brook_client/component.mk"
sed -i -e 's:^#include <by/session:#include <new_stone.h>\n&:' \
	-e 's:^	by_log("3 and 4:	by_log("stone\: %d", new_stone());\n&:' \
	"$repo/src/app/new_brook_client/main.c"

run() {
	$MAKE "run/$1" BOARD="$boards" REPOS="$repo" >"$work/$1" 2>&1 &&
		[ "$(grep -c "^passed: $1 on " "$work/$1")" = "$(echo "$boards" | wc -w)" ]
}

# Warnings are errors, so are what other ways of building make of status values.
objects() {
	way=$1
	shift
	$MAKE -f tool/mk/build.mk BOARD=pc_x86_64 REPOS="$repo" "$@" \
		"$way/x86_64/component/new_pebble/main.c.o" "$way/x86_64/component/new_brook/main.c.o" \
		"$way/x86_64/component/new_brook_client/main.c.o" >"$work/objects" 2>&1
}

boards=$(one_board_per_architecture | tr '\n' ' ')
run new_pebble
verdict component_runs "$work/new_pebble"
run new_brook && grep -q '^\[new_brook_client\] stone: 42' "$work/new_brook"
verdict session_runs "$work/new_brook"
objects build/clang CC_FAMILY=clang
verdict clang "$work/objects"
objects build/release RELEASE=1
verdict release "$work/objects"
objects build/status OUT=build/status EXTRA_CFLAGS=-DBY_CHECKED_STATUS
verdict status "$work/objects"
! grep -q new_pebble build/pc_x86_64/vars
verdict apart build/pc_x86_64/vars
! grep -l Größe build/*/component/new_*/*.o build/*/library/new_stone/*.o >"$work/out"
verdict path "$work/out" # where it lies does not show


# Without REPO it goes to repos/my; tried in another tree. There the rules hold for it.

tree=$work/tree
mkdir -p "$tree/build" "$tree/repos"
cp -r base core kernel "$tree"
for part in tool run build/host; do
	ln -s "$PWD/$part" "$tree/$part"
done
(
	cd "$tree" &&
		NAME=new_pebble sh tool/new/new.sh component && NAME=new_brook sh tool/new/new.sh session &&
		[ -f repos/my/src/server/new_brook/main.c ] && sh tool/check/docs.sh &&
		sh tool/check/layers.sh && sh tool/check/readme.sh
) >"$work/rules" 2>&1
! grep -E '^(FAIL (docs|layers)|FAIL readme.new)|: no (README|contract)' "$work/rules" &&
	grep -q '^ok readme.new_pebble.1' "$work/rules" && grep -q '^try it: make run/new_brook$' "$work/rules"
verdict rules "$work/rules"


# What cannot be: 'refuse CASE WORDS GOAL SETTING...'; nothing is left of it.

refuse() {
	case=$1 words=$2
	shift 2
	find "$work" build/new.* 2>/dev/null >"$work.before"
	make_new "$@"
	status=$?
	find "$work" build/new.* 2>/dev/null | diff "$work.before" - >"$work.left"
	if [ $status = 0 ] || ! grep -qF -- "$words" "$work/out" || [ -s "$work.left" ]; then
		cat "$work/out" "$work.left"
		echo "FAIL new.$case: status $status, expected '$words', and nothing left behind"
	else
		echo "ok new.$case"
	fi
}

n='cannot be a name'
refuse no_name           'which name?' new/component REPO="$repo"
refuse name_empty        'which name?' new/session REPO="$repo" NAME=
refuse name_capital      "'Pebble' $n" new/component REPO="$repo" NAME=Pebble
refuse name_digit        "'1a' $n"     new/component REPO="$repo" NAME=1a
refuse name_path         "'../a' $n"   new/component REPO="$repo" NAME=../a
refuse name_blank        "'a b' $n"    new/session REPO="$repo" NAME='a b'
refuse name_shell        "';id' $n"    new/session REPO="$repo" NAME=';id'
refuse name_c            "'int' $n"    new/component REPO="$repo" NAME=int
refuse name_prefix       "'by_a' $n"   new/session REPO="$repo" NAME=by_a
refuse name_rom          "'config' is the name of a ROM" new/component REPO="$repo" NAME=config
refuse name_long         'too long: at most 32' new/component REPO="$repo" NAME=abcdefghijabcdefghijabcdefghijabc
refuse name_long_session 'too long: at most 25' new/session REPO="$repo" NAME=abcdefghijabcdefghijabcdef
refuse exists_in_tree    "'timer' exists already: repos/os/" new/component REPO="$repo" NAME=timer
refuse exists_elsewhere  "'new_pebble' exists already" new/component REPO="$work/other" NAME=new_pebble REPOS="$repo"
refuse exists_interface  "'irq' exists already" new/session REPO="$repo" NAME=irq
refuse exists_client     "'hello' exists already" new/session REPO="$repo" NAME=hello
refuse kind              'no new/driver' new/driver REPO="$repo" NAME=a
refuse repo_blank        "'$work/a b'" new/component REPO="$work/a b" NAME=new_a
refuse repo_in_tree      'lies in this tree' new/component REPO=core NAME=new_a
refuse repo_around       'contains this tree' new/component REPO=.. NAME=new_a
refuse repo_inner        'those of the tree are repos/<name>' new/component REPO=repos/os/src NAME=new_a
refuse repo_many         'which repository?' new/component NAME=new_a REPOS="$repo $tree/repos/my"
refuse repo_file         'is no folder' new/component REPO="$work/new_brook" NAME=new_a
refuse repo_unwritable   'cannot write to' new/component REPO=/proc/new NAME=new_a
# README.md and run/ are there when this is found out
mkdir "$work/half"
touch "$work/half/src"
refuse repo_half         'cannot write to' new/component REPO="$work/half" NAME=new_a

run_it='run/log BOARD=pc_x86_64'
refuse repos_missing "there is no folder '$work/none'" $run_it REPOS="$work/none"
refuse repos_nothing "'$work/tree/build' is no repository" $run_it REPOS="$work/tree/build"
refuse repos_odd     'a path with # cannot be used' $run_it REPOS="$work/a#b"
refuse repos_twice   "component 'new_pebble' exists already" \
	-f tool/mk/build.mk vars REPOS="$repo $tree/repos/my"
refuse repos_interface "the interface 'new_brook.rpc' exists several times" $run_it REPOS="$repo $tree/repos/my"
# a link in repos/ is a repository of the tree
mkdir "$work/linked" && ln -s "$work/linked" "$tree/repos/linked"
(cd "$tree" && NAME=new_linked REPO=repos/linked sh tool/new/new.sh component) >"$work/out" 2>&1 &&
	grep -q '^try it: make run/new_linked$' "$work/out" && [ -f "$work/linked/run/new_linked.run" ] &&
	! (cd "$tree" && NAME=new_linked REPO=repos/my sh tool/new/new.sh component) >>"$work/out" 2>&1
verdict in_tree_link "$work/out"
rm "$tree/repos/my/session/new_brook.rpc"
rm -r "$tree/repos/my/src"
refuse repos_scenario "'new_pebble' exists several times" run/new_pebble REPOS="$repo $tree/repos/my"


# Another repository with an interface of the same name, instead of the first; by a link.

mkdir -p "$work/second/session"
printf '%s\n' 'session new_brook' 'call other' >"$work/second/session/new_brook.rpc"
ln -s second "$work/link"
build/host/rpc --record "$work/second/session/new_brook.rpc" &&
	touch -d 2000-01-01 "$work/second/session"/* &&
	$MAKE -f tool/mk/host.mk generated REPOS="$work/link" >"$work/out" 2>&1 &&
	grep -q by_new_brook_other build/gen/by/session/new_brook.h
verdict another "$work/out"
mkdir -p "$work/second/src/new_linked"
printf 'SRC = main.c\n' >"$work/second/src/new_linked/component.mk"
$MAKE -f tool/mk/build.mk vars BOARD=pc_x86_64 REPOS="$work/link" >"$work/out" 2>&1 &&
	grep -q new_linked build/pc_x86_64/vars.*
verdict link "$work/out"

# Nobody shall meet these.
rm -f build/gen/by/session/new_brook*.h build/gen/new_brook* build/gen/stamp/new_brook* "$work.before" "$work.left"
