/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: system calls.
 */
#ifndef BY_PORT_CALL_H
#define BY_PORT_CALL_H

static inline void by_call(struct by_call *call)
{
	register by_word_t op    __asm__("a7") = call->op;
	register by_word_t cap   __asm__("a0") = call->cap;
	register by_word_t tag   __asm__("a1") = call->tag;
	register by_word_t word0 __asm__("a2") = call->word[0];
	register by_word_t word1 __asm__("a3") = call->word[1];
	register by_word_t word2 __asm__("a4") = call->word[2];
	register by_word_t word3 __asm__("a5") = call->word[3];

	__asm__ volatile ("ecall"
	                  : "+r"(cap), "+r"(tag), "+r"(word0), "+r"(word1), "+r"(word2),
	                    "+r"(word3)
	                  : "r"(op) : "memory");
	call->cap     = cap;
	call->tag     = tag;
	call->word[0] = word0;
	call->word[1] = word1;
	call->word[2] = word2;
	call->word[3] = word3;
}

#endif
