/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: the monotonic clock and the timer of each CPU.
 */
#ifndef ARCH_CLOCK_H
#define ARCH_CLOCK_H

#include "../types.h"

/** Ticks since boot, or since another fixed instant; the same on all CPUs. */
ticks_t clock_now(void);

/** Ticks per second, constant. */
uint64_t clock_frequency(void);

/** Have kernel_timer() entered at 'deadline' or soon after; BY_NEVER: not. */
void clock_set_timer(ticks_t deadline);

#endif
