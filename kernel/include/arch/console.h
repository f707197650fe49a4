/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: the boot console, driven by polling.
 */
#ifndef ARCH_CONSOLE_H
#define ARCH_CONSOLE_H

#include "../types.h"

/** Initialise the device, at boot and when it is taken back. */
void console_init(void);

/** Print a character now; false if the device cannot take it at the moment. */
bool console_put(char c);

#endif
