/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User registers, seen from outside.
 */
#include <arch/frame.h>
#include <port/instruction.h>
#include <port/local.h>

/* Flags that a debugger or a new thread may set: arithmetic, TF, DF, AC, ID. */
static word_t const FLAGS_USER = 0x240dd5;


void frame_start(struct frame *frame, word_t ip, word_t sp, word_t arg)
{
	*frame = (struct frame) {
		.cap = arg,
		.rip = ip, .cs = SELECTOR_USER_CODE,
		.rsp = sp, .ss = SELECTOR_USER_DATA,
		.rflags = FLAG_IF | FLAG_ONE,
	};
}


void frame_read(struct frame const *frame, struct by_regs *regs)
{
	*regs = (struct by_regs) {
		.rax = frame->op, .rbx = frame->rbx, .rcx = frame->rcx, .rdx = frame->word[0],
		.rsi = frame->tag, .rdi = frame->cap, .rbp = frame->rbp, .rsp = frame->rsp,
		.r8 = frame->word[2], .r9 = frame->word[3], .r10 = frame->word[1],
		.r11 = frame->r11, .r12 = frame->r12, .r13 = frame->r13, .r14 = frame->r14,
		.r15 = frame->r15, .rip = frame->rip, .rflags = frame->rflags,
	};
}


/* An address that is not canonical would fault in the kernel when IRET loads it. */
static word_t user_ip(word_t ip)
{
	return ip > BY_USER_LAST ? 0 : ip;
}


void frame_write(struct frame *frame, struct by_regs const *regs)
{
	*frame = (struct frame) {
		.op = regs->rax, .rbx = regs->rbx, .rcx = regs->rcx, .tag = regs->rsi,
		.cap = regs->rdi, .rbp = regs->rbp, .r11 = regs->r11, .r12 = regs->r12,
		.r13 = regs->r13, .r14 = regs->r14, .r15 = regs->r15,
		.word = { regs->rdx, regs->r10, regs->r8, regs->r9 },
		.rip = user_ip(regs->rip), .cs = SELECTOR_USER_CODE,
		.rsp = regs->rsp, .ss = SELECTOR_USER_DATA,
		.rflags = (regs->rflags & FLAGS_USER) | FLAG_IF | FLAG_ONE,
	};
}
