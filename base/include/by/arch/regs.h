/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: what the registers of a thread (struct by_regs of <by/arch/kernel.h>) tell.
 */
#ifndef BY_ARCH_REGS_H
#define BY_ARCH_REGS_H

#include <by/arch/kernel.h>
#include <by/types.h>

/**
 * Where a function that was just entered returns to; 0 on machines where that is the
 * word at the stack pointer.
 */
static inline by_word_t by_regs_link(struct by_regs const *regs);

#include <by/port/regs.h>

#endif
