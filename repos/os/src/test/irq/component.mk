# SPDX-License-Identifier: BSD-2-Clause
SRC       = main.c
SRC_x86   = cmos.c
SRC_arm   = pl031.c window.c
SRC_riscv = goldfish.c window.c
LIBS      = check
