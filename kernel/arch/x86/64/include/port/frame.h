/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User registers, in the order in which the entry code and the CPU push them.
 *
 * A frame saved by a system call lacks rcx and r11, which SYSCALL destroys; it is
 * left by SYSRET. All others are left by IRET.
 */
#ifndef PORT_FRAME_H
#define PORT_FRAME_H

struct frame {
	word_t r15, r14, r13, r12, rbp, rbx;
	word_t cap, tag;               /* rdi, rsi */
	word_t word[BY_MSG_REGS];      /* rdx, r10, r8, r9 */
	word_t op;                     /* rax */
	word_t rcx, r11;
	word_t vector;                 /* why the kernel was entered, or VECTOR_CALL */
	word_t error;                  /* from here on as the CPU pushes it */
	word_t rip, cs, rflags, rsp, ss;
} __attribute__((aligned(16)));        /* Intel SDM volume 3, 6.14.2: the CPU aligns RSP */

static inline word_t frame_op(struct frame const *frame)  { return frame->op; }
static inline word_t frame_cap(struct frame const *frame) { return frame->cap; }
static inline word_t frame_tag(struct frame const *frame) { return frame->tag; }
static inline word_t frame_ip(struct frame const *frame)  { return frame->rip; }
static inline word_t frame_sp(struct frame const *frame)  { return frame->rsp; }

static inline word_t frame_word(struct frame const *frame, unsigned i)
{
	return frame->word[i];
}


static inline void frame_set_cap(struct frame *frame, word_t value) { frame->cap = value; }
static inline void frame_set_tag(struct frame *frame, word_t value) { frame->tag = value; }

static inline void frame_set_word(struct frame *frame, unsigned i, word_t value)
{
	frame->word[i] = value;
}


/* FS base is no register that entries save; see entry.S. */
static inline word_t *frame_tls(struct frame *frame)
{
	(void)frame;

	return NULL;
}


static inline void frame_copy_words(struct frame *to, struct frame const *from,
                                    unsigned count)
{
	if (!count)
		return;
	to->word[0] = from->word[0];
	if (count > 1)
		to->word[1] = from->word[1];
	if (count > 2)
		to->word[2] = from->word[2];
	if (count > 3)
		to->word[3] = from->word[3];
}

#endif
