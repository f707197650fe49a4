# SPDX-License-Identifier: BSD-2-Clause
#
# Host tests of the bootstrap's device-tree reader.

$(call unit,fdt,$(here)/fdt_test.c kernel/boot/fdt.c,-Ikernel/boot/include)
$(call unit,boot_tree,$(here)/fdt_tree_test.c kernel/boot/tree.c kernel/boot/fdt.c kernel/boot/regions.c,-Ikernel/boot/include)
$(call fuzz,fdt,$(here)/fdt_fuzz.c kernel/boot/tree.c kernel/boot/fdt.c kernel/boot/regions.c,-Ikernel/boot/include,200000,225)

$(call unit,boot_isa,$(here)/isa_test.c kernel/boot/riscv/isa.c,-Ikernel/boot/riscv/include)
