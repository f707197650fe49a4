/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices whose registers are in memory: a window of one page.
 */
#ifndef IRQ_WINDOW_H
#define IRQ_WINDOW_H

#include <by/types.h>

/** Where it is. The device's file tells. */
extern uint64_t const window_base;

/** Read the register at an offset. */
uint32_t window_read(unsigned offset);

/** Write the register at an offset. */
void window_write(unsigned offset, uint32_t value);

#endif
