/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes on their way, first in, first out.
 */
#include "buffer.h"
#include <by/mem.h>

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}


unsigned uart_buffer_put(struct uart_buffer *buffer, void const *data, unsigned size)
{
	unsigned char const *from = data;
	unsigned const       all  = least(size, uart_buffer_room(buffer));

	for (unsigned done = 0; done < all;) {
		unsigned const at   = (buffer->first + buffer->used) % buffer->size;
		unsigned const part = least(all - done, buffer->size - at);

		memcpy(buffer->base + at, from + done, part);
		buffer->used += part;
		done         += part;
	}

	return all;
}


unsigned uart_buffer_get(struct uart_buffer *buffer, void *data, unsigned size)
{
	unsigned char *to   = data;
	unsigned       done = 0, part;
	unsigned char const *from;

	while (done < size && (part = uart_buffer_peek(buffer, &from))) {
		part = least(part, size - done);
		memcpy(to + done, from, part);
		uart_buffer_drop(buffer, part);
		done += part;
	}

	return done;
}


unsigned uart_buffer_peek(struct uart_buffer const *buffer, unsigned char const **data)
{
	*data = buffer->used ? buffer->base + buffer->first : NULL;

	return least(buffer->used, buffer->size - buffer->first);
}


void uart_buffer_drop(struct uart_buffer *buffer, unsigned size)
{
	buffer->used -= size;
	buffer->first = buffer->used ? (buffer->first + size) % buffer->size : 0;
}
