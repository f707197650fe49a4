/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * riscv64: sizes and registers that kernel and user level agree on.
 *
 * A call is ecall with a7 = operation, a0 = capability, a1 = tag, a2..a5 = words
 * 0..3. It returns a0 = badge, a1 = tag or status, a2..a5 = words; all other
 * registers are kept.
 */
#ifndef BY_ARCH_KERNEL_H
#define BY_ARCH_KERNEL_H

#include <by/types.h>

enum {
	BY_ELF_NATIVE = 243, /* machine number in ELF files */
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
	BY_FPU_SIZE      = 512,

	BY_LEAF_SLOTS    = 128, /* slots of one page of a capability table */
	BY_LEAVES        = 128, /* pages of a capability table */
	BY_TABLE_RESERVE = 9,   /* the root, and 2 tables for each of the four pages that
	                           one instruction can touch */
};

/** User addresses lie in [BY_USER_FIRST, BY_USER_LAST]: the lower half of Sv39. */
#define BY_USER_FIRST ((by_word_t)0x1000)
#define BY_USER_LAST  ((by_word_t)0x3fffffffff)

/** Registers of a thread as THREAD_READ and THREAD_WRITE move them; 'tls' is x4. */
struct by_regs {
	by_word_t pc, ra, sp, gp, tls;
	by_word_t t0, t1, t2, s0, s1;
	by_word_t a0, a1, a2, a3, a4, a5, a6, a7;
	by_word_t s2, s3, s4, s5, s6, s7, s8, s9, s10, s11;
	by_word_t t3, t4, t5, t6;
};

#endif
