/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub port: no devices, so the compiler is all that has to keep an order.
 */
#ifndef BY_PORT_BARRIER_H
#define BY_PORT_BARRIER_H

static inline void by_barrier_read(void)
{
	__asm__ volatile ("" : : : "memory");
}

static inline void by_barrier_write(void)
{
	__asm__ volatile ("" : : : "memory");
}

static inline void by_barrier(void)
{
	__asm__ volatile ("" : : : "memory");
}

#endif
