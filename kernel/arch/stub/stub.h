/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tests use of the stub architecture: simulated RAM, CPUs, interrupts, time,
 * and a TLB model that drops entries only when the kernel says so.
 */
#ifndef STUB_H
#define STUB_H

#include "kernel.h"
#include <arch/mmu.h>

enum { STUB_TLB_ENTRIES = 256, STUB_ASIDS = 4, STUB_IRQS = 16 };

/** Reset the machine to 'count' CPUs with zeroed RAM. */
void stub_reset(unsigned count);

/** Take zeroed physical memory, naturally aligned; never freed but by stub_reset(). */
paddr_t stub_alloc(word_t size);

/** Time and the timer of each CPU. */
extern ticks_t stub_now;
extern ticks_t stub_timer[CPU_MAX];

/** Interrupts: set by a test, taken by the kernel. */
extern bool stub_irq_raised[STUB_IRQS];
extern bool stub_irq_masked[STUB_IRQS];

/** CPUs that were sent an inter-processor interrupt and did not take it yet. */
extern bool stub_ipi[CPU_MAX];

/** Characters that the console printed. */
extern char     stub_console[4096];
extern unsigned stub_console_count;

/**
 * Access user memory as 'cpu' would: through its TLB, filled from the tables.
 * True and the physical address on success, false for a page fault.
 */
bool stub_access(struct cpu *cpu, word_t va, unsigned access, paddr_t *pa);

/**
 * Check that no TLB entry of any CPU contradicts the tables of the space it was
 * filled from, as far as that space's tag is still valid. Returns NULL, or a text.
 */
const char *stub_tlb_check(void);

/** Let a panic end the test; see stub.c. */
extern void (*stub_on_panic)(void);

#endif
