/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 32-bit Arm: system calls. r7, where Thumb code may keep its frame pointer, is
 * exchanged around the call.
 */
#ifndef BY_PORT_CALL_H
#define BY_PORT_CALL_H

static inline void by_call(struct by_call *call)
{
	register by_word_t cap   __asm__("r0") = call->cap;
	register by_word_t tag   __asm__("r1") = call->tag;
	register by_word_t word0 __asm__("r2") = call->word[0];
	register by_word_t word1 __asm__("r3") = call->word[1];
	register by_word_t word2 __asm__("r4") = call->word[2];
	register by_word_t word3 __asm__("r5") = call->word[3];
	register by_word_t op    __asm__("r6") = call->op;

	__asm__ volatile ("mov r12, r7\n\tmov r7, %6\n\tsvc 0\n\tmov r7, r12"
	                  : "+r"(cap), "+r"(tag), "+r"(word0), "+r"(word1), "+r"(word2),
	                    "+r"(word3)
	                  : "r"(op) : "r12", "memory");
	call->cap     = cap;
	call->tag     = tag;
	call->word[0] = word0;
	call->word[1] = word1;
	call->word[2] = word2;
	call->word[3] = word3;
}

#endif
