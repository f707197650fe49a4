/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The line: what moves between the device and the buffers of the one client.
 *
 *      typed:  device ──> 'typed' ──> client        without a client: forgotten
 *      shown:  client ──> 'shown' ──> device        of clients that are gone: 'rest'
 *
 * As long as a client does not read, nothing is taken from the device, which then can hold
 * back its peer, or counts what it loses.
 */
#ifndef UART_LINE_H
#define UART_LINE_H

#include "buffer.h"
#include <uart.h>

enum {
	LINE_REST = 4096, /* bytes of clients gone that are still to be sent */
	LINE_PART = 256,  /* that are received at once */
	LINE_IDLE = 64,   /* interrupts without anything to do, before they come too often */
};

/** What is news to the client. */
enum { LINE_READABLE = 1, LINE_WRITABLE = 2 };

/** A line. Zeroed, but for 'device' and 'uart', it has no client. */
struct line {
	struct uart_device const *device;
	struct uart              *uart;
	bool                      taken;        /* there is a client */
	struct uart_buffer        typed, shown; /* its own */
	struct uart_buffer        rest;
	unsigned char             rest_of[LINE_REST];
	bool                      receiving, sending; /* what the device interrupts for */
	bool                      hungry;       /* the client had more than was taken */
	unsigned                  idle;         /* interrupts in a row that were for nothing */
	uint64_t                  forgotten;    /* bytes that had no room in 'rest' */
};

/** Begin, without a client. Keeps: line, device, uart. */
void line_init(struct line *line, struct uart_device const *device, struct uart *uart);

/** A client comes, and brings its buffers. Keeps: those. Errors: BY_LIMIT if there is one. */
BY_MUST_USE by_status_t line_open(struct line *line, struct uart_buffer typed,
                                  struct uart_buffer shown);

/** The client goes. Gives: its buffers. */
void line_close(struct line *line);

/** The client writes; how much was taken. */
unsigned line_write(struct line *line, void const *data, unsigned size);

/** The client reads; how much there was, 'room' at most. */
unsigned line_read(struct line *line, void *data, unsigned room);

/**
 * After an interrupt: switch the device's interrupts off, and do what there is to do. Returns
 * LINE_... for the client. The caller lets interrupts through again, and then calls
 * line_listen(), so that not even an edge is lost.
 */
unsigned line_work(struct line *line);

/** Switch the interrupts on that are needed. */
void line_listen(struct line *line);

/** Whether the device interrupts again and again without a reason. */
static inline bool line_storms(struct line const *line)
{
	return line->idle >= LINE_IDLE;
}

#endif
