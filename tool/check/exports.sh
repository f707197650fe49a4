# SPDX-License-Identifier: BSD-2-Clause
#
# What base exports begins with by_, so that it meets no name of libc or ported
# code, except what compilers call by themselves.

allowed='^(by_.*|_start|mem(cpy|move|set|cmp)|__stack_chk_(guard|fail)|raise|__aeabi_.*|__(clz|ctz|popcount|bswap|ffs|parity|u?div|u?mod|u?divmod)[sdt]i[0-9])$'
mkdir -p build/test

. tool/check/boards.sh
for board in $(one_board_per_architecture); do
	arch=$(arch_of "$board")
	if ! $MAKE -f tool/mk/build.mk BOARD="$board" "$B/$arch/libbase.a"; then
		echo "FAIL exports.$arch: does not build"
		continue
	fi
	# binutils' nm reads the symbols of every architecture
	nm --defined-only --extern-only "$B/$arch/libbase.a" | awk 'NF == 3 { print $3 }' |
		sort -u | grep -vE "$allowed" >build/test/exports.$arch
	if [ -s build/test/exports.$arch ]; then
		echo "FAIL exports.$arch: without prefix:" $(cat build/test/exports.$arch)
	else
		echo "ok exports.$arch"
	fi
done
