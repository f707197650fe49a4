/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time: the monotonic clock in microseconds. Reading it is no call into the kernel.
 *
 * Deadlines are in ticks of the clock, as the kernel takes them.
 */
#ifndef BY_CLOCK_H
#define BY_CLOCK_H

#include <by/arch/clock.h>
#include <by/types.h>

/** Convert ticks to whole microseconds; at most 1 in 10^9 too many. */
uint64_t by_us_of_ticks(by_ticks_t ticks);

/**
 * Convert microseconds to whole ticks; at most 1 in 10^9 too many. More than 35 years are
 * BY_NEVER.
 */
by_ticks_t by_ticks_of_us(uint64_t us);

/** Microseconds since the clock began to count. */
uint64_t by_now_us(void);

/** Microseconds in so many milliseconds, as they stand in configurations; at most UINT64_MAX. */
static inline uint64_t by_us_of_ms(uint64_t ms)
{
	return ms > UINT64_MAX / 1000 ? UINT64_MAX : ms * 1000;
}

/** The deadline 'us' microseconds from now; BY_NEVER if that is more than 35 years. */
by_ticks_t by_deadline_us(uint64_t us);

/** Let 'us' microseconds pass. Not inside handlers: use by/timeout.h there (asserted). */
void by_sleep_us(uint64_t us);

#endif
