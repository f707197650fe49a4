# SPDX-License-Identifier: BSD-2-Clause
#
# Generic code has no conditionals on architecture, board or feature: neither #if
# nor questions about compiler macros. Ports choose files instead.

. tool/check/limit.sh
work=build/test/ifs
mkdir -p build/test

generic=$(find kernel/abi/by kernel/include kernel/src kernel/dev kernel/boot/*.[ch] core \
	base/include base/lib repos -name '*.[ch]' ! -path '*/arch/*' ! -path '*/test/*' 2>/dev/null)
{
	build/host/source $generic | awk -F '\t' '$1 == "file" {
		for (i = 0; i < $4; i++) print $2 ": conditional" }'
	grep -nE '__(x86_64|i386|arm|aarch64|riscv|thumb)|\bif \(ARCH_' $generic /dev/null
} >$work
within_limit ifs generic conditionals $work
