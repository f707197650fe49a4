/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes on their way, first in, first out.
 */
#ifndef UART_BUFFER_H
#define UART_BUFFER_H

#include <by/types.h>

/** A buffer; its user's memory. Zeroed: it takes nothing. */
struct uart_buffer {
	unsigned char *base;
	unsigned       size, first, used;
};

/** Append bytes, as many as there is room for; how many. Borrows: data. */
unsigned uart_buffer_put(struct uart_buffer *buffer, void const *data, unsigned size);

/** Take the oldest bytes, 'size' at most; how many. */
unsigned uart_buffer_get(struct uart_buffer *buffer, void *data, unsigned size);

/** The oldest bytes, as far as they lie in one piece; how many. They stay where they are. */
unsigned uart_buffer_peek(struct uart_buffer const *buffer, unsigned char const **data);

/** Forget the oldest bytes, of which there are at least 'size'. */
void uart_buffer_drop(struct uart_buffer *buffer, unsigned size);

/** How many more it takes. */
static inline unsigned uart_buffer_room(struct uart_buffer const *buffer)
{
	return buffer->size - buffer->used;
}

#endif
