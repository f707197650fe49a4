/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: FPU and SIMD state.
 *
 * A thread without a save area has the FPU switched off: its first use is
 * BY_FAULT_FPU. A thread with one has its registers loaded whenever it runs.
 */
#ifndef ARCH_FPU_H
#define ARCH_FPU_H

#include "../types.h"

struct fpu;

/** Fill a save area of BY_FPU_SIZE bytes with the initial state. */
void fpu_init(struct fpu *fpu);

/** Put the registers into 'from' (unless NULL), take them from 'to', or switch off if NULL. */
void fpu_switch(struct fpu *from, struct fpu *to);

#endif
