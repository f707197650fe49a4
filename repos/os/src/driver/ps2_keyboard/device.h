/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keyboard behind a PC's controller, as a device of library uart: it sends what its keys
 * mean to a terminal, and takes whatever is written, which nobody sees.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <uart.h>

/** Registers, by their offset, and bits of the status. */
enum { DATA = 0, STATUS = 4, COMMAND = 4, REGISTERS = 5 };
enum { STATUS_OUTPUT = 1, STATUS_INPUT = 2, STATUS_SECOND = 0x20 };

/** Commands, the byte that WRITE_MODE takes, and answers. */
enum {
	WRITE_MODE = 0x60, SECOND_OFF = 0xa7, TEST = 0xaa, TEST_KEYBOARD = 0xab,
	KEYBOARD_OFF = 0xad, KEYBOARD_ON = 0xae,
	MODE_INTERRUPT = 1, MODE_SYSTEM = 4, MODE_SECOND_OFF = 0x20, MODE_TRANSLATE = 0x40,
	KEYBOARD_SCAN = 0xf4, TEST_PASSED = 0x55, KEYBOARD_TEST_PASSED = 0,
};

extern struct uart_device const ps2_keyboard;

#endif
