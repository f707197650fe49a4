/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Offsets in struct frame that the assembly uses; asserted in trap.c.
 */
#ifndef PORT_OFFSETS_H
#define PORT_OFFSETS_H

#define FRAME_X(n)  ((n) * 8) /* slot 0 holds the pc */
#define FRAME_STACK FRAME_X(32)
#define FRAME_CPU   FRAME_X(33)

#endif
