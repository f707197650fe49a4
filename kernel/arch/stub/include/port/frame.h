/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub: a user register set that consists of what calls need.
 */
#ifndef PORT_FRAME_H
#define PORT_FRAME_H

struct frame {
	word_t op, cap, tag, word[BY_MSG_REGS], ip, sp;
};

static inline word_t frame_op(struct frame const *frame)  { return frame->op; }
static inline word_t frame_cap(struct frame const *frame) { return frame->cap; }
static inline word_t frame_tag(struct frame const *frame) { return frame->tag; }
static inline word_t frame_ip(struct frame const *frame)  { return frame->ip; }
static inline word_t frame_sp(struct frame const *frame)  { return frame->sp; }

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


static inline void frame_copy_words(struct frame *to, struct frame const *from,
                                    unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		to->word[i] = from->word[i];
}


static inline word_t *frame_tls(struct frame *frame)
{
	(void)frame;

	return NULL;
}

#endif
