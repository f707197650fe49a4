/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the integer registers, and what the trap entry needs to reach the kernel.
 */
#ifndef PORT_FRAME_H
#define PORT_FRAME_H

enum { X_SP = 2, X_TP = 4, X_A0 = 10, X_A1 = 11, X_A2 = 12, X_A7 = 17 };

struct frame {
	word_t      pc;
	word_t      x[31];  /* x1 to x31: use frame_x() */
	word_t      stack;  /* of the CPU's kernel; written when the kernel is left */
	struct cpu *cpu;    /* the same */
};

static inline word_t frame_x(struct frame const *frame, unsigned n)
{
	return frame->x[n - 1];
}


static inline void frame_set_x(struct frame *frame, unsigned n, word_t value)
{
	frame->x[n - 1] = value;
}


static inline word_t frame_op(struct frame const *frame)  { return frame_x(frame, X_A7); }
static inline word_t frame_cap(struct frame const *frame) { return frame_x(frame, X_A0); }
static inline word_t frame_tag(struct frame const *frame) { return frame_x(frame, X_A1); }
static inline word_t frame_ip(struct frame const *frame)  { return frame->pc; }
static inline word_t frame_sp(struct frame const *frame)  { return frame_x(frame, X_SP); }

static inline word_t frame_word(struct frame const *frame, unsigned i)
{
	return frame_x(frame, X_A2 + i);
}


static inline void frame_set_cap(struct frame *frame, word_t value)
{
	frame_set_x(frame, X_A0, value);
}


static inline void frame_set_tag(struct frame *frame, word_t value)
{
	frame_set_x(frame, X_A1, value);
}


static inline void frame_set_word(struct frame *frame, unsigned i, word_t value)
{
	frame_set_x(frame, X_A2 + i, value);
}


static inline word_t *frame_tls(struct frame *frame)
{
	return &frame->x[X_TP - 1];
}


static inline void frame_copy_words(struct frame *to, struct frame const *from,
                                    unsigned count)
{
	/* half of a loop's instructions; no register of the sender leaks */
	if (count > 0)
		frame_set_word(to, 0, frame_word(from, 0));
	if (count > 1)
		frame_set_word(to, 1, frame_word(from, 1));
	if (count > 2)
		frame_set_word(to, 2, frame_word(from, 2));
	if (count > 3)
		frame_set_word(to, 3, frame_word(from, 3));
}

#endif
