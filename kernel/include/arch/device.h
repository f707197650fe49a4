/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract between a port and the drivers in kernel/dev. A board's drivers are
 * those that its board.mk names; each kind is one of the contracts beside this file.
 */
#ifndef ARCH_DEVICE_H
#define ARCH_DEVICE_H

#include "../types.h"

struct by_boot_console;
struct by_boot_info;

/** Port: map the registers at 'pa'; returns where they are. At boot, a few times only. */
void *device_map(paddr_t pa, word_t size);

/** Drivers: find the device, before anything else of it is used. */
void console_attach(struct by_boot_console const *console);
void irqc_attach(struct by_boot_info const *info);
void clock_attach(struct by_boot_info const *info);

#endif
