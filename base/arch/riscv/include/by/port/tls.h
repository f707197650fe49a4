/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: tp points to the TLS block, the control block lies in front (variant I).
 */
#ifndef BY_PORT_TLS_H
#define BY_PORT_TLS_H

static inline struct by_control *by_control(void)
{
	struct by_control *pointer;

	__asm__ ("mv %0, tp" : "=r"(pointer));

	return pointer - 1;
}

static inline struct by_tls by_tls_layout(by_word_t end, size_t size, size_t align)
{
	by_word_t const pointer = (end - size) & ~(by_word_t)63;
	void     *const behind  = (char *)pointer;

	(void)align;

	return (struct by_tls){
		.pointer = pointer, .block = pointer, .control = (struct by_control *)behind - 1,
	};
}

static inline void by_tls_set(by_word_t pointer)
{
	__asm__ volatile ("mv tp, %0" : : "r"(pointer) : "memory");
}

#endif
