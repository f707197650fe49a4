/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boot console: a UART of the 16550 family, at I/O ports (National PC16550D data
 * sheet, 8).
 */
#include <arch/console.h>
#include "board.h"
#include <port/io.h>

enum { DATA = 0, DIVISOR_LOW = 0, DIVISOR_HIGH = 1, INTERRUPTS = 1, FIFO = 2, LINE = 3,
       MODEM = 4, STATUS = 5 };

enum {
	FIFO_RESET     = 7,     /* on, both emptied */
	LINE_8N1       = 3,
	LINE_DIVISOR   = 0x80,  /* access to the divisor */
	MODEM_READY    = 3,     /* DTR and RTS */
	STATUS_EMPTY   = 0x20,  /* takes a character */
	BAUD           = 115200,
	DIVISOR        = BOARD_UART_CLOCK / 16 / BAUD,
};


void console_init(void)
{
	static struct { uint8_t reg, value; } const steps[] = {
		{ INTERRUPTS, 0 },
		{ LINE, LINE_DIVISOR },
		{ DIVISOR_LOW, DIVISOR & 0xff },
		{ DIVISOR_HIGH, DIVISOR >> 8 },
		{ LINE, LINE_8N1 },
		{ FIFO, FIFO_RESET },
		{ MODEM, MODEM_READY },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(steps); i++)
		port_out8((uint16_t)(BOARD_UART_PORT + steps[i].reg), steps[i].value);
}


bool console_put(char c)
{
	if (!(port_in8(BOARD_UART_PORT + STATUS) & STATUS_EMPTY))
		return false;

	port_out8(BOARD_UART_PORT + DATA, (uint8_t)c);

	return true;
}
