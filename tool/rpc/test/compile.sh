#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Generated headers on all five architectures: no warning, the same layout, no
# function needed but the runtime's and what every C compiler asks for, and few
# instructions for a call with scalars.

SUITE=rpc_compile
. tool/rpc/test/lib.sh

generate "$OUT/gen" || { fail generate "the examples are refused"; exit 1; }

INC="-I$TEST/fake -I$OUT/gen -Ikernel/abi -Ibase/include"
CHECKED=-DBY_CHECKED_STATUS
FREE='-O2 -ffreestanding -fno-stack-protector'

for header in "$OUT"/gen/by/*/*_server.h; do
	echo "#include <by/${header#*/by/}>"
done >"$OUT/all.c"

# compile COMPILER SOURCE OBJECT FLAGS...
compile() {
	compile_cc=$1 compile_source=$2 compile_object=$3
	shift 3
	# shellcheck disable=SC2086
	$compile_cc $WARN $FREE "$@" $INC -c "$compile_source" -o "$OUT/$compile_object"
}

# symbols FILE: what the object needs from elsewhere beyond the allowed
symbols() {
	nm -u "$1" | awk '$2 !~ /^(by_|mem(cpy|set|move|cmp)$|__stack_chk|_GLOBAL_OFFSET)/ { print $2 }'
}

# only_runtime FILE: whether there is nothing beyond the allowed
only_runtime() {
	symbols "$1" | grep . && return 1
	return 0
}

# instructions ARCH FUNCTION: how many
instructions() {
	"${1%gcc}objdump" -d --no-show-raw-insn "$OUT/$1.small.o" |
		awk -v f="<$2>:" '
			/^[0-9a-f]+ <[^.]/         { inside = $2 == f }
			inside && /^ *[0-9a-f]+:/ { count++ }
			END                        { print count }'
}

# small NAME ARCH FUNCTION MOST
small() {
	small_count=$(instructions "$2" "$3")
	if [ "${small_count:-0}" -gt 0 ] && [ "$small_count" -le "$4" ]; then
		pass "$1"
	else
		fail "$1" "$3 has ${small_count:-no} instructions on $2"
	fi
}

for cc in x86_64-linux-gnu-gcc i686-linux-gnu-gcc arm-linux-gnueabihf-gcc \
	aarch64-linux-gnu-gcc riscv64-linux-gnu-gcc; do
	arch=${cc%%-*}
	keep=-fkeep-inline-functions
	expect "${arch}_plain" compile $cc "$OUT/all.c" $cc.all.o $keep
	expect "${arch}_checked" compile $cc "$OUT/all.c" $cc.checked.o $keep $CHECKED
	expect "${arch}_symbols" only_runtime "$OUT/$cc.all.o"
	expect "${arch}_offsets" compile $cc $TEST/offsets.c $cc.offsets.o
	${cc%gcc}objcopy -O binary -j .rodata "$OUT/$cc.offsets.o" "$OUT/$cc.offsets"
	expect "${arch}_same_layout" cmp "$OUT/x86_64-linux-gnu-gcc.offsets" "$OUT/$cc.offsets"
	expect "${arch}_small" compile $cc $TEST/small.c $cc.small.o
	small "${arch}_small_call" $cc call_add 42
	small "${arch}_small_dispatch" $cc dispatch_add 64
done
[ "$(wc -c <"$OUT/x86_64-linux-gnu-gcc.offsets")" -eq 96 ] || fail offsets "the table is not there"

expect clang_plain compile clang "$OUT/all.c" clang.o -femit-all-decls
expect clang_checked compile clang "$OUT/all.c" clang.o -femit-all-decls $CHECKED
expect clang_32 compile 'clang --target=i686-linux-gnu' "$OUT/all.c" clang.o -femit-all-decls

# A status is no number: this check must be able to fail.
echo '#include <by/types.h>
unsigned wrong(void); unsigned wrong(void) { return BY_DENIED; }' >"$OUT/wrong.c"
refuse checked_is_opaque compile gcc "$OUT/wrong.c" wrong.o $CHECKED

exit $FAILED
