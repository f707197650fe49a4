/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver gone mad, of a PL011.
 */
#include "vandal.h"

/* Registers and bits: ARM DDI 0183, chapter 3. */
enum { INTEGER = 0x24, LINE = 0x2c, CONTROL = 0x30, MASK = 0x38 };
enum { CONTROL_LOOP = 0x80, MASK_ALL = 0x7ff };

static bool possible(struct uart_config const *config)
{
	return config->clock;
}


struct uart_device const vandal_device = { .window = 0x1000, .width = 4, .possible = possible };


/* What is sent comes back instead of leaving, if it is sent at all. */
void vandal_wreck(struct uart *uart)
{
	uart->write(uart, INTEGER, 1);
	uart->write(uart, LINE, 0);
	uart->write(uart, CONTROL, CONTROL_LOOP);
	uart->write(uart, MASK, MASK_ALL);
}
