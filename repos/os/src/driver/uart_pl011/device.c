/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm's PrimeCell UART, PL011 (technical reference manual, ARM DDI 0183, chapter 3).
 */
#include "device.h"

enum { DATA_BAD = DATA_FRAMING | DATA_PARITY | DATA_BREAK };


/* In 64ths, of the clock by 16 (3.3.6). */
static uint64_t divisor(struct uart_config const *config)
{
	return (4 * (uint64_t)config->clock + config->baud / 2) / config->baud;
}


static bool possible(struct uart_config const *config)
{
	uint64_t const by   = divisor(config), rate = by * config->baud;
	uint64_t const want = 4 * (uint64_t)config->clock;
	uint64_t const off  = rate > want ? rate - want : want - rate;

	return by / 64 && by / 64 <= 0xffff && off * 100 <= 3 * want;
}


/* What it calls itself: part 011, by designer 41 (3.3.15). */
static bool present(struct uart *uart)
{
	uint32_t id = 0;

	for (unsigned i = 0; i < 4; i++)
		id |= (uart->read(uart, PERIPHERAL + 4 * i) & 0xff) << 8 * i;
	if ((id & 0xfffff) != 0x41011)
		return false;

	uart->write(uart, MASK, 0);

	return true;
}


static bool idle(struct uart *uart)
{
	return !(uart->read(uart, FLAGS) & FLAGS_BUSY);
}


/*
 * The divisor takes effect with the write to LINE (3.3.6). The transmitter interrupts when
 * its FIFO falls through a level, not while it is below (2.8.2): the low one is passed by any
 * FIFO that was full.
 */
static void init(struct uart *uart, struct uart_config const *config)
{
	uint32_t const by = (uint32_t)divisor(config);

	uart->write(uart, CONTROL, 0);
	uart->write(uart, MASK, 0);
	uart->write(uart, LINE, 0); /* empties the FIFOs */
	uart->write(uart, DMA, 0);
	uart->write(uart, CLEAR, CLEAR_ALL);
	uart->write(uart, INTEGER, by / 64);
	uart->write(uart, FRACTION, by % 64);
	uart->write(uart, LINE, LINE_8N1_FIFO);
	uart->write(uart, LEVELS, LEVELS_RECEIVE | LEVELS_SEND);
	uart->write(uart, CONTROL, CONTROL_ON);
	uart->depth = DEPTH;
}


/* An overrun is told by the character after it. A break is a framing error, too. */
static bool good(struct uart *uart, uint32_t data)
{
	uart->errors.overrun += (data & DATA_OVERRUN) != 0;
	if (data & DATA_BREAK)
		uart->errors.breaks++;
	else if (data & DATA_FRAMING)
		uart->errors.framing++;
	else if (data & DATA_PARITY)
		uart->errors.parity++;

	return !(data & DATA_BAD);
}


/* Bad characters take no room, so there is a bound of their own. */
static unsigned receive(struct uart *uart, unsigned char *to, unsigned room)
{
	unsigned count = 0;

	for (unsigned i = 0; i < room && !(uart->read(uart, FLAGS) & FLAGS_NOTHING); i++) {
		uint32_t const data = uart->read(uart, DATA);

		to[count] = (unsigned char)data;
		count += good(uart, data);
	}

	return count;
}


static unsigned send(struct uart *uart, unsigned char const *from, unsigned size)
{
	unsigned count = 0;

	while (count < size && count < uart->depth && !(uart->read(uart, FLAGS) & FLAGS_FULL))
		uart->write(uart, DATA, from[count++]);

	return count;
}


static void enable(struct uart *uart, bool receiving, bool sending)
{
	uart->write(uart, MASK, (receiving ? MASK_RECEIVE | MASK_TIMEOUT : 0u)
	                        | (sending ? MASK_SEND : 0u));
}


struct uart_device const uart_pl011 = {
	.window = REGISTERS, .width = 4, .possible = possible, .present = present, .idle = idle,
	.init = init, .receive = receive, .send = send, .enable = enable,
};
