# SPDX-License-Identifier: BSD-2-Clause
#
# Boot programs with known numbers of instructions and events, and compare with
# what the plugin counts; twice, because figures must repeat.

here=tool/plugin/test
work=build/test/plugin
mkdir -p $work

# measure ARCHITECTURE LINK-ADDRESS STATUS COMPILER QEMU...
measure() {
	arch=$1 address=$2 status=$3 compiler=$4
	shift 4
	$compiler -nostdlib -static -no-pie -Ikernel/abi/arch/$arch \
		-Wl,--build-id=none,-n,--no-warn-rwx-segments,-Ttext=$address \
		$here/$arch.S -o $work/$arch.elf || return
	if [ $arch = x86_64 ]; then
		objcopy -O elf32-i386 $work/$arch.elf
	fi
	for round in 1 2; do
		rm -f $work/$arch.tsv
		build/host/guard timeout 30 "$@" -kernel $work/$arch.elf -nodefaults -display none \
			-serial null -icount shift=0,sleep=off \
			-plugin build/host/plugin.so,out=$work/$arch.tsv 2>$work/$arch.log
		ended=$?
		sed -i 's/\t[^\t]*$//' $work/$arch.tsv # 'until' depends on the firmware
		awk -v arch=$arch '$1 == "all" || $1 == arch { sub(/^[^\t]*\t/, ""); print }' \
			$here/expected.tsv >$work/$arch.expected
		if [ $ended != $status ]; then
			echo "FAIL plugin.$arch: QEMU or the guest's own count: status $ended"
			return
		elif ! diff $work/$arch.expected $work/$arch.tsv; then
			echo "FAIL plugin.$arch: counts differ in round $round, see above"
			return
		fi
	done
	echo "ok plugin.$arch"
}

measure x86_64 0x100000 1 x86_64-linux-gnu-gcc \
	qemu-system-x86_64 -machine q35 -cpu max -device isa-debug-exit,iobase=0xf4 -no-reboot
measure riscv64 0x80000000 0 riscv64-linux-gnu-gcc qemu-system-riscv64 -machine virt -bios none
measure arm_v7a 0x40100000 0 "arm-linux-gnueabihf-gcc -marm" \
	qemu-system-arm -machine virt -cpu cortex-a15
measure arm_v8a 0x40100000 0 aarch64-linux-gnu-gcc \
	qemu-system-aarch64 -machine virt -cpu cortex-a57
