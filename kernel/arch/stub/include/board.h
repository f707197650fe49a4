/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The stub's board.
 */
#ifndef BOARD_H
#define BOARD_H

#define BOARD_CPUS 64
#define BOARD_IRQS 1024

#endif
