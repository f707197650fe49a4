/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables by number, as long as the board needs them: compiled for each board.
 */
#include "board.h"
#include "cpu.h"
#include "irq.h"

_Static_assert(BOARD_CPUS <= CPU_MAX, "sets of CPUs are words of 64 bit");

struct cpu     cpus[BOARD_CPUS];
struct irq    *irqs[BOARD_IRQS];
unsigned const irq_limit = BOARD_IRQS;
