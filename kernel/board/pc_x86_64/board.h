/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PC: what stands at the same place in every one.
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_NAME       "pc_x86_64"
#define BOARD_CPUS       32
#define BOARD_IRQS       240
#define BOARD_UART_PORT  0x3f8      /* COM1 */
#define BOARD_UART_CLOCK 1843200    /* Hz */

#endif
