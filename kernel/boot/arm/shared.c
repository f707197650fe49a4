/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What bootstrap and kernel share, as source: the two are linked at different
 * places and do not know each other.
 */
#include "board.h"
#include BOARD_UART
#include "../../src/print.c"
#include "../../dev/no_screen.c"
