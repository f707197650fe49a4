/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages: the tag, the words and the capabilities of one IPC.
 *
 * A message has up to BY_MSG_WORDS native words and up to BY_MSG_CAPS
 * capabilities. Its first BY_MSG_REGS words (a constant of the architecture)
 * travel in registers, the others through the message page of the thread: one
 * page that kernel and thread both see, so that IPC never faults.
 *
 *    tag   31 30 | 29 ... 16 | 15 ... 10 | 9 ... 7 | 6 ... 0
 *          event |  opcode   |  status   |  caps   |  words
 */
#ifndef BY_MESSAGE_H
#define BY_MESSAGE_H

#include <by/types.h>

enum {
	BY_MSG_WORDS = 120, /* words of one message */
	BY_MSG_CAPS  = 4,   /* capabilities of one message */
	BY_MSG_BYTES = 480, /* bytes of one .rpc message, on every architecture */
};

/** What a wait delivered; stands in the tag. */
enum by_event {
	BY_EVENT_REQUEST = 0, /* a call: badge of the gate, opcode, words, caps */
	BY_EVENT_SIGNAL  = 1, /* a signal: its badge; word 0 is the count */
	BY_EVENT_FAULT   = 2, /* core only: thread id; words as in by/abi.h */
	BY_EVENT_NONE    = 3, /* nothing; the status says why */
};

/** How a received capability arrived; written by the kernel. */
enum by_cap_kind {
	BY_CAP_NONE    = 0, /* the sender passed BY_NO_CAP */
	BY_CAP_OWN     = 1, /* belongs to the receiver's PD: value is the badge */
	BY_CAP_FOREIGN = 2, /* value is the slot that it was put into */
	BY_CAP_LOST    = 3, /* foreign, but no empty slot was named for it */
	BY_CAP_DEAD    = 4, /* what the sender passed exists no more */
};

/** Content of the message page. */
struct by_message {
	by_word_t word[BY_MSG_WORDS];     /* words from BY_MSG_REGS on */
	by_word_t send_cap[BY_MSG_CAPS];  /* slots of the capabilities to send */
	by_word_t recv_slot[BY_MSG_CAPS]; /* empty slots ready to be filled, 0: none */
	by_word_t cap_kind[BY_MSG_CAPS];  /* enum by_cap_kind, valid up to tag's caps */
	by_word_t cap_value[BY_MSG_CAPS]; /* badge or slot */
};

typedef uint32_t by_tag_t;

/** Tag of a request or a reply with so many words and capabilities. */
static inline by_tag_t by_tag(unsigned opcode, unsigned words, unsigned caps)
{
	return (by_tag_t)(opcode << 16 | caps << 7 | words);
}

/** Tag that the kernel returns: what happened, and the status of the transport. */
static inline by_tag_t by_tag_event(enum by_event event, by_status_t status)
{
	return (by_tag_t)((uint32_t)event << 30 | (uint32_t)(uintptr_t)status << 10);
}

/** Words, capabilities and opcode of a message. */
static inline unsigned by_tag_words(by_tag_t tag)  { return tag & 0x7f; }
static inline unsigned by_tag_caps(by_tag_t tag)   { return tag >> 7 & 7; }
static inline unsigned by_tag_opcode(by_tag_t tag) { return tag >> 16 & 0x3fff; }

/** What a wait or a call returned with. */
static inline enum by_event by_tag_event_of(by_tag_t tag)
{
	return (enum by_event)(tag >> 30);
}

/** Status of the transport; that of the method is the first word. */
static inline by_status_t by_tag_status(by_tag_t tag)
{
	return BY_STATUS(tag >> 10 & 0x3f);
}

#endif
