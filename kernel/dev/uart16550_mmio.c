/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boot console: a UART of the 16550 family with registers in memory (National
 * PC16550D data sheet, 8).
 */
#include "board.h"
#include "mmio.h"
#include <arch/console.h>
#include <arch/device.h>
#include <by/boot_info.h>

enum { DATA = 0, DIVISOR_LOW = 0, DIVISOR_HIGH = 1, INTERRUPTS = 1, FIFO = 2, LINE = 3,
       MODEM = 4, STATUS = 5, REGISTERS = 8 };

enum {
	FIFO_RESET     = 7,     /* on, both emptied */
	LINE_8N1       = 3,
	LINE_DIVISOR   = 0x80,  /* access to the divisor */
	MODEM_READY    = 3,     /* DTR and RTS */
	STATUS_EMPTY   = 0x20,  /* takes a character */
	BAUD           = 115200,
	DIVISOR        = BOARD_UART_CLOCK / 16 / BAUD,
};

static struct mmio uart;


void console_attach(struct by_boot_console const *console)
{
	if (console->base)
		uart = mmio_at(device_map(console->base, REGISTERS));
}


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

	for (unsigned i = 0; uart.base && i < ARRAY_SIZE(steps); i++)
		mmio_write8(uart, steps[i].reg, steps[i].value);
}


/** Without a device everything is taken. */
bool console_put(char c)
{
	if (!uart.base)
		return true;
	if (!(mmio_read8(uart, STATUS) & STATUS_EMPTY))
		return false;

	mmio_write8(uart, DATA, (uint8_t)c);

	return true;
}
