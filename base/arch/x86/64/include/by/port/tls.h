/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86_64: FS points to the control block, the TLS block lies below (variant II).
 */
#ifndef BY_PORT_TLS_H
#define BY_PORT_TLS_H

#include <by/abi.h>
#include <by/arch/call.h>

static inline struct by_control *by_control(void)
{
	struct by_control *control;

	__asm__ ("mov %%fs:0, %0" : "=r"(control));

	return control;
}

static inline struct by_tls by_tls_layout(by_word_t end, size_t size, size_t align)
{
	by_word_t const pointer = (end - sizeof(struct by_control)) & ~(by_word_t)63;
	by_word_t const bytes   = (size + align - 1) & ~(by_word_t)(align - 1);
	void     *const control = (char *)pointer;

	return (struct by_tls){ .pointer = pointer, .block = pointer - bytes, .control = control };
}

static inline void by_tls_set(by_word_t pointer)
{
	struct by_call call = { .op = BY_CALL_TLS_SET, .cap = pointer };

	by_call(&call);
}

#endif
