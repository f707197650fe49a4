/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm's PrimeCell UART, PL011 (technical reference manual, ARM DDI 0183, chapter 3).
 */
#ifndef UART_PL011_DEVICE_H
#define UART_PL011_DEVICE_H

#include <uart.h>

/* Registers, by their offsets (table 3-1). */
enum {
	DATA = 0x00, FLAGS = 0x18, INTEGER = 0x24, FRACTION = 0x28, LINE = 0x2c, CONTROL = 0x30,
	LEVELS = 0x34, MASK = 0x38, CLEAR = 0x44, DMA = 0x48, PERIPHERAL = 0xfe0,
	REGISTERS = 0x1000,
};

enum {
	DATA_FRAMING    = 1 << 8,
	DATA_PARITY     = 1 << 9,
	DATA_BREAK      = 1 << 10,
	DATA_OVERRUN    = 1 << 11,

	FLAGS_BUSY      = 1 << 3,
	FLAGS_NOTHING   = 1 << 4,  /* was received */
	FLAGS_FULL      = 1 << 5,  /* the transmitter's FIFO */

	LINE_8N1_FIFO   = 0x70,

	CONTROL_ON      = 0x301,   /* UART, transmitter, receiver */
	CONTROL_LOOP    = 1 << 7,

	LEVELS_RECEIVE  = 2 << 3,  /* at half of the FIFO; */
	LEVELS_SEND     = 0,       /* at an eighth */

	MASK_RECEIVE    = 1 << 4,
	MASK_SEND       = 1 << 5,
	MASK_TIMEOUT    = 1 << 6,  /* something has been waiting for the time of 32 bits */
	CLEAR_ALL       = 0x7ff,

	DEPTH           = 32,      /* of the FIFOs from r1p5 on, 16 before */
};

/** The driver of such a device. */
extern struct uart_device const uart_pl011;

#endif
