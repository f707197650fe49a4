/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: the clock as user level reads it. by/clock.h has it in microseconds.
 */
#ifndef BY_ARCH_CLOCK_H
#define BY_ARCH_CLOCK_H

#include <by/types.h>

/** Ticks of the monotonic clock, that of deadlines. Compilers move no access across it. */
static inline by_ticks_t by_ticks(void);

#include <by/port/clock.h>

#endif
