/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UARTs of the 16550 family (National PC16550D data sheet, June 1995, section 8).
 */
#include "device.h"

enum {
	STATUS_BAD    = STATUS_PARITY | STATUS_FRAMING | STATUS_BREAK,
	NOTHING_THERE = 0xff, /* what a bus reads like that nobody drives */
};


static uint32_t divisor(struct uart_config const *config)
{
	uint64_t const rate = 16 * (uint64_t)config->baud;

	return (uint32_t)((config->clock + rate / 2) / rate);
}


static bool possible(struct uart_config const *config)
{
	uint64_t const by = 16 * (uint64_t)divisor(config), rate = by * config->baud;
	uint64_t const off = rate > config->clock ? rate - config->clock : config->clock - rate;

	return by && divisor(config) <= 0xffff && off * 100 <= 3 * (uint64_t)config->clock;
}


/* The scratch register does nothing but to keep what is written (8.9). */
static bool keeps(struct uart *uart, uint32_t value)
{
	uart->write(uart, SCRATCH, value);

	return (uart->read(uart, SCRATCH) & 0xff) == value;
}


/* Whoever had it may have left the divisor in the place of other registers. */
static bool present(struct uart *uart)
{
	uart->write(uart, LINE, LINE_8N1);
	uart->write(uart, INTERRUPTS, 0);

	return !(uart->read(uart, INTERRUPTS) & INTERRUPTS_ALL)
	       && (uart->read(uart, STATUS) & 0xff) != NOTHING_THERE
	       && keeps(uart, 0x5a) && keeps(uart, 0xa5);
}


/* Reading the status forgets the errors of the character to come (8.4). */
static uint32_t status(struct uart *uart)
{
	uint32_t const value = uart->read(uart, STATUS);

	uart->pending |= value & STATUS_BAD;
	uart->errors.overrun += (value & STATUS_OVERRUN) != 0;

	return value;
}


static bool idle(struct uart *uart)
{
	return status(uart) & STATUS_IDLE;
}


static void init(struct uart *uart, struct uart_config const *config)
{
	uint32_t const by = divisor(config);

	uart->write(uart, LINE, LINE_8N1);
	uart->write(uart, INTERRUPTS, 0);
	uart->write(uart, LINE, LINE_8N1 | LINE_DIVISOR);
	uart->write(uart, DIVISOR_LOW, by & 0xff);
	uart->write(uart, DIVISOR_HIGH, by >> 8);
	uart->write(uart, LINE, LINE_8N1);
	uart->write(uart, FIFO, FIFO_RESET | FIFO_TRIGGER_8);
	uart->write(uart, MODEM, MODEM_READY | MODEM_INTERRUPTS);
	uart->depth = (uart->read(uart, CAUSE) & CAUSE_FIFO) == CAUSE_FIFO ? DEPTH : 1;

	/* what is left of earlier errors and changes of the modem's lines */
	uart->read(uart, STATUS);
	uart->read(uart, DATA);
	uart->read(uart, MODEM_STATUS);
	uart->pending = 0;
}


/* A break is a framing error, too, and a character of zeros. */
static bool good(struct uart *uart)
{
	unsigned const bad = uart->pending;

	uart->pending = 0;
	if (bad & STATUS_BREAK)
		uart->errors.breaks++;
	else if (bad & STATUS_FRAMING)
		uart->errors.framing++;
	else if (bad & STATUS_PARITY)
		uart->errors.parity++;

	return !bad;
}


/* Bad characters take no room, so there is a bound of their own. */
static unsigned receive(struct uart *uart, unsigned char *to, unsigned room)
{
	unsigned count = 0;

	for (unsigned i = 0; i < room && status(uart) & STATUS_DATA; i++) {
		to[count] = (unsigned char)uart->read(uart, DATA);
		count += good(uart);
	}

	return count;
}


/* When the FIFO is empty, it takes all that it has room for; otherwise one does not know. */
static unsigned send(struct uart *uart, unsigned char const *from, unsigned size)
{
	unsigned const most = size < uart->depth ? size : uart->depth;

	if (!(status(uart) & STATUS_EMPTY))
		return 0;
	for (unsigned i = 0; i < most; i++)
		uart->write(uart, DATA, from[i]);

	return most;
}


static void enable(struct uart *uart, bool receiving, bool sending)
{
	uart->write(uart, INTERRUPTS,
	            (receiving ? INTERRUPTS_RECEIVE | INTERRUPTS_ERROR : 0u)
	            | (sending ? INTERRUPTS_SEND : 0u));
}


struct uart_device const uart_16550 = {
	.window = REGISTERS, .width = 1, .possible = possible, .present = present, .idle = idle,
	.init = init, .receive = receive, .send = send, .enable = enable,
};
