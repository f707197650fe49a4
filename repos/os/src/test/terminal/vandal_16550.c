/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver gone mad, of the 16550 family.
 */
#include "vandal.h"

/* Registers and bits: National PC16550D data sheet, section 8. */
enum { DIVISOR_LOW = 0, DIVISOR_HIGH = 1, INTERRUPTS = 1, LINE = 3, MODEM = 4 };
enum { INTERRUPTS_ALL = 0xf, LINE_DIVISOR = 0x80, MODEM_LOOP = 0x1f };

static bool possible(struct uart_config const *config)
{
	return config->clock;
}


struct uart_device const vandal_device = { .window = 8, .width = 1, .possible = possible };


/* What is sent comes back instead of leaving; characters go into the divisor. */
void vandal_wreck(struct uart *uart)
{
	uart->write(uart, INTERRUPTS, INTERRUPTS_ALL);
	uart->write(uart, MODEM, MODEM_LOOP);
	uart->write(uart, LINE, LINE_DIVISOR);
	uart->write(uart, DIVISOR_HIGH, 0x12);
	uart->write(uart, DIVISOR_LOW, 0x34);
}
