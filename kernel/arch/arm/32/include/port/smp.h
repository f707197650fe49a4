/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: the thread register of the kernel, TPIDRPRW, points to the struct cpu.
 */
#ifndef PORT_SMP_H
#define PORT_SMP_H

static inline struct cpu *smp_self(void)
{
	struct cpu *self;

	__asm__ ("mrc p15, 0, %0, c13, c0, 4" : "=r" (self));

	return self;
}


static inline void smp_point(void) { }


static inline void smp_relax(void)
{
	__asm__ volatile ("yield" ::: "memory");
}

#endif
