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

# expect_end SCENARIO STATUS [REGEX IN OUTPUT]
expect_end() {
	run "$1" >$work/$1.out 2>&1
	status=$?
	if [ $status != "$2" ]; then
		fail "$1" "status $status instead of $2, see $work/$1.out"
	elif [ "$3" ] && ! grep -qE -- "$3" $work/$1.out; then
		fail "$1" "no '$3' in $work/$1.out"
	elif [ "$(qemus)" ]; then
		fail "$1" "QEMU still runs"
	elif [ "$(ls $TMPDIR)" ]; then
		fail "$1" "leaves $(ls $TMPDIR)"
	else
		echo "ok run.$1"
	fi
}

expect_end pass 0 '^passed: pass'
expect_end serial 0 '^passed: serial'
expect_end timeout 1 'within 1 s$'
expect_end text 1 'no line matches'
expect_end absent 1 "there is a line 'denied'"
expect_end compare 1 "expected 'three', got 'two'"
expect_end suspicious 1 "there is a line 'kernel PANIC'"
expect_end allowed 0
expect_end needs 77 'skipped: needs .* needs no_such_feature'
expect_end empty 1 'nothing was booted'
expect_end exits 1 "cannot call 'exit'"
expect_end broken 1 'no_such_verb'
expect_end ends 1 'QEMU ended with status'
expect_end arguments 1 'QEMU ended with status 1'
expect_end module 1 "'no_such_component' was not built"
expect_end component 2 'unknown component'
expect_end no_such_scenario 2 'known: absent'
CHAIN=nix expect_end pass 2 'direct grub_bios'
NONCE='a b' expect_end pass 2 NONCE
NONCE=n5 expect_end nonce 0
CHAIN=grub_bios expect_end pass 0 '^passed: pass on pc_x86_64 .grub_bios'
expect_end pass 0 <&-
expect_end batch_ok 0
expect_end batch_needs 77
expect_end batch_exit 1 'exit code 3'

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
	sh tool/run/config.sh $work/config.hid $work/configs init=$here/init.hsd \
		child=$here/child.hsd >$work/config.out 2>&1
}
config 'config\n+ start child\n  + config | + round | count: 3\n-\n' &&
config 'config\n+ start a | + binary child\n          + config | + round | count: 3\n+ start unknown\n-\n' &&
! config 'config\n+ start child\n  + config | + round | count: three\n-\n' &&
! config 'config\n+ stop child\n-\n' &&
! config 'config\n+ start init\n  + config\n    + start child\n      + config\n-\n' &&
grep -q "round" $work/config.out && echo "ok run.config" || fail config "see $work/config.out"

# Two at once do not disturb each other.
run pass >$work/a.out 2>&1 &
run serial >$work/b.out 2>&1
both=$?
wait $! && [ $both = 0 ] && echo "ok run.parallel" || fail parallel "see $work/a.out, $work/b.out"

# However the tool ends, QEMU ends with it.
ends_with() {
	expect -f tool/run/run.exp -- hang >$work/hang.out 2>&1 &
	tool=$!
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		sleep 0.2
		grep -q '^waiting' $work/hang.out && break
	done
	[ "$(qemus)" ] || fail "signal_$1" "QEMU did not start"
	kill -"$1" "$tool"
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ "$(qemus)$(ls $TMPDIR)" ] || break
		sleep 0.2
	done
	if [ "$(qemus)" ]; then
		fail "signal_$1" "QEMU still runs"
	elif [ "$(ls $TMPDIR)" ]; then
		fail "signal_$1" "leaves $(ls $TMPDIR)"
	else
		echo "ok run.signal_$1"
	fi
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
