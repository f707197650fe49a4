/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the registers of a thread from outside. None of them is privileged.
 */
#include <arch/frame.h>

_Static_assert(sizeof(struct by_regs) == 32 * sizeof(word_t)
               && offsetof(struct by_regs, ra) == offsetof(struct frame, x)
               && offsetof(struct by_regs, t6) == offsetof(struct frame, x[30]),
               "struct by_regs is the beginning of struct frame");


void frame_start(struct frame *frame, word_t ip, word_t sp, word_t arg)
{
	memset(frame, 0, sizeof(*frame));
	frame->pc = ip;
	frame_set_x(frame, X_SP, sp);
	frame_set_x(frame, X_A0, arg);
}


void frame_read(struct frame const *frame, struct by_regs *regs)
{
	memcpy(regs, frame, sizeof(*regs));
}


void frame_write(struct frame *frame, struct by_regs const *regs)
{
	memcpy(frame, regs, sizeof(*regs));
}
