# SPDX-License-Identifier: BSD-2-Clause
SRC       = main.c
SRC_x86   = vandal_16550.c
SRC_riscv = vandal_16550.c
SRC_arm   = vandal_pl011.c
LIBS      = check uart
