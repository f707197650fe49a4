# SPDX-License-Identifier: BSD-2-Clause
#
# PC, 32 bit.

FAMILY        := x86
WIDTH         := 32
GCC_PREFIX    := i686-linux-gnu-
CLANG_TARGET  := i686-linux-gnu
PACKAGES      := x86
ARCH_FLAGS    := -m32 -march=i686
NO_FPU_FLAGS  := -mgeneral-regs-only
GUARD_FLAGS   := -mstack-protector-guard=global
KERNEL_FLAGS  :=
BOOT_FLAGS    :=
IMAGE_FORMAT  :=
