/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's virtual Arm machine with 32-bit cores; the device tree tells the rest.
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_NAME       "virt_arm_v7a"
#define BOARD_CPUS       8
#define BOARD_IRQS       288
#define BOARD_RAM_BASE   0x40000000
#define BOARD_UART       "../../dev/pl011.c" /* the boot console's driver */
#define BOARD_UART_BASE  0x09000000
#define BOARD_UART_CLOCK 24000000   /* Hz */

#endif
