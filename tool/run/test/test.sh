# SPDX-License-Identifier: BSD-2-Clause
#
# Tests of the run tool, with scenarios that boot a stand-in instead of an image.

here=tool/run/test
work=build/test/run
export B=$work BOARD=pc_x86_64 RESULTS=$work/results.tsv MAKE="${MAKE:-make}" PREBUILT=ok
export SCENARIO_FILES="$(echo $here/*.run)"
export TMPDIR=$PWD/$work/tmp
unset CHAIN NONCE DEBUG BENCH MEM IMAGE_ONLY V MAKEFLAGS MAKELEVEL

rm -rf $work
mkdir -p $work/$BOARD $TMPDIR
$MAKE -f tool/mk/build.mk BOARD=$BOARD OUT=$work vars || exit 1
i686-linux-gnu-gcc -nostdlib -static -Wl,-Ttext=0x100000,--build-id=none \
	$here/standin.S -o $work/standin.elf || exit 1

run() {
	expect -f tool/run/run.exp -- "$@"
}

fail() {
	echo "FAIL run.$1: $2"
}

# QEMU's of this test: their command lines name our folder.
qemus() {
	for path in $(grep -l "$TMPDIR" /proc/[0-9]*/cmdline 2>/dev/null); do
		tr '\0' ' ' 2>/dev/null <"$path" | grep -o '^[^ ]*qemu-system[^ ]*'
	done 2>/dev/null
}

# Wait until something is so, however busy the machine is; a minute means never.
eventually() {
	for i in $(seq 300); do
		"$@" && return
		sleep 0.2
	done
	return 1
}

gone() {
	[ ! "$(qemus)" ] && [ ! "$(ls $TMPDIR)" ]
}

# judge CASE STATUS EXPECTED [REGEX IN OUTPUT]
judge() {
	if [ $2 != "$3" ]; then
		fail "$1" "status $2 instead of $3, see $work/$1.out"
	elif [ "$4" ] && ! grep -qE -- "$4" $work/$1.out; then
		fail "$1" "no '$4' in $work/$1.out"
	elif ! gone; then
		fail "$1" "QEMU or temporary files are left: $(qemus) $(ls $TMPDIR)"
	else
		echo "ok run.$1"
	fi
}

# expect_end CASE SCENARIO STATUS [REGEX IN OUTPUT]
expect_end() {
	run "$2" >$work/$1.out 2>&1
	judge "$1" $? "$3" "$4"
}

expect_end pass pass 0 '^passed: pass'
expect_end serial serial 0 '^passed: serial'
expect_end timeout timeout 1 'within 1 s$'
expect_end text text 1 'no line matches'
expect_end absent absent 1 "there is a line 'denied'"
expect_end compare compare 1 "expected 'three', got 'two'"
expect_end allowed allowed 0
expect_end needs needs 77 'skipped: needs .* needs no_such_feature'
expect_end empty empty 1 'nothing was booted'
expect_end exits exits 1 "cannot call 'exit'"
expect_end broken broken 1 'no_such_verb'
expect_end ends ends 1 'QEMU ended with status'
expect_end arguments arguments 1 'QEMU ended with status 1'
expect_end module module 1 "'no_such_component' was not built"
expect_end component component 2 'unknown component'
expect_end board board 0
expect_end board_absent board_absent 1 'pc_x86_64 has no NO_SUCH_THING'
expect_end schema schema 1 'is no configuration for'
expect_end schema_place schema 1 'schema.run:6:15: attribute .nobody. is not allowed'
expect_end no_such_scenario no_such_scenario 2 'known: absent'
expect_end partial_line partial 0
expect_end twice twice 1 "there is a line 'kernel PANIC'"
CHAIN=nix expect_end no_such_chain pass 2 'direct grub_bios'
NONCE='a b' expect_end bad_nonce pass 2 NONCE
NONCE=n5 expect_end nonce nonce 0
CHAIN=grub_bios_mb1 expect_end grub pass 0 '^passed: pass on pc_x86_64 .grub_bios_mb1'
TERM=dumb expect_end dumb pass 0
expect_end closed pass 0 <&- 2>&-
expect_end batch_ok batch_ok 0
expect_end batch_needs batch_needs 77
expect_end batch_exit batch_exit 1 'exit code 3'
expect_end batch_schema batch_schema 1 'batch_schema.run:8:6: node .nobody. is not allowed'

# Words that no scenario may print without saying so, in any case, at their beginning.
for line in 'kernel PANIC' 'Assertion x failed' 'a page-fault' '[a] faulted'; do
	LINE=$line expect_end word word 1 "there is a line" >$work/verdict
	grep -q '^ok' $work/verdict || cat $work/verdict
done
LINE='by default a_fault is no-one' expect_end words word 0

# Each scenario of a batch gets its own verdict, behind a hanging one too.
: >$RESULTS
run batch_ok batch_needs batch_text batch_hang batch_late >$work/batch.out 2>&1
if [ "$(cut -f 1,4 $RESULTS | tr '\t\n' '  ')" = \
     "batch_needs skipped batch_ok passed batch_text failed batch_hang failed batch_late passed " ]; then
	echo "ok run.batch"
else
	fail batch "wrong verdicts in $RESULTS"
fi

# Configurations: of init, of a child, of a child of a child.
config() {
	printf "$1" >$work/config.hid
	sh tool/run/config.sh $work/config.hid - init $work/configs init=$here/init.hsd \
		child=$here/child.hsd init=$here/child.hsd >$work/config.out 2>&1
}
config 'config\n+ start child\n  + config | + round | count: 3\n-\n' &&
config 'config\n+ start a\n  + route\n    + child other\n  + binary child\n  + config | + round | count: 3\n-\n' &&
config 'config\n+ start other\n  + config | any: attribute | + any | sub: node\n-\n' &&
config 'config\n+ start a | + binary child\n          + config | + round | count: 3\n+ start unknown\n-\n' &&
! config 'config\n+ start child\n  + config | + round | count: three\n-\n' &&
grep -q "^$work/config.hid:3:31: " $work/config.out &&
! config 'config\n+ stop child\n-\n' &&
! config 'config\n+ start init\n  + config\n    + start child\n      + config\n-\n' &&
grep -q "round" $work/config.out && echo "ok run.config" || fail config "see $work/config.out"

# Two at once do not disturb each other, not even of the same name.
run pass >$work/a.out 2>&1 &
run pass >$work/b.out 2>&1
both=$?
wait $! && [ $both = 0 ] && echo "ok run.parallel" || fail parallel "see $work/a.out, $work/b.out"

# However the tool ends, QEMU ends with it.
ends_with() {
	: >$work/hang.out
	expect -f tool/run/run.exp -- hang >$work/hang.out 2>&1 &
	tool=$!
	eventually grep -q '^waiting' $work/hang.out && [ "$(qemus)" ] ||
		fail "signal_$1" "QEMU did not start"
	kill -"$1" "$tool"
	eventually gone && echo "ok run.signal_$1" ||
		fail "signal_$1" "QEMU or temporary files are left: $(qemus) $(ls $TMPDIR)"
	wait "$tool"
}
ends_with INT
ends_with TERM
ends_with HUP
ends_with KILL

# Addresses become functions and lines.
mkdir -p $work/places/bin
x86_64-linux-gnu-gcc -O2 -g -falign-functions=1 -ffreestanding -nostdlib -static -no-pie -Wl,-e,last \
	-fno-asynchronous-unwind-tables -ffile-prefix-map=$PWD=. \
	$PWD/$here/places.c -o $work/places/kernel.elf || exit 1
cp $work/places/kernel.elf $work/places/core.elf
cp $work/places/kernel.elf $work/places/bin/prog
expect -f $here/places.tcl $work/places || fail places "status $?"

# The same through make: its status, its signals, a terminal with Ctrl-C, none at all.
repo=$work/repo
mkdir -p $repo/run
cp $here/pass.run $repo/run/run_test_pass.run
cp $here/hang.run $repo/run/run_test_hang.run
cp $here/text.run $repo/run/run_test_fail.run
cp $here/needs.run $repo/run/run_test_skip.run

through_make() {
	env -u B -u BOARD -u SCENARIO_FILES -u RESULTS -u PREBUILT OUT=$work/out "$@"
}
expect_make() {
	case=$1 status=$2
	shift 2
	through_make "$@" >$work/$case.out 2>&1 </dev/null
	judge "$case" $? "$status"
}
expect_make make_pass 0 setsid -w $MAKE run/run_test_pass REPOS=$repo
expect_make make_closed 0 sh -c "$MAKE run/run_test_pass REPOS=$repo <&- >&- 2>&-"
expect_make make_fail 1 $MAKE run/run_test_fail REPOS=$repo
expect_make make_skip 77 $MAKE run/run_test_skip REPOS=$repo
expect_make make_unknown 2 $MAKE run/no_such_scenario REPOS=$repo
expect_make make_loop 0 $MAKE run/run_test_pass REPOS=$repo LOOP=3
[ "$(grep -c '^passed' $work/make_loop.out)" = 3 ] || fail make_loop_count "not 3 rounds"
expect_make make_bad_loop 2 $MAKE run/run_test_pass REPOS=$repo LOOP=often
expect_make make_boards 0 $MAKE run/run_test_pass REPOS=$repo BOARD="pc_x86_64 pc_x86_64"
[ "$(grep -c '^passed' $work/make_boards.out)" = 2 ] || fail make_boards_count "not 2 boards"

for end in ctrl_c TERM HUP; do
	through_make expect -f $here/terminal.exp $end $MAKE run/run_test_hang REPOS=$repo \
		>$work/terminal_$end.out 2>&1 && eventually gone && echo "ok run.terminal_$end" ||
		fail "terminal_$end" "see $work/terminal_$end.out; left: $(qemus) $(ls $TMPDIR)"
done
env -u B -u BOARD -u SCENARIO_FILES -u RESULTS -u PREBUILT expect -f $here/console.exp \
	$MAKE run/demo >$work/console.out 2>&1 && echo "ok run.console" ||
	fail console "see $work/console.out"
