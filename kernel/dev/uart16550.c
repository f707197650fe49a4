/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boot console: a UART of the 16550 family, at I/O ports.
 */
#include "board.h"
#include "uart16550.h"
#include <arch/console.h>
#include <port/io.h>


void console_init(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(uart_steps); i++)
		port_out8((uint16_t)(BOARD_UART_PORT + uart_steps[i].reg), uart_steps[i].value);
}


bool console_put(char c)
{
	if (!(port_in8(BOARD_UART_PORT + UART_STATUS) & UART_STATUS_EMPTY))
		return false;

	port_out8(BOARD_UART_PORT + UART_DATA, (uint8_t)c);

	return true;
}
