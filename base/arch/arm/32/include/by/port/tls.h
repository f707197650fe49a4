/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 32-bit Arm: TPIDRURO points to two words of the ABI, the TLS block follows, the
 * control block lies in front (variant I).
 */
#ifndef BY_PORT_TLS_H
#define BY_PORT_TLS_H

#include <by/abi.h>
#include <by/arch/call.h>

static inline struct by_control *by_control(void)
{
	struct by_control *pointer;

	__asm__ ("mrc p15, 0, %0, c13, c0, 3" : "=r"(pointer));

	return pointer - 1;
}

static inline struct by_tls by_tls_layout(by_word_t end, size_t size, size_t align)
{
	by_word_t const mask    = ~(by_word_t)(align > 8 ? align - 1 : 7);
	by_word_t const head    = align > 8 ? align : 8; /* the ABI's words, aligned */
	by_word_t const pointer = ((end - size) & mask) - head;
	void     *const behind  = (char *)pointer;

	return (struct by_tls){
		.pointer = pointer, .block = pointer + head,
		.control = (struct by_control *)behind - 1,
	};
}

static inline void by_tls_set(by_word_t pointer)
{
	struct by_call call = { .op = BY_CALL_TLS_SET, .cap = pointer };

	by_call(&call);
}

#endif
