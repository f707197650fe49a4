/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A runtime for generated code without a kernel.
 *
 *    stub --> by_ipc_call --> copy of the message --> dispatcher of this process
 *
 * Both sides have a message page of their own, and pages hold garbage where
 * nothing was sent. Capabilities are slots of one table; every received one
 * must be kept or dropped exactly once. Wrong use ends the program.
 */
#ifndef HOST_RUNTIME_H
#define HOST_RUNTIME_H

#include <by/rpc.h>

enum { HOST_DEPTH = 4, HOST_SLOTS = 256 };

/** A message as it was sent. */
struct host_copy {
	by_tag_t      tag;
	size_t        len;
	unsigned char byte[BY_MSG_WORDS * sizeof(by_word_t)];
};

struct host {
	/* Where calls go; a call to a gate of slot 0 is an error. */
	const struct by_rpc_interface *server;
	const void                    *ops;
	void                          *self;

	/* What the world does to messages. */
	size_t        peer_word;   /* the other side's bytes per word, 0: ours */
	unsigned char garbage;     /* what pages hold */
	by_status_t   transport;   /* status of the next calls, which arrive nowhere */
	unsigned      no_slots;    /* receive slots that cannot be named any more */
	unsigned      upgrades_left;
	void        (*tamper)(struct by_message *reply, by_tag_t *tag);

	/* What was seen. */
	unsigned      calls, early, upgrades, undeclared;
	struct host_copy request, reply; /* of the last call that was not nested */
};

extern struct host host;

/** Everything as at the start. */
void host_init(void);

/** Fill the page of the calling thread with garbage. */
void host_soil_page(void);

/** A new capability to 'object', which is not 0. Gives: its slot. */
by_cap_t host_cap(unsigned object);

/** As host_cap, of the receiver's own: arrives as a badge. */
by_cap_t host_own_cap(unsigned badge);

/** The object behind a capability, 0 if it is none. */
unsigned host_object(by_cap_t cap);

/** Give up a capability. Takes: 'cap'. */
void host_release(by_cap_t cap);

/** Number of capabilities that exist. */
unsigned host_caps(void);

/**
 * Run the dispatcher on a message as it stands. The request's capabilities are
 * as 'msg' and 'tag' say, the slots in it must exist.
 */
by_tag_t host_dispatch(struct by_message *msg, by_tag_t tag);

/** Enter a foreign capability into 'msg' as if it was received. */
void host_receive(struct by_message *msg, unsigned index, enum by_cap_kind kind, unsigned object);

#endif
