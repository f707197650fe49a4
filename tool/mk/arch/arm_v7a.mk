# SPDX-License-Identifier: BSD-2-Clause
#
# Arm v7-A. Thumb-2 for C everywhere, because it is smallest; assembler files
# choose their mode themselves. The hard-float ABI goes with GCC's libgcc.

FAMILY        := arm
WIDTH         := 32
GCC_PREFIX    := arm-linux-gnueabihf-
CLANG_TARGET  := arm-linux-gnueabihf
PACKAGES      := arm
ARCH_FLAGS    := -march=armv7-a -mfpu=vfpv3-d16 -mthumb
NO_FPU_FLAGS  := -mgeneral-regs-only
GUARD_FLAGS   :=
KERNEL_FLAGS  :=
BOOT_FLAGS    := -mno-unaligned-access
IMAGE_FORMAT  :=

# clang has no -mgeneral-regs-only for Arm.
ifeq ($(CC_FAMILY),clang)
NO_FPU_FLAGS  := -mfloat-abi=soft
endif
