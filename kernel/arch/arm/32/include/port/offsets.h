/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What C and trap.S have to agree on; offsets in struct frame are asserted in trap.c.
 */
#ifndef PORT_OFFSETS_H
#define PORT_OFFSETS_H

#define FRAME_REGS 60 /* r0 to lr; pc and cpsr follow */
#define FRAME_CPSR 64
#define FRAME_SIZE 68

/** Kinds of exceptions. */
#define TRAP_UNDEFINED 1
#define TRAP_CALL      2
#define TRAP_PREFETCH  3
#define TRAP_DATA      4
#define TRAP_IRQ       6
#define TRAP_UNEXPECTED 7

#endif
