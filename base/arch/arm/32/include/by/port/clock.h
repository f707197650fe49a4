/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 32-bit Arm: the virtual counter, CNTVCT.
 */
#ifndef BY_PORT_CLOCK_H
#define BY_PORT_CLOCK_H

static inline by_ticks_t by_ticks(void)
{
	uint32_t low, high;

	__asm__ volatile ("isb\n\tmrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high) : : "memory");

	return (by_ticks_t)high << 32 | low;
}

#endif
