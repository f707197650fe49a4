/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: the registers of a thread from outside. Mode, masks and byte order are
 * the kernel's.
 */
#include <arch/frame.h>
#include <port/cp15.h>

_Static_assert(offsetof(struct by_regs, cpsr) == offsetof(struct frame, cpsr)
               && sizeof(struct frame) == offsetof(struct by_regs, tls),
               "struct frame is the beginning of struct by_regs");

enum { PSR_FIXED = PSR_USER | PSR_F };


void frame_start(struct frame *frame, word_t ip, word_t sp, word_t arg)
{
	memset(frame, 0, sizeof(*frame));
	frame->r[0] = arg;
	frame->sp   = sp;
	frame->pc   = ip & ~(word_t)1;
	frame->cpsr = PSR_FIXED | (ip & 1 ? PSR_T : 0);
}


void frame_read(struct frame const *frame, struct by_regs *regs)
{
	memcpy(regs, frame, sizeof(*frame));
}


void frame_write(struct frame *frame, struct by_regs const *regs)
{
	memcpy(frame, regs, sizeof(*frame));
	frame->cpsr = (regs->cpsr & PSR_OWN) | PSR_FIXED;
}
