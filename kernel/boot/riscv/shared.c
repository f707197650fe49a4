/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bootstrap and kernel share, as source: the two are linked at different
 * places and do not know each other.
 */
#include "../../src/print.c"
#include "../../dev/no_screen.c"
#include "../../arch/riscv/mem.c"
