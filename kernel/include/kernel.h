/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries into the generic kernel, called by the port with interrupts off and the
 * registers of cpu->current saved. The port then calls kernel_leave() and restores the
 * registers of the thread that it returns, which is cpu->current, or idles if there is none.
 */
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include "cpu.h"

struct by_boot_info;

/** System call of the current thread. */
void kernel_call(struct cpu *cpu);

/** Fault of the current thread. */
void kernel_fault(struct cpu *cpu, enum by_fault_cause cause, word_t address,
                  unsigned access);

/** Device interrupt, which the port has masked (from irqc_take()). */
void kernel_irq(unsigned number);

/** Timer interrupt. */
void kernel_timer(struct cpu *cpu);

/**
 * Decide what runs next (NULL: nothing) and load its address space; every entry ends with it.
 * An interrupt from another CPU needs nothing else.
 */
struct thread *kernel_leave(struct cpu *cpu);

/**
 * Set up core on the boot CPU, once the port has initialised its devices and started the
 * other CPUs that are to run. The port then calls kernel_leave().
 */
void kernel_main(struct by_boot_info *info);

/** Core call of the current thread, which is core's; see corecall.c. */
void core_call(struct thread *core, unsigned number);

#endif
