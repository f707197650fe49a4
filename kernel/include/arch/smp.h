/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: several CPUs.
 *
 * The port's <port/smp.h> defines the inline functions declared here.
 */
#ifndef ARCH_SMP_H
#define ARCH_SMP_H

struct cpu;

/** The CPU that executes. */
static inline struct cpu *smp_self(void);

/**
 * A place where another CPU's accesses may fall in between. Nothing on real
 * machines; the stub switches to another CPU here, which is how tests interleave.
 */
static inline void smp_point(void);

/** Called while spinning on another CPU. */
static inline void smp_relax(void);

/** Interrupt another CPU: it enters the kernel and leaves it. */
void smp_ipi(unsigned id);

#include <port/smp.h>

#endif
