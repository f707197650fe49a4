/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: the machine as a whole.
 */
#ifndef ARCH_MACHINE_H
#define ARCH_MACHINE_H

#include "../types.h"

/** BY_MACHINE_...; comes back with BY_NOT_SUPPORTED only. */
status_t machine_control(unsigned operation);

/** Access an I/O port; BY_NOT_SUPPORTED where there are none. */
status_t machine_port_io(word_t port, unsigned width, bool out, word_t *value);

/** Stop this CPU for good. */
void machine_halt(void) __attribute__((noreturn));

/** Print registers and a backtrace of the kernel on the console. */
void machine_backtrace(void);

#endif
