/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host tests of core: the control block is that of the client that acts; see host.c.
 */
#ifndef BY_PORT_TLS_H
#define BY_PORT_TLS_H

struct by_control *host_control(void);

static inline struct by_control *by_control(void)
{
	return host_control();
}

static inline struct by_tls by_tls_layout(by_word_t end, size_t size, size_t align)
{
	(void)size, (void)align;

	return (struct by_tls){ .pointer = end };
}

static inline void by_tls_set(by_word_t pointer)
{
	(void)pointer;
}

#endif
