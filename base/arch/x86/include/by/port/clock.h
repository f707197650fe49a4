/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86: the time stamp counter.
 */
#ifndef BY_PORT_CLOCK_H
#define BY_PORT_CLOCK_H

static inline by_ticks_t by_ticks(void)
{
	uint32_t low, high;

	__asm__ volatile ("rdtsc" : "=a"(low), "=d"(high) : : "memory");

	return (by_ticks_t)high << 32 | low;
}

#endif
