/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tests use of the stub architecture: simulated RAM, CPUs, interrupts, time, a
 * TLB model that drops entries only when the kernel says so, and a check of the lock
 * order.
 */
#ifndef STUB_H
#define STUB_H

#include "kernel.h"
#include <arch/mmu.h>

enum { STUB_TLB_ENTRIES = 256, STUB_ASIDS = 4, STUB_IRQS = 16 };

/** The only I/O port, which keeps what is written to it. */
enum { STUB_PORT = 0x60 };

/** How often this machine was asked for a reset and for power off, which it has no way to do. */
extern unsigned stub_machine_asked[2];

/** Reset the machine to 'count' CPUs with all of its RAM free. */
void stub_reset(unsigned count);

/**
 * Take physical memory, naturally aligned: zeros, or 0xdd if it was used before. Sizes
 * are powers of two, or multiples of pages that are never freed.
 */
paddr_t stub_alloc(word_t size);

/**
 * Give memory back. It is filled with 0xdd, and under the address sanitizer any access
 * is an error until it is used anew: after 'stub_quarantine' other blocks of its size.
 */
void stub_free(paddr_t pa, word_t size);
extern unsigned stub_quarantine;

/** Time and the timer of each CPU. */
extern ticks_t stub_now;
extern ticks_t stub_timer[CPU_MAX];

/** Interrupts: set by a test, taken by the kernel. */
extern bool stub_irq_raised[STUB_IRQS];
extern bool stub_irq_masked[STUB_IRQS];

/** CPUs that were sent an inter-processor interrupt and did not take it yet. */
extern bool stub_ipi[CPU_MAX];

/** Characters that the console printed; it takes 'stub_console_room' more. How often it began anew. */
extern char     stub_console[4096];
extern unsigned stub_console_count, stub_console_room, stub_console_inits;

/** The same of the screen, which takes everything, or nothing if it is busy. */
extern char     stub_screen[4096];
extern unsigned stub_screen_count;
extern bool     stub_screen_busy;

/** The FPU: a CPU's only register, and whether it is switched on. */
extern word_t stub_fpu[CPU_MAX];
extern bool   stub_fpu_on[CPU_MAX];

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

/** Whether loading this tag on CPU 'id' would not flush that CPU's TLB first. */
bool stub_tag_current(uint64_t tag, unsigned id);

/** What is wrong with the locks that a CPU took or holds, or NULL; see checked.h. */
const char *stub_lock_error(void);

/** Number of locks that CPU 'id' holds. */
unsigned stub_locks_held(unsigned id);

/** Let a panic end the test; see stub.c. */
extern void (*stub_on_panic)(void);

#endif
