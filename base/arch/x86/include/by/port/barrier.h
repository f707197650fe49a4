/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86: reads and writes stay in order (Intel SDM volume 3, 9.2.2), except those of
 * memory that allows write-combining.
 */
#ifndef BY_PORT_BARRIER_H
#define BY_PORT_BARRIER_H

static inline void by_barrier_read(void)
{
	__asm__ volatile ("lfence" : : : "memory");
}

static inline void by_barrier_write(void)
{
	__asm__ volatile ("sfence" : : : "memory");
}

static inline void by_barrier(void)
{
	__asm__ volatile ("mfence" : : : "memory");
}

#endif
