/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways to crash that take an instruction of the machine. Each returns if the machine
 * takes it for something harmless.
 */
#ifndef CRASHER_WAYS_H
#define CRASHER_WAYS_H

/** Execute an instruction that does not exist. */
void crash_illegal(void);

/** Execute a breakpoint. */
void crash_breakpoint(void);

/** Divide by zero. */
void crash_divide(void);

/** Execute an instruction that is not for user level. */
void crash_privileged(void);

/** Access a word at an address that is not a multiple of its size. */
void crash_misaligned(void);

/** Compute with the FPU. */
void crash_fpu(void);

#endif
