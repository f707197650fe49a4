/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways to crash that take an instruction of the machine. Each returns if the machine
 * takes it for something harmless.
 */
#ifndef FAULT_WAYS_H
#define FAULT_WAYS_H

/** Execute an instruction that does not exist. */
void fault_illegal(void);

/** Execute a breakpoint. */
void fault_breakpoint(void);

/** Divide by zero. */
void fault_divide(void);

/** Execute an instruction that is not for user level. */
void fault_privileged(void);

#endif
