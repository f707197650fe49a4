# SPDX-License-Identifier: BSD-2-Clause
#
# PC, 64 bit.

FAMILY        := x86
WIDTH         := 64
GCC_PREFIX    := x86_64-linux-gnu-
CLANG_TARGET  := x86_64-linux-gnu
PACKAGES      := x86
ARCH_FLAGS    := -m64 -march=x86-64
NO_FPU_FLAGS  := -mgeneral-regs-only
GUARD_FLAGS   := -mstack-protector-guard=global
KERNEL_FLAGS  := -mno-red-zone -mcmodel=kernel -fno-omit-frame-pointer
BOOT_FLAGS    := -mno-red-zone
# Multiboot loaders (QEMU's own among them) take 32-bit ELF files only.
IMAGE_FORMAT  := elf32-i386
