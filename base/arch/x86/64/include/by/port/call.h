/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86_64: system calls.
 */
#ifndef BY_PORT_CALL_H
#define BY_PORT_CALL_H

static inline void by_call(struct by_call *call)
{
	register by_word_t word1 __asm__("r10") = call->word[1];
	register by_word_t word2 __asm__("r8")  = call->word[2];
	register by_word_t word3 __asm__("r9")  = call->word[3];

	__asm__ volatile ("syscall"
	                  : "+D"(call->cap), "+S"(call->tag), "+d"(call->word[0]),
	                    "+r"(word1), "+r"(word2), "+r"(word3)
	                  : "a"(call->op) : "rcx", "r11", "memory");
	call->word[1] = word1;
	call->word[2] = word2;
	call->word[3] = word3;
}

#endif
