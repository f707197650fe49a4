/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interval timer of PCs (Intel 8254), whose frequency is the same in all of them.
 */
#ifndef DEV_PIT_H
#define DEV_PIT_H

#include <stdint.h>

enum { PIT_HZ = 1193182 };

/** Let channel 2, which interrupts nobody, count down from 65535. */
void pit_start(void);

uint16_t pit_read(void);

#endif
