/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line: what moves between the device and the buffers of the one client.
 */
#include "line.h"

void line_init(struct line *line, struct uart_device const *device, struct uart *uart)
{
	*line = (struct line){ .device = device, .uart = uart };
	line->rest = (struct uart_buffer){ .base = line->rest_of, .size = LINE_REST };
}


/*
 * Between the buffers and the device
 */

/* Without a client, what was typed is for nobody, least of all for the next one. */
static unsigned receive(struct line *line)
{
	unsigned char  part[LINE_PART];
	unsigned       room = sizeof(part);

	if (line->taken && uart_buffer_room(&line->typed) < room)
		room = uart_buffer_room(&line->typed);

	unsigned const count = room ? line->device->receive(line->uart, part, room) : 0;

	if (line->taken)
		uart_buffer_put(&line->typed, part, count);

	return count;
}


static unsigned send_from(struct line *line, struct uart_buffer *buffer)
{
	unsigned char const *data;
	unsigned const       size = uart_buffer_peek(buffer, &data);

	if (!size)
		return 0;

	unsigned const count = line->device->send(line->uart, data, size);

	uart_buffer_drop(buffer, count);

	return count;
}


/* What earlier clients have left comes first. */
static unsigned send(struct line *line)
{
	return send_from(line, line->rest.used ? &line->rest : &line->shown);
}


static bool to_receive(struct line const *line)
{
	return !line->taken || uart_buffer_room(&line->typed);
}


static bool to_send(struct line const *line)
{
	return line->rest.used || line->shown.used;
}


void line_listen(struct line *line)
{
	line->receiving = to_receive(line);
	line->sending   = to_send(line);
	line->device->enable(line->uart, line->receiving, line->sending);
}


/* Nothing happens to registers of a device that already interrupts for all that is needed. */
static void update(struct line *line)
{
	if (line->receiving != to_receive(line) || line->sending != to_send(line))
		line_listen(line);
}


unsigned line_work(struct line *line)
{
	bool const     unread = line->typed.used != 0;
	uint64_t const before = line->uart->errors.framing + line->uart->errors.parity
	                        + line->uart->errors.breaks;
	unsigned       news   = 0;

	line->device->enable(line->uart, false, false);
	unsigned const received = receive(line);
	unsigned const sent     = send(line);
	uint64_t const after    = line->uart->errors.framing + line->uart->errors.parity
	                          + line->uart->errors.breaks;

	line->idle = received || sent || after != before ? 0
	             : line->idle < LINE_IDLE ? line->idle + 1 : LINE_IDLE;
	if (!unread && line->typed.used)
		news |= LINE_READABLE;
	if (line->hungry && line->shown.used <= line->shown.size / 2) {
		line->hungry = false;
		news |= LINE_WRITABLE;
	}

	return news;
}


/*
 * The client
 */

by_status_t line_open(struct line *line, struct uart_buffer typed, struct uart_buffer shown)
{
	if (line->taken)
		return BY_LIMIT;

	line->typed  = typed;
	line->shown  = shown;
	line->hungry = false;
	line->taken  = true;

	return BY_OK;
}


void line_close(struct line *line)
{
	unsigned char const *data;
	unsigned             size;

	while ((size = uart_buffer_peek(&line->shown, &data))) {
		line->forgotten += size - uart_buffer_put(&line->rest, data, size);
		uart_buffer_drop(&line->shown, size);
	}
	line->typed = line->shown = (struct uart_buffer){ .base = NULL };
	line->taken = false;
	update(line);
}


unsigned line_write(struct line *line, void const *data, unsigned size)
{
	unsigned const taken = uart_buffer_put(&line->shown, data, size);

	line->hungry = taken < size;

	/* while it sends, the interrupt continues with this */
	if (!line->sending)
		send(line);
	update(line);

	return taken;
}


unsigned line_read(struct line *line, void *data, unsigned room)
{
	unsigned const count = uart_buffer_get(&line->typed, data, room);

	update(line);

	return count;
}
