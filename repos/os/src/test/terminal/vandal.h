/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver gone mad: one file per device.
 */
#ifndef TERMINAL_VANDAL_H
#define TERMINAL_VANDAL_H

#include <uart.h>

/** The device. */
extern struct uart_device const vandal_device;

/** Leave the registers such that nothing can be printed. */
void vandal_wreck(struct uart *uart);

#endif
