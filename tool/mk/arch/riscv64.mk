# SPDX-License-Identifier: BSD-2-Clause
#
# RISC-V, 64 bit. Without FPU registers the ABI is lp64. GCC's libgcc is lp64d and
# does not link with it: kernel and base bring the few helpers that they need.

FAMILY        := riscv
WIDTH         := 64
GCC_PREFIX    := riscv64-linux-gnu-
CLANG_TARGET  := riscv64-linux-gnu
PACKAGES      := riscv
ARCH_FLAGS    := -mcmodel=medany
NO_FPU_FLAGS  := -march=rv64imac_zicsr_zifencei -mabi=lp64
FPU_FLAGS     := -march=rv64gc -mabi=lp64d
GUARD_FLAGS   :=
KERNEL_FLAGS  :=
BOOT_FLAGS    := -mstrict-align
IMAGE_FORMAT  :=

# clang 14 knows the extensions as part of the base set.
ifeq ($(CC_FAMILY),clang)
NO_FPU_FLAGS  := -march=rv64imac -mabi=lp64
endif
