/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The 16550 family of UARTs (National PC16550D data sheet, 8): registers, and what to
 * write at the start. How they are accessed is the driver's concern.
 */
#ifndef DEV_UART16550_H
#define DEV_UART16550_H

#include "board.h"
#include "types.h"

enum { UART_DATA = 0, UART_DIVISOR_LOW = 0, UART_DIVISOR_HIGH = 1, UART_INTERRUPTS = 1,
       UART_FIFO = 2, UART_LINE = 3, UART_MODEM = 4, UART_STATUS = 5, UART_REGISTERS = 8 };

enum {
	UART_FIFO_RESET   = 7,     /* on, both emptied */
	UART_LINE_8N1     = 3,
	UART_LINE_DIVISOR = 0x80,  /* access to the divisor */
	UART_MODEM_READY  = 3,     /* DTR and RTS */
	UART_STATUS_EMPTY = 0x20,  /* takes a character */
	UART_BAUD         = 115200,
	UART_DIVISOR      = BOARD_UART_CLOCK / 16 / UART_BAUD,
};

/**
 * Registers and their values, in the order in which they are to be written. Whoever had the
 * device before may have left the divisor in the place of other registers.
 */
static struct { uint8_t reg, value; } const uart_steps[] = {
	{ UART_LINE, UART_LINE_8N1 },
	{ UART_INTERRUPTS, 0 },
	{ UART_LINE, UART_LINE_DIVISOR },
	{ UART_DIVISOR_LOW, UART_DIVISOR & 0xff },
	{ UART_DIVISOR_HIGH, UART_DIVISOR >> 8 },
	{ UART_LINE, UART_LINE_8N1 },
	{ UART_FIFO, UART_FIFO_RESET },
	{ UART_MODEM, UART_MODEM_READY },
};

#endif
