/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: fences over memory and devices.
 */
#ifndef BY_PORT_BARRIER_H
#define BY_PORT_BARRIER_H

static inline void by_barrier_read(void)
{
	__asm__ volatile ("fence ir, ir" : : : "memory");
}

static inline void by_barrier_write(void)
{
	__asm__ volatile ("fence ow, ow" : : : "memory");
}

static inline void by_barrier(void)
{
	__asm__ volatile ("fence iorw, iorw" : : : "memory");
}

#endif
