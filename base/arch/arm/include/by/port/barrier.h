/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm: barriers that hold for devices, too, hence of the full system.
 */
#ifndef BY_PORT_BARRIER_H
#define BY_PORT_BARRIER_H

static inline void by_barrier_read(void)
{
	__asm__ volatile ("dsb sy" : : : "memory");
}

static inline void by_barrier_write(void)
{
	__asm__ volatile ("dsb st" : : : "memory");
}

static inline void by_barrier(void)
{
	__asm__ volatile ("dsb sy" : : : "memory");
}

#endif
