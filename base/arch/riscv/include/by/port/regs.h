/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * riscv: the return address.
 */
#ifndef BY_PORT_REGS_H
#define BY_PORT_REGS_H

static inline by_word_t by_regs_link(struct by_regs const *regs)
{
	return regs->ra;
}

#endif
