/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC without the library's loop: what a server may do with its right to reply, what
 * messages the kernel takes, how capabilities arrive.
 */
#include "raw.h"
#include <by/cap.h>
#include <by/ipc.h>
#include <by/kernel.h>
#include <by/string.h>

enum { BADGE = 0x1230, OTHER_BADGE = 0x4560 };


/*
 * The server
 */

/* Wait for the signal only, while the client goes on waiting. */
static by_tag_t answer_later(struct raw *raw)
{
	by_word_t badge;

	by_atomic_fetch_add(&raw->waiting, 1); /* who waits for it */
	by_tag_t const tag = by_ipc_wait(BY_WAIT_SIGNALS, 0, &badge);

	if (by_tag_event_of(tag) == BY_EVENT_NONE) /* the endpoint is gone */
		return 0;

	CHECK_EQ(by_tag_event_of(tag), BY_EVENT_SIGNAL);
	CHECK_EQ(badge, BADGE + 1);
	by_message()->word[0] = badge;

	return by_tag(0, 1, 0);
}


/* The second answer is to nobody. */
static by_tag_t answer_twice(void)
{
	by_word_t badge;

	by_message()->word[0] = 1;
	by_ipc_reply(by_tag(0, 1, 0));
	by_message()->word[0] = 2;
	by_ipc_reply(by_tag(0, 1, 0));
	CHECK_STATUS(by_tag_status(by_ipc_wait(BY_WAIT_SIGNALS | BY_WAIT_POLL, 0, &badge)),
	             BY_EMPTY);

	return by_tag(0, 0, 0);
}


/* How the capabilities of the request have arrived. */
static by_tag_t answer_kinds(by_tag_t tag)
{
	struct by_message *msg = by_message();

	for (unsigned i = 0; i < BY_MSG_CAPS; i++) {
		msg->word[i] = i < by_tag_caps(tag) ? msg->cap_kind[i] : 9;
		if (i < by_tag_caps(tag) && msg->cap_kind[i] == BY_CAP_FOREIGN) {
			CHECK_EQ(msg->cap_value[i], msg->recv_slot[i]);
			by_kernel_drop((by_cap_t){ (uint32_t)msg->cap_value[i] });
		}
	}

	return by_tag(0, BY_MSG_CAPS, 0);
}


static void name_slots(bool name)
{
	struct by_message *msg = by_message();

	for (unsigned i = 0; i < BY_MSG_CAPS && !name; i++) {
		by_slot_free((by_cap_t){ (uint32_t)msg->recv_slot[i] });
		msg->recv_slot[i] = 0;
	}
	if (name)
		CHECK_STATUS(by_rpc_name_slots(msg, BY_MSG_CAPS), BY_OK);
}


static by_tag_t answer(struct raw *raw, by_tag_t tag, by_word_t badge, unsigned *reply)
{
	*reply = BY_WAIT_REPLY;
	switch (by_tag_opcode(tag)) {
	case RAW_BADGE:
		by_message()->word[0] = badge;
		return by_tag(0, 1, 0);
	case RAW_LATER:
		return answer_later(raw);
	case RAW_TWICE:
		return answer_twice();
	case RAW_FORGET:
		*reply = 0;
		return 0;
	case RAW_TOO_LONG:
		return by_tag(0, BY_MSG_WORDS + 1, 0);
	case RAW_KINDS:
		return answer_kinds(tag);
	case RAW_NO_SLOTS:
	case RAW_SLOTS:
		name_slots(by_tag_opcode(tag) == RAW_SLOTS);
		return by_tag(0, 0, 0);
	}

	return by_tag(by_tag_opcode(tag), by_tag_words(tag), 0); /* with all its words */
}


static void serve(struct by_thread *thread)
{
	struct raw *raw   = thread->arg;
	unsigned    reply = 0;
	by_tag_t    tag   = 0;
	by_word_t   badge;

	for (;;) {
		tag = by_ipc_wait(reply | BY_WAIT_REQUESTS, tag, &badge);
		if (by_tag_event_of(tag) == BY_EVENT_NONE)
			break;
		CHECK_EQ(by_tag_event_of(tag), BY_EVENT_REQUEST);
		tag = answer(raw, tag, badge, &reply);
	}
	raw->end = by_tag_status(tag);
}


void raw_start(struct raw *raw)
{
	struct by_thread_args const args = { .name = "raw", .entry = serve, .arg = raw };

	*raw = (struct raw){ .end = BY_OK };
	check_need(the_env, by_thread_create(the_env, &raw->thread, &args), "thread");
	check_need(the_env, by_pd_endpoint_create(&the_env->pd, raw->thread.cap, &raw->endpoint), "endpoint");
	check_need(the_env, by_pd_gate_create(&the_env->pd, raw->endpoint, BADGE, &raw->gate), "gate");
	check_need(the_env, by_pd_gate_create(&the_env->pd, raw->endpoint, OTHER_BADGE, &raw->other), "gate");
	check_need(the_env, by_pd_signal_create(&the_env->pd, raw->endpoint, BADGE + 1, false, &raw->signal),
	           "signal");
	check_need(the_env, by_thread_run(&raw->thread), "thread");
}


void raw_end(struct raw *raw)
{
	by_cap_t const caps[] = { raw->signal, raw->other, raw->gate, raw->endpoint };

	by_thread_destroy(&raw->thread);
	for (unsigned i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		CHECK_STATUS(by_pd_object_free(&the_env->pd, caps[i]), BY_OK);
		by_cap_drop(caps[i]);
	}
}


by_status_t raw_call(by_cap_t gate, unsigned op)
{
	return by_tag_status(by_ipc_call(gate, by_tag(op, 0, 0)));
}


/*
 * Tests
 */

static void test_messages(struct raw *raw)
{
	struct by_message *msg = by_message();
	unsigned           wrong = 0;

	check_part("raw messages of all sizes");
	for (unsigned words = 0; words <= BY_MSG_WORDS; words++) {
		for (unsigned i = 0; i < BY_MSG_WORDS; i++)
			msg->word[i] = (by_word_t)0x9e3779b9u * (words + 1) + i;
		by_tag_t const tag = by_ipc_call(raw->gate, by_tag(0x3fff, words, 0));

		CHECK_EQ(tag, by_tag(0x3fff, words, 0));
		for (unsigned i = 0; i < words; i++)
			wrong += msg->word[i] != (by_word_t)0x9e3779b9u * (words + 1) + i;
	}
	CHECK_EQ(wrong, 0);
	CHECK_STATUS(by_tag_status(by_ipc_call(raw->gate, by_tag(1, BY_MSG_WORDS + 1, 0))),
	             BY_INVALID);
	CHECK_STATUS(by_tag_status(by_ipc_call(raw->gate, by_tag(1, 0, BY_MSG_CAPS + 1))),
	             BY_INVALID);
	CHECK_STATUS(raw_call(BY_NO_CAP, RAW_BADGE), BY_BAD_CAP);
	CHECK_STATUS(raw_call(raw->signal, RAW_BADGE), BY_BAD_CAP);
	CHECK_STATUS(raw_call(raw->endpoint, RAW_BADGE), BY_BAD_CAP);
	CHECK_STATUS(raw_call((by_cap_t){ UINT32_MAX }, RAW_BADGE), BY_BAD_CAP);

	CHECK_STATUS(raw_call(raw->gate, RAW_BADGE), BY_OK);
	CHECK_EQ(msg->word[0], BADGE);
	CHECK_STATUS(raw_call(raw->other, RAW_BADGE), BY_OK);
	CHECK_EQ(msg->word[0], OTHER_BADGE);
}


static void test_kinds(struct raw *raw)
{
	struct by_message *msg = by_message();
	by_cap_t const     sent[] = { raw->gate, the_env->space.cap, BY_NO_CAP, the_env->pd.session.cap };
	by_cap_t const     at = raw->gate;

	check_part("capabilities arrive as what they are");
	CHECK_STATUS(raw_call(at, RAW_SLOTS), BY_OK);
	for (unsigned count = 0; count <= BY_MSG_CAPS; count++) {
		static by_word_t const kinds[] = {
			BY_CAP_OWN, BY_CAP_FOREIGN, BY_CAP_NONE, BY_CAP_FOREIGN,
		};

		for (unsigned i = 0; i < count; i++)
			msg->send_cap[i] = sent[i].slot;
		CHECK_STATUS(by_tag_status(by_ipc_call(at, by_tag(RAW_KINDS, 0, count))), BY_OK);
		for (unsigned i = 0; i < BY_MSG_CAPS; i++)
			CHECK_EQ(msg->word[i], i < count ? kinds[i] : 9);
	}
	/* who names no slots loses what would need one, not the message */
	CHECK_STATUS(raw_call(at, RAW_NO_SLOTS), BY_OK);
	for (unsigned i = 0; i < BY_MSG_CAPS; i++)
		msg->send_cap[i] = sent[i].slot;
	CHECK_STATUS(by_tag_status(by_ipc_call(at, by_tag(RAW_KINDS, 0, 4))), BY_OK);
	CHECK_EQ(msg->word[0], BY_CAP_OWN);
	CHECK_EQ(msg->word[1], BY_CAP_LOST);
	CHECK_EQ(msg->word[2], BY_CAP_NONE);
	CHECK_EQ(msg->word[3], BY_CAP_LOST);
}


static by_cap_t later_gate;


static by_status_t call_later(struct caller *caller)
{
	by_status_t const status = raw_call(later_gate, RAW_LATER);

	caller->number = (uint32_t)by_message()->word[0];

	return status;
}


static void test_replies(struct raw *raw)
{
	static struct caller caller;
	by_word_t badge;

	check_part("replies");
	CHECK_STATUS(raw_call(raw->gate, RAW_TWICE), BY_OK);
	CHECK_EQ(by_message()->word[0], 1);
	CHECK_STATUS(raw_call(raw->gate, RAW_BADGE), BY_OK); /* and not the second answer */
	CHECK_EQ(by_message()->word[0], BADGE);
	CHECK_STATUS(raw_call(raw->gate, RAW_FORGET), BY_NO_REPLY);
	CHECK_STATUS(raw_call(raw->gate, RAW_TOO_LONG), BY_NO_REPLY);

	/* nobody else can answer for the server */
	later_gate  = raw->gate;
	caller.call = call_later;
	caller_start(&caller, NULL);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&raw->waiting), 1); /* answer_later() */
	CHECK_STATUS(by_tag_status(by_ipc_wait(BY_WAIT_REPLY, by_tag(0, 0, 0), &badge)),
	             BY_INVALID);
	settle();
	CHECK(!by_atomic_load_acquire(&caller.done)); /* run_caller() */
	by_signal_submit(raw->signal, 1);
	caller_end(&caller);
	CHECK_STATUS(caller.status, BY_OK);
	CHECK_EQ(caller.number, BADGE + 1);
}


void test_raw(void)
{
	static struct raw raw;

	raw_start(&raw);
	test_messages(&raw);
	test_kinds(&raw);
	test_replies(&raw);
	raw_end(&raw);
}
