/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: the call into the kernel.
 *
 * The port's <by/port/call.h> defines the inline function declared here: one
 * instruction and the moves that its registers need. by/arch/kernel.h of the
 * kernel's ABI tells the registers.
 */
#ifndef BY_ARCH_CALL_H
#define BY_ARCH_CALL_H

#include <by/arch/kernel.h>
#include <by/types.h>

/** Registers of a call; which are used, and how, stands in by/abi.h. */
struct by_call {
	by_word_t op;                /* number and options */
	by_word_t cap;               /* argument 0; the badge afterwards */
	by_word_t tag;               /* argument 1; tag or status afterwards */
	by_word_t word[BY_MSG_REGS];
};

/**
 * Make a call. Everything in memory may have changed afterwards. If 'call' is a
 * local variable, it never exists in memory.
 */
static inline void by_call(struct by_call *call);

#include <by/port/call.h>

#endif
