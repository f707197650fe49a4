/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UARTs of the 16550 family (National PC16550D data sheet, June 1995, section 8).
 */
#ifndef UART_16550_DEVICE_H
#define UART_16550_DEVICE_H

#include <uart.h>

/* Registers, by their offsets (table II). */
enum {
	DATA = 0, DIVISOR_LOW = 0, DIVISOR_HIGH = 1, INTERRUPTS = 1, FIFO = 2, CAUSE = 2, LINE = 3,
	MODEM = 4, STATUS = 5, MODEM_STATUS = 6, SCRATCH = 7, REGISTERS = 8,
};

enum {
	INTERRUPTS_RECEIVE = 1 << 0,
	INTERRUPTS_SEND    = 1 << 1,
	INTERRUPTS_ERROR   = 1 << 2,
	INTERRUPTS_ALL     = 0xf,

	FIFO_RESET         = 7,      /* on, both emptied */
	FIFO_TRIGGER_8     = 2 << 6, /* characters received before it interrupts */
	CAUSE_FIFO         = 3 << 6, /* it has FIFOs that work */

	LINE_8N1           = 3,
	LINE_DIVISOR       = 1 << 7, /* the divisor stands at the first two offsets */

	MODEM_READY        = 3,      /* DTR and RTS */
	MODEM_INTERRUPTS   = 1 << 3, /* OUT2, which lets them through on PCs */
	MODEM_LOOP         = 1 << 4,

	STATUS_DATA        = 1 << 0,
	STATUS_OVERRUN     = 1 << 1,
	STATUS_PARITY      = 1 << 2,
	STATUS_FRAMING     = 1 << 3,
	STATUS_BREAK       = 1 << 4,
	STATUS_EMPTY       = 1 << 5, /* the transmitter's FIFO */
	STATUS_IDLE        = 1 << 6, /* the shift register, too */

	DEPTH              = 16,
};

/** The driver of such a device. */
extern struct uart_device const uart_16550;

#endif
