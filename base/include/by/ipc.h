/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC of the calling thread, with the words in its message page.
 */
#ifndef BY_IPC_H
#define BY_IPC_H

#include <by/abi.h>
#include <by/arch/call.h>
#include <by/arch/tls.h>
#include <by/message.h>
#include <by/types.h>

_Static_assert(BY_MSG_REGS == 4, "by_ipc() moves four words");

/** The message page of the calling thread. Its content changes with every IPC. */
static inline struct by_message *by_message(void)
{
	return by_control()->message;
}

/**
 * Make the IPC call 'op' with the message described by 'tag'. Returns the tag of the
 * message received; '*cap' is the gate, and the badge afterwards.
 */
static inline by_tag_t by_ipc(by_word_t op, by_word_t *cap, by_tag_t tag)
{
	struct by_message *const msg = by_message();
	struct by_call call = {
		.op   = op,
		.cap  = *cap,
		.tag  = tag,
		.word = { msg->word[0], msg->word[1], msg->word[2], msg->word[3] },
	};

	by_call(&call);
	msg->word[0] = call.word[0];
	msg->word[1] = call.word[1];
	msg->word[2] = call.word[2];
	msg->word[3] = call.word[3];
	*cap = call.cap;

	return (by_tag_t)call.tag;
}

/**
 * Send the message described by 'tag' to the object behind 'gate' and wait for
 * the reply, whose tag is returned; its status is the transport's.
 */
static inline by_tag_t by_ipc_call(by_cap_t gate, by_tag_t tag)
{
	by_word_t cap = gate.slot;

	return by_ipc(BY_CALL_IPC_CALL, &cap, tag);
}

/**
 * Wait at the endpoint of the calling thread for what 'options' (BY_WAIT_...) accept.
 * With BY_WAIT_REPLY the message described by 'tag' answers the caller first. Returns
 * the tag of what arrived (by_tag_event_of() tells what it is), and its badge.
 */
static inline by_tag_t by_ipc_wait(unsigned options, by_tag_t tag, by_word_t *badge)
{
	*badge = 0;

	return by_ipc(BY_CALL_IPC_WAIT | options, badge, tag);
}

/** Answer the caller with the message described by 'tag', and go on. */
static inline void by_ipc_reply(by_tag_t tag)
{
	by_word_t badge = 0;

	by_ipc(BY_CALL_IPC_WAIT | BY_WAIT_REPLY, &badge, tag);
}

#endif
