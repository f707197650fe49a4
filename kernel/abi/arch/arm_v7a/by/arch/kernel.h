/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: sizes and registers that kernel and user level agree on.
 *
 * A call is svc with r7 = operation, r0 = capability, r1 = tag, r2..r5 = words
 * 0..3. It returns r0 = badge, r1 = tag or status, r2..r5 = words; all other
 * registers are kept.
 */
#ifndef BY_ARCH_KERNEL_H
#define BY_ARCH_KERNEL_H

#include <by/types.h>

enum {
	BY_ELF_NATIVE = 40, /* machine number in ELF files */
	BY_MSG_REGS = 4, /* message words in registers */

	/* kernel objects: blocks that core donates, in bytes */
	BY_PD_SIZE       = 2048,
	BY_ROOT_SIZE     = 32,   /* root page table: 4 entries */
	BY_THREAD_SIZE   = 256,
	BY_SHARE_SIZE    = 64,
	BY_ENDPOINT_SIZE = 256,
	BY_GATE_SIZE     = 64,
	BY_SIGNAL_SIZE   = 128,
	BY_IRQ_SIZE      = 32,
	BY_FPU_SIZE      = 512,

	BY_LEAF_SLOTS    = 256, /* slots of one page of a capability table */
	BY_LEAVES        = 128, /* pages of a capability table */
	BY_TABLE_RESERVE = 9,   /* the root, and 2 tables for each of the four pages that
	                           one instruction can touch */
};

/** User addresses lie in [BY_USER_FIRST, BY_USER_LAST]: what TTBR0 translates. */
#define BY_USER_FIRST ((by_word_t)0x1000)
#define BY_USER_LAST  ((by_word_t)0xbfffffff)

/** Registers of a thread as THREAD_READ and THREAD_WRITE move them. */
struct by_regs {
	by_word_t r[13];
	by_word_t sp, lr, pc, cpsr;
	by_word_t tls; /* TPIDRURO */
};

#endif
