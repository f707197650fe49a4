/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The common part of generated fuzz targets; see host_fuzz.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../base/test/canary.h"
#include "host_fuzz.h"
#include "host_runtime.h"

/** Start of an input; the words of the request follow. */
struct head {
	uint8_t  opcode, words, caps, status;
	uint8_t  kind[BY_MSG_CAPS];
	uint8_t  missing; /* odd: the server lacks all operations */
	uint8_t  spare[3];
	uint32_t seed;
};

enum { KEPT_MOST = 16, OPS_MOST = 4096, OPCODES = 256 };

/* Methods that were answered well, and refused for what a request contained, so far. */
static bool answered[OPCODES], refused[OPCODES];

struct by_fuzz {
	uint64_t state;   /* of the random numbers */
	uint64_t digest;  /* of all that was seen */
	unsigned entered; /* opcode of the operation that ran */
	unsigned status;  /* that it answers */
	bool     too_long;
	by_cap_t kept[KEPT_MOST];
	unsigned kept_count;
};


static void must(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "fuzz: %s\n", what);
		abort();
	}
}


static uint64_t draw(struct by_fuzz *fuzz)
{
	fuzz->state = fuzz->state * 6364136223846793005u + 1442695040888963407u;

	return fuzz->state >> 32;
}


static void keep(struct by_fuzz *fuzz, by_cap_t cap)
{
	must(fuzz->kept_count < KEPT_MOST, "too many capabilities");
	fuzz->kept[fuzz->kept_count++] = cap;
}


void by_fuzz_see(struct by_fuzz *fuzz, const void *data, size_t len)
{
	const unsigned char *byte = data;

	for (size_t i = 0; i < len; i++)
		fuzz->digest = (fuzz->digest ^ byte[i]) * 0x100000001b3;
}


void by_fuzz_enter(struct by_fuzz *fuzz, unsigned opcode)
{
	must(fuzz->entered == 0, "two operations ran");
	fuzz->entered = opcode;
	host_soil_page();
}


void by_fuzz_see_bool(struct by_fuzz *fuzz, const bool *value)
{
	unsigned char raw;

	memcpy(&raw, value, 1);
	must(raw <= 1, "a bool is neither 0 nor 1");
	by_fuzz_see(fuzz, &raw, 1);
}


void by_fuzz_see_below(struct by_fuzz *fuzz, uint32_t value, uint32_t count)
{
	must(value < count, "an enum value does not exist");
	by_fuzz_see(fuzz, &value, sizeof(value));
}


void by_fuzz_see_text(struct by_fuzz *fuzz, const char *text, size_t most)
{
	size_t const len = strnlen(text, most + 1);

	must(len <= most, "a string is too long or not terminated");
	by_fuzz_see(fuzz, text, len + 1);
}


void by_fuzz_see_bytes(struct by_fuzz *fuzz, const void *data, size_t len, size_t most)
{
	must(len <= most, "bytes are too long");
	by_fuzz_see(fuzz, &len, sizeof(len));
	by_fuzz_see(fuzz, data, len);
}


void by_fuzz_see_cap(struct by_fuzz *fuzz, struct by_cap_arg *arg)
{
	by_fuzz_see(fuzz, &arg->kind, sizeof(arg->kind));
	must(arg->kind <= BY_CAP_DEAD, "unknown kind of capability");
	if (arg->kind == BY_CAP_FOREIGN)
		must(host_object(arg->cap) >= 100, "no such capability was sent");
	if (arg->kind == BY_CAP_FOREIGN && draw(fuzz) % 2)
		keep(fuzz, by_cap_arg_take(arg));
}


void by_fuzz_fill(struct by_fuzz *fuzz, void *data, size_t len)
{
	unsigned char *byte = data;

	for (size_t i = 0; i < len; i++)
		byte[i] = (unsigned char)draw(fuzz);
}


uint32_t by_fuzz_below(struct by_fuzz *fuzz, uint32_t count)
{
	return (uint32_t)(draw(fuzz) % count);
}


static size_t fill_length(struct by_fuzz *fuzz, size_t most)
{
	switch (draw(fuzz) % 8) {
	case 0:
		return 0;
	case 1:
		return most;
	case 2:
		fuzz->too_long = true;
		return most + 1;
	}

	return draw(fuzz) % (most + 1);
}


void by_fuzz_fill_text(struct by_fuzz *fuzz, char *text, size_t most)
{
	size_t const len = fill_length(fuzz, most);

	for (size_t i = 0; i < len; i++)
		text[i] = (char)(1 + draw(fuzz) % 255);
	if (len <= most)
		text[len] = 0;
}


size_t by_fuzz_fill_bytes(struct by_fuzz *fuzz, void *data, size_t most)
{
	size_t const len = fill_length(fuzz, most);

	by_fuzz_fill(fuzz, data, len < most ? len : most);

	return len;
}


by_cap_t by_fuzz_give(struct by_fuzz *fuzz)
{
	by_cap_t const cap = host_cap(200);

	keep(fuzz, cap);

	return draw(fuzz) % 4 ? cap : BY_NO_CAP;
}


by_status_t by_fuzz_leave(struct by_fuzz *fuzz)
{
	return BY_STATUS((uintptr_t)fuzz->status);
}


static void must_be_zero(const unsigned char *block, size_t from, size_t to)
{
	for (size_t at = from; at < to; at++)
		must(block[at] == 0, "padding is not zero");
}


/* Check a content of the variable part at 'at'. Gives: the place behind. */
static size_t check_content(const unsigned char *block, const struct by_fuzz_check *check,
                            size_t at)
{
	size_t const len = (size_t)(block[check->offset] | block[check->offset + 1] << 8);
	size_t const end = at + (len + 7) / 8 * 8;

	must(len <= check->limit, "a result is too long");
	must(check->kind == BY_FUZZ_BYTES || !memchr(block + at, 0, len), "NUL in a result");
	must_be_zero(block, at + len, end);

	return end;
}


/* Check the content of a good reply. Gives: its length. */
static size_t check_content_of_reply(const struct by_fuzz_reply *reply, const unsigned char *block)
{
	size_t end      = (reply->fixed + 7) / 8 * 8;
	bool   variable = false;

	for (const struct by_fuzz_check *check = reply->check; check->kind; check++) {
		if (check->kind == BY_FUZZ_BOOL)
			must(block[check->offset] <= 1, "bool in a reply");
		if (check->kind == BY_FUZZ_ENUM)
			must(by_rpc_get_u32(block + check->offset) < check->limit, "enum in a reply");
		if (check->kind == BY_FUZZ_HOLE)
			must_be_zero(block, check->offset, check->offset + check->limit);
		if (check->kind == BY_FUZZ_TEXT || check->kind == BY_FUZZ_BYTES) {
			end      = check_content(block, check, end);
			variable = true;
		}
	}

	return variable ? end : reply->fixed;
}


/* The status that the reply must have, given what the operation did. */
static unsigned right_status(const struct by_fuzz *fuzz, const struct by_fuzz_reply *reply)
{
	unsigned const status = fuzz->status;

	if (status == 0)
		return fuzz->too_long ? (unsigned)(uintptr_t)BY_MALFORMED : 0;

	must(host.undeclared == !(status < 64 && reply->declared >> status & 1),
	     "undeclared status is not reported");

	return host.undeclared ? (unsigned)(uintptr_t)BY_DENIED : status;
}


static void check_status(const struct by_fuzz *fuzz, const struct by_fuzz_reply *reply,
                         unsigned status, bool missing)
{
	bool const unsupported = status == (unsigned)(uintptr_t)BY_NOT_SUPPORTED;

	if (fuzz->entered)
		must(status == right_status(fuzz, reply), "wrong status");
	else if (!reply || missing)
		must(unsupported, "unknown method is not refused");
	else
		must(status == (unsigned)(uintptr_t)BY_MALFORMED, "request is not refused");
}


/* Everything about a reply; 'reply' is NULL for an unknown opcode. */
static void check_reply(struct by_fuzz *fuzz, const struct by_fuzz_reply *reply,
                        struct by_message *msg, by_tag_t tag, bool missing)
{
	const unsigned char *const block  = by_rpc_at(msg, 0);
	unsigned const             status = by_rpc_get_u32(block);
	unsigned const             caps   = status || !reply ? 0 : reply->caps;
	size_t                     len    = 4;

	check_status(fuzz, reply, status, missing);
	if (reply && !status)
		len = check_content_of_reply(reply, block);
	must(tag == by_tag(0, by_rpc_words(len), caps), "wrong tag");
	must(len <= BY_MSG_BYTES, "reply is too large");
	must_be_zero(block, len, by_rpc_words(len) * sizeof(by_word_t));
	by_fuzz_see(fuzz, block, by_rpc_words(len) * sizeof(by_word_t));
	for (unsigned i = 0; i < caps; i++)
		must(msg->send_cap[i] < HOST_SLOTS, "capability of a reply is not set");
}


/* The canary is there when each method has seen good requests, and bad ones if there are any. */
static bool all_seen(const struct by_fuzz_reply *replies)
{
	for (unsigned i = 0; i < host.server->opcode_count; i++)
		if (replies[i].check && !(answered[i] && (refused[i] || !replies[i].refuses)))
			return false;

	return true;
}


static void note_answer(const struct by_fuzz *fuzz, const struct head *head, by_tag_t tag,
                        const struct by_message *msg)
{
	uint32_t const status = msg->word[0] & UINT32_MAX;

	answered[head->opcode] |= fuzz->entered && (tag == BY_RPC_ANSWERED || status == 0);
	refused[head->opcode]  |= !fuzz->entered && !(head->missing & 1)
	                          && status == (uintptr_t)BY_MALFORMED;
}


static by_tag_t make_request(struct by_message *msg, const struct head *head,
                             const uint8_t *data, size_t size)
{
	size_t const   len  = (head->words & 0x7f) * sizeof(by_word_t);
	size_t const   room = len < sizeof(msg->word) ? len : sizeof(msg->word);
	unsigned const caps = head->caps % (BY_MSG_CAPS + 1);

	memset(msg->word, 0, room);
	memcpy(msg->word, data, size < room ? size : room);
	for (unsigned i = 0; i < caps; i++)
		host_receive(msg, i, (enum by_cap_kind)(head->kind[i] % 5), 100 + i);

	return by_tag(head->opcode, head->words & 0x7f, caps);
}


static uint64_t run(struct by_fuzz *fuzz, const struct by_fuzz_reply *replies,
                    const struct head *head, const uint8_t *data, size_t size)
{
	unsigned const count = host.server->opcode_count;
	bool const     known = head->opcode < count && replies[head->opcode].check;

	const struct by_fuzz_reply *const reply = known ? &replies[head->opcode] : NULL;
	struct by_message          *const msg   = by_message();

	must(by_rpc_name_slots(msg, BY_MSG_CAPS) == BY_OK, "no receive slots");

	by_tag_t const tag = host_dispatch(msg, make_request(msg, head, data, size));

	if (fuzz->entered)
		must(known && fuzz->entered == head->opcode, "wrong operation");
	if (tag == BY_RPC_ANSWERED)
		must(known && reply->one_way && fuzz->entered, "wrongly answered early");
	else
		check_reply(fuzz, reply, msg, tag, head->missing & 1);
	note_answer(fuzz, head, tag, msg);

	for (unsigned i = 0; i < fuzz->kept_count; i++)
		host_release(fuzz->kept[i]);
	must(host_caps() == 0, "a capability leaked");
	by_fuzz_see(fuzz, &tag, sizeof(tag));

	return fuzz->digest;
}


static uint64_t run_over(unsigned char garbage, const struct by_rpc_interface *interface,
                         const void *ops, const struct by_fuzz_reply *replies,
                         const uint8_t *data, size_t size)
{
	struct head    head;
	struct by_fuzz fuzz = { 0 };

	memcpy(&head, data, sizeof(head));
	fuzz.state  = head.seed;
	fuzz.status = head.status < 64 ? head.status : head.status < 72 ? 1000u : 0;

	host_init();
	host.garbage = garbage;
	host.server  = interface;
	host.ops     = ops;
	host.self    = &fuzz;

	return run(&fuzz, replies, &head, data + sizeof(head), size - sizeof(head));
}


int by_fuzz_run(const struct by_rpc_interface *interface, const void *ops, size_t ops_size,
                const struct by_fuzz_reply *replies, const uint8_t *data, size_t size)
{
	static max_align_t const no_ops[OPS_MOST / sizeof(max_align_t)];

	must(ops_size <= sizeof(no_ops), "too many operations");
	if (size < sizeof(struct head))
		return 0;

	if (data[offsetof(struct head, missing)] & 1)
		ops = no_ops;
	must(run_over(0xdb, interface, ops, replies, data, size)
	     == run_over(0x24, interface, ops, replies, data, size),
	     "something undefined was read or sent");
	canary(all_seen(replies));

	return 0;
}
