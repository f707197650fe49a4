/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86_64: how calls pass registers, and sizes that kernel and user level agree on.
 *
 * A call is the instruction SYSCALL with
 *
 *     register            argument                 result
 *     rax                 operation                unchanged
 *     rdi                 argument 0: capability   badge, or unchanged
 *     rsi                 argument 1: tag          tag or status
 *     rdx, r10, r8, r9    message words 0 to 3     message words 0 to 3
 *
 * SYSCALL itself destroys rcx and r11; all other registers are preserved. The
 * thread's TLS register is the base of FS; the base of GS is 0.
 */
#ifndef BY_ARCH_KERNEL_H
#define BY_ARCH_KERNEL_H

#include <by/types.h>

enum {
	BY_ELF_NATIVE = 62, /* machine number in ELF files */
	BY_MSG_REGS = 4, /* message words in registers */

	/* kernel objects: blocks that core donates, in bytes */
	BY_PD_SIZE       = 4096,
	BY_ROOT_SIZE     = 4096, /* root page table */
	BY_THREAD_SIZE   = 1024,
	BY_SHARE_SIZE    = 128,
	BY_ENDPOINT_SIZE = 512,
	BY_GATE_SIZE     = 64,
	BY_SIGNAL_SIZE   = 128,
	BY_IRQ_SIZE      = 64,
	BY_FPU_SIZE      = 4096,

	BY_LEAF_SLOTS    = 128, /* slots of one page of a capability table */
	BY_LEAVES        = 128, /* pages of a capability table */
	BY_TABLE_RESERVE = 19,  /* tables a PD needs at least: the root and 18 for the
	                           six pages that one instruction can touch */
};

/** User addresses lie in [BY_USER_FIRST, BY_USER_LAST]. */
#define BY_USER_FIRST ((by_word_t)0x1000)
#define BY_USER_LAST  ((by_word_t)0x7fffffffefff)

/** Registers of a thread as THREAD_READ and THREAD_WRITE move them. */
struct by_regs {
	by_word_t rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	by_word_t r8, r9, r10, r11, r12, r13, r14, r15;
	by_word_t rip, rflags, tls;
};

#endif
