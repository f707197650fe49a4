# SPDX-License-Identifier: BSD-2-Clause
#
# Arm v8-A, 64 bit. Outlined atomics would call into glibc.

FAMILY        := arm
WIDTH         := 64
GCC_PREFIX    := aarch64-linux-gnu-
CLANG_TARGET  := aarch64-linux-gnu
PACKAGES      := arm
ARCH_FLAGS    := -march=armv8-a -mno-outline-atomics
NO_FPU_FLAGS  := -mgeneral-regs-only
GUARD_FLAGS   :=
KERNEL_FLAGS  :=
BOOT_FLAGS    := -mstrict-align
IMAGE_FORMAT  :=
