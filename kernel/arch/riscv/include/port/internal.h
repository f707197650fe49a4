/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: what the files of the port know of each other.
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
struct frame *kernel_start(paddr_t boot_info);
struct frame *trap(struct frame *frame);

/** Where registers of the kernel go when it traps; its pc is 0 as long as it did not. */
extern struct frame trap_frame;

/** Entry by a trap, in assembly. */
void trap_entry(void);

/** The kernel's first CPU and its devices. */
void port_init(struct by_boot_info *info);

/** Trap, so that registers are in trap_frame, and go on with machine_backtrace(). */
void trap_self(void) __attribute__((noreturn));

/** Let traps of the kernel have a frame and a stack. */
void trap_init(void);

void mmu_init(struct by_boot_info const *info);
void smp_init(struct by_boot_info const *info);

/** Entry of the page that translates 'va', and its level; 0 if there is none. */
pte_t space_entry(struct space const *space, word_t va, unsigned *level);

/** Note whether there is an FPU. */
void fpu_start(struct by_boot_info const *info);

/** Whether the illegal instruction at the thread's pc needs the FPU; 'code' is it, or 0. */
bool fpu_wanted(struct thread const *thread, word_t code);

/** Assembly: all registers to and from memory, with the FPU switched on. */
void fpu_save(struct fpu *fpu);
void fpu_load(struct fpu const *fpu);

#endif
