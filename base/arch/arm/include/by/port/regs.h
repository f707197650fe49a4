/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm: the link register; bit 0 tells the state to return to, not the place.
 */
#ifndef BY_PORT_REGS_H
#define BY_PORT_REGS_H

static inline by_word_t by_regs_link(struct by_regs const *regs)
{
	return regs->lr & ~(by_word_t)1;
}

#endif
