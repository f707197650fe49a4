# SPDX-License-Identifier: BSD-2-Clause
SRC       = main.c
SRC_x86   = x86.S
SRC_arm   = arm.S
SRC_riscv = riscv.S
