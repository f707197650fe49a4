/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sources of the kernel that the bootstrap needs as well, compiled once more with
 * its options: the two are different programs.
 */
#include "../../src/print.c"
#include "../../dev/uart16550.c"
#include "../../dev/screen.c"
#include "../../arch/x86/64/memory.c"
