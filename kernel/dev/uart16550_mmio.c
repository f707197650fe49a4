/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boot console: a UART of the 16550 family with registers in memory.
 */
#include "board.h"
#include "mmio.h"
#include "uart16550.h"
#include <arch/console.h>
#include <arch/device.h>
#include <by/boot_info.h>

static struct mmio uart;


void console_attach(struct by_boot_console const *console)
{
	if (console->base)
		uart = mmio_at(device_map(console->base, UART_REGISTERS));
}


void console_init(void)
{
	for (unsigned i = 0; uart.base && i < ARRAY_SIZE(uart_steps); i++)
		mmio_write8(uart, uart_steps[i].reg, uart_steps[i].value);
}


/** Without a device everything is taken. */
bool console_put(char c)
{
	if (!uart.base)
		return true;
	if (!(mmio_read8(uart, UART_STATUS) & UART_STATUS_EMPTY))
		return false;

	mmio_write8(uart, UART_DATA, (uint8_t)c);

	return true;
}
