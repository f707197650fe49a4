/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub: simulated CPUs. A test runs each CPU's kernel entry as a coroutine and
 * switches between them at the points below.
 */
#ifndef PORT_SMP_H
#define PORT_SMP_H

/** The simulated CPU that executes. */
extern struct cpu *stub_cpu;

/** Called at each point where CPUs can interleave, and while one spins. */
extern void (*stub_on_point)(void);
extern void (*stub_on_relax)(void);

static inline struct cpu *smp_self(void)
{
	return stub_cpu;
}


static inline void smp_point(void)
{
	if (stub_on_point)
		stub_on_point();
}


static inline void smp_relax(void)
{
	if (stub_on_relax)
		stub_on_relax();
}

#endif
