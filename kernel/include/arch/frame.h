/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: the user registers of a thread, and which of them carry calls.
 *
 * The port's <port/frame.h> defines struct frame and the inline functions
 * declared here. Message words below BY_MSG_REGS are in registers.
 */
#ifndef ARCH_FRAME_H
#define ARCH_FRAME_H

#include "../types.h"

struct frame;

static inline word_t frame_op(struct frame const *frame);
static inline word_t frame_cap(struct frame const *frame);
static inline word_t frame_tag(struct frame const *frame);
static inline word_t frame_word(struct frame const *frame, unsigned i);
static inline word_t frame_ip(struct frame const *frame);
static inline word_t frame_sp(struct frame const *frame);

static inline void frame_set_cap(struct frame *frame, word_t value);
static inline void frame_set_tag(struct frame *frame, word_t value);
static inline void frame_set_word(struct frame *frame, unsigned i, word_t value);

/** The TLS register, if it is one of the frame; NULL: thread.tls holds it. */
static inline word_t *frame_tls(struct frame *frame);

/** Copy the first 'count' message words, at most BY_MSG_REGS. */
static inline void frame_copy_words(struct frame *to, struct frame const *from,
                                    unsigned count);

/** Make the frame one that starts at 'ip' with its argument in the first argument register. */
void frame_start(struct frame *frame, word_t ip, word_t sp, word_t arg);

/** Move registers to and from user-visible form; writing sanitises what is privileged. */
void frame_read(struct frame const *frame, struct by_regs *regs);
void frame_write(struct frame *frame, struct by_regs const *regs);

#include <port/frame.h>

#endif
