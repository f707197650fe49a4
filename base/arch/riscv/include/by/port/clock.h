/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the time CSR.
 */
#ifndef BY_PORT_CLOCK_H
#define BY_PORT_CLOCK_H

static inline by_ticks_t by_ticks(void)
{
	by_ticks_t ticks;

	__asm__ volatile ("rdtime %0" : "=r"(ticks) : : "memory");

	return ticks;
}

#endif
