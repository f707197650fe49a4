# SPDX-License-Identifier: BSD-2-Clause
#
# Tests of the build: descriptions of components, order of rebuilding.

work=build/test/mk
rm -rf $work
mkdir -p $work

# description CASE EXPECTED TEXT: what component.awk says of a component.mk.
description() {
	mkdir -p "$work/$1/comp"
	printf "$3" >"$work/$1/comp/component.mk"
	awk -f tool/mk/component.awk "$work/$1/comp/component.mk" >"$work/$1/out" 2>&1
	if grep -qF -- "$2" "$work/$1/out"; then
		echo "ok mk.$1"
	else
		cat "$work/$1/out"
		echo "FAIL mk.$1: no '$2'"
	fi
}

description good 'component.comp.SRC := a.c b.c' 'SRC = a.c b.c # comment\n'
description continued 'component.comp.SRC := a.c b.c' 'SRC = a.c \\\n  b.c\nLIBS = x\n'
description unknown "component.mk:2: error: unknown variable 'CFLAGS'" 'SRC = a.c\nCFLAGS = -O0\n'
description form "component.mk:1: error: not of the form 'NAME = words'" 'include x.mk\n'
description code 'component.mk:1: error: only plain words' 'SRC = $(wildcard *.c)\n'
description no_source 'component.mk:1: error: no SRC' 'LIBS = x\n'

# Whatever runs under the guard builds it first, because the tree may be a fresh one.
awk '/^[^\t#]/ { built = 0 }
	/MAKE_HOST\) tools/ { built = 1 }
	/build\/host\/guard/ && /^\t/ { seen++; if (!built) print "line " FNR ": " $0 }
	END { if (seen < 5) print "only " seen + 0 " uses of the guard were seen" }' Makefile >$work/guard
if [ -s $work/guard ]; then
	cat $work/guard
	echo "FAIL mk.fresh_tree: the guard need not be there yet"
else
	echo "ok mk.fresh_tree"
fi

# A repository that is misspelled is not passed over.
if $MAKE -f tool/mk/build.mk BOARD=pc_x86_64 OUT=$work/out REPOS=$work/none vars 2>&1 |
	grep -q "there is no folder '$work/none'"; then
	echo "ok mk.no_repository"
else
	echo "FAIL mk.no_repository: REPOS may name what does not exist"
fi

# What is compiled anew: the object of a component in a repository of its own.
repo=$work/repo
component=mk_test_component
mkdir -p $repo/src/$component $repo/include
printf 'SRC = main.c\n' >$repo/src/$component/component.mk
printf '#define VALUE 1\n' >$repo/include/mk_test.h
printf '#include <mk_test.h>\nint value(void);\nint value(void) { return VALUE; }\n' \
	>$repo/src/$component/main.c

object() {
	$MAKE -f tool/mk/build.mk BOARD=pc_x86_64 OUT=$work/out REPOS=$repo "$@" \
		$work/out/x86_64/component/$component/main.c.o 2>&1
}

# expect_step CASE YES|NO SETTINGS...
expect_step() {
	case=$1 expected=$2
	shift 2
	object "$@" >$work/steps
	if grep -q '  CC ' $work/steps; then got=yes; else got=no; fi
	if [ $got = $expected ]; then
		echo "ok mk.$case"
	else
		cat $work/steps
		echo "FAIL mk.$case: compiled: $got"
	fi
}

expect_step first yes
expect_step nothing_to_do no
sleep 1.1
printf '#define VALUE 2\n' >$repo/include/mk_test.h
expect_step header yes
expect_step flags yes EXTRA_CFLAGS=-DX
expect_step flags_again no EXTRA_CFLAGS=-DX
touch $repo/src/$component/component.mk
expect_step description yes EXTRA_CFLAGS=-DX

# An archive forgets a source that disappears. (A library, because it needs no base.)
mkdir -p $repo/lib/mk_test_library
printf 'int a(void);\nint a(void) { return 1; }\n' >$repo/lib/mk_test_library/a.c
printf 'int b(void);\nint b(void) { return 1; }\n' >$repo/lib/mk_test_library/b.c
archive() {
	printf 'SRC = %s\n' "$1" >$repo/lib/mk_test_library/library.mk
	$MAKE -f tool/mk/build.mk BOARD=pc_x86_64 OUT=$work/out REPOS=$repo \
		$work/out/x86_64/library/mk_test_library.a >$work/steps 2>&1
	ar t $work/out/x86_64/library/mk_test_library.a | tr '\n' ' '
}
if [ "$(archive 'a.c b.c')$(archive a.c)$(archive 'a.c b.c')" = 'a.c.o b.c.o a.c.o a.c.o b.c.o ' ]; then
	echo "ok mk.sources_change"
else
	cat $work/steps
	echo "FAIL mk.sources_change: wrong objects in the archive"
fi
