/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several CPUs: each finds its own data through GS, see local.h.
 */
#ifndef PORT_SMP_H
#define PORT_SMP_H

static inline struct cpu *smp_self(void)
{
	struct cpu *cpu;

	/* not volatile: the same whenever it is asked for */
	asm ("mov %%gs:0, %0" : "=r"(cpu));

	return cpu;
}


static inline void smp_point(void) { }


static inline void smp_relax(void)
{
	asm volatile ("pause");
}

#endif
