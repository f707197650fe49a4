/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boot console: Arm PrimeCell UART PL011 (TRM, DDI 0183G, 3.3).
 */
#include "board.h"
#include "mmio.h"
#include <arch/console.h>
#include <arch/device.h>
#include <by/boot_info.h>

enum { DR = 0x00, FR = 0x18, IBRD = 0x24, FBRD = 0x28, LCRH = 0x2c, CR = 0x30, IMSC = 0x38,
       ICR = 0x44, DMACR = 0x48, REGISTERS = 0x1000 };

enum {
	FR_FULL     = 1 << 5,    /* transmit FIFO */
	LCRH_8N1    = 0x70,      /* FIFOs on, eight bits, no parity, one stop bit */
	CR_ON       = 0x301,     /* UART, transmitter, receiver */
	ICR_ALL     = 0x7ff,
	BAUD        = 115200,
	DIVISOR     = BOARD_UART_CLOCK * 4 / BAUD, /* in 64ths, of the clock by 16 */
};

static struct mmio uart;


void console_attach(struct by_boot_console const *console)
{
	if (console->base)
		uart = mmio_at(device_map(console->base, REGISTERS));
}


/** The divisor takes effect with the write to LCRH (3.3.6). */
void console_init(void)
{
	static struct { uint16_t reg, value; } const steps[] = {
		{ CR, 0 },
		{ IMSC, 0 },
		{ DMACR, 0 },
		{ ICR, ICR_ALL },
		{ IBRD, DIVISOR / 64 },
		{ FBRD, DIVISOR % 64 },
		{ LCRH, LCRH_8N1 },
		{ CR, CR_ON },
	};

	for (unsigned i = 0; uart.base && i < ARRAY_SIZE(steps); i++)
		mmio_write32(uart, steps[i].reg, steps[i].value);
}


/** Without a device everything is taken. */
bool console_put(char c)
{
	if (!uart.base)
		return true;
	if (mmio_read32(uart, FR) & FR_FULL)
		return false;

	mmio_write32(uart, DR, (uint8_t)c);

	return true;
}
