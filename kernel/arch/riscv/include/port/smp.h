/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: in the kernel, tp points to the struct cpu.
 */
#ifndef PORT_SMP_H
#define PORT_SMP_H

static inline struct cpu *smp_self(void)
{
	struct cpu *self;

	__asm__ ("mv %0, tp" : "=r" (self));

	return self;
}


static inline void smp_point(void) { }


static inline void smp_relax(void)
{
	__asm__ volatile (".insn i 0x0f, 0, x0, x0, 0x010"); /* pause (Zihintpause) */
}

#endif
