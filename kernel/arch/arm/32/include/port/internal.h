/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: what the files of the port know of each other.
 */
#ifndef PORT_INTERNAL_H
#define PORT_INTERNAL_H

#include "types.h"
#include <arch/mmu.h>

struct by_boot_info;
struct cpu;
struct fpu;
struct frame;
struct thread;

/** Called by the assembly. Those that give a frame tell which thread runs next. */
struct frame *kernel_start(word_t boot_info, word_t zone);
struct frame *trap(struct frame *frame, unsigned cause);
void trap_kernel(struct frame const *frame, unsigned cause, word_t sp, word_t lr)
	__attribute__((noreturn));

/** What the kernel did when it trapped; frame NULL: it did not. */
struct trap { struct frame const *frame; word_t sp, lr; };
extern struct trap trap_fatal;

/** Trap, so that trap_fatal holds the registers, and go on with machine_backtrace(). */
void trap_self(void) __attribute__((noreturn));

/** The first CPU and its devices. */
void port_init(struct by_boot_info *info);

void mmu_init(struct by_boot_info const *info);
void fpu_start(void);
void machine_start(struct by_boot_info const *info);

/** Entry of the page that translates 'va', and its level; 0 if there is none. */
pte_t space_entry(struct space const *space, word_t va, unsigned *level);

/** Whether the page tables permit an access of a user thread. */
bool space_permits(struct space const *space, word_t va, unsigned access);

/** Whether the undefined instruction at the current thread's pc needs the FPU. */
bool fpu_wanted(struct thread const *thread);

/** Assembly: switch the FPU on or off; all registers to and from memory, while it is on. */
void fpu_set_enabled(bool enabled);
void fpu_save(struct fpu *fpu);
void fpu_load(struct fpu const *fpu);

/** Assembly: call the firmware. */
void psci_hvc(word_t function);
void psci_smc(word_t function);

#endif
