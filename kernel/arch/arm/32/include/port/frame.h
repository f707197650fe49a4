/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: the registers in the order in which trap.S stores them.
 */
#ifndef PORT_FRAME_H
#define PORT_FRAME_H

struct frame {
	word_t r[13], sp, lr;
	word_t pc, cpsr;  /* as SRS stores them */
};

static inline word_t frame_op(struct frame const *frame)  { return frame->r[7]; }
static inline word_t frame_cap(struct frame const *frame) { return frame->r[0]; }
static inline word_t frame_tag(struct frame const *frame) { return frame->r[1]; }
static inline word_t frame_ip(struct frame const *frame)  { return frame->pc; }
static inline word_t frame_sp(struct frame const *frame)  { return frame->sp; }

static inline word_t frame_word(struct frame const *frame, unsigned i)
{
	return frame->r[2 + i];
}


static inline void frame_set_cap(struct frame *frame, word_t value)
{
	frame->r[0] = value;
}


static inline void frame_set_tag(struct frame *frame, word_t value)
{
	frame->r[1] = value;
}


static inline void frame_set_word(struct frame *frame, unsigned i, word_t value)
{
	frame->r[2 + i] = value;
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


static inline word_t *frame_tls(struct frame *frame)
{
	(void)frame;

	return NULL;
}

#endif
