/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * QEMU's virtual RISC-V machine; the device tree tells the rest.
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_NAME       "virt_riscv64"
#define BOARD_CPUS       8
#define BOARD_IRQS       96
#define BOARD_UART_CLOCK 3686400    /* Hz */

#endif
