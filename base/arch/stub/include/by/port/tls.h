/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub port: the control block of the calling thread is where the model says.
 */
#ifndef BY_PORT_TLS_H
#define BY_PORT_TLS_H

extern _Thread_local struct by_control *by_stub_control;

static inline struct by_control *by_control(void)
{
	return by_stub_control;
}

static inline struct by_tls by_tls_layout(by_word_t end, size_t size, size_t align)
{
	by_word_t const block = (end - size) & ~(by_word_t)(align - 1);

	return (struct by_tls){ .pointer = block, .block = block };
}

static inline void by_tls_set(by_word_t pointer)
{
	(void)pointer;
}

#endif
