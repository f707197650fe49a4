/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stub architecture (unit tests on the host): sizes as on a machine of the host
 * compiler's width, which is 64 or 32 bit.
 */
#ifndef BY_ARCH_KERNEL_H
#define BY_ARCH_KERNEL_H

#include <by/types.h>

enum {
	BY_MSG_REGS = 4, /* message words in registers */

	/* kernel objects: blocks that core donates, in bytes */
	BY_PD_SIZE       = 1024 * sizeof(by_word_t), /* more than a page, and less, to see both */
	BY_ROOT_SIZE     = 2048, /* root page table: 256 entries */
	BY_THREAD_SIZE   = 128 * sizeof(by_word_t),
	BY_SHARE_SIZE    = 16 * sizeof(by_word_t),
	BY_ENDPOINT_SIZE = 64 * sizeof(by_word_t),
	BY_GATE_SIZE     = 64,
	BY_SIGNAL_SIZE   = 128,
	BY_IRQ_SIZE      = 8 * sizeof(by_word_t),
	BY_FPU_SIZE      = 4096,

	BY_LEAF_SLOTS    = 1024 / sizeof(by_word_t), /* slots of one page of a capability table */
	BY_LEAVES        = 128, /* pages of a capability table */
	BY_TABLE_RESERVE = 7,   /* the root and 2 tables for each of three pages */
};

/** User addresses lie in [BY_USER_FIRST, BY_USER_LAST]. */
#define BY_USER_FIRST ((by_word_t)0x1000)
#define BY_USER_LAST  ((by_word_t)0x3fffffefff)



/** Registers of a thread as THREAD_READ and THREAD_WRITE move them. */
struct by_regs {
	by_word_t op, cap, tag, word[BY_MSG_REGS], ip, sp, tls;
};

#endif
