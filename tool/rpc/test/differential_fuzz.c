/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dispatcher generated from example/counter.rpc against a decoder and an
 * encoder written by hand from doc/rpc.md: both must agree on every request and
 * on every byte of the reply.
 *
 * An input is six bytes, the results of the operations, and the request's bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../base/test/canary.h"
#include "host_runtime.h"

struct server;

#define BY_COUNTER_SELF struct server
#include <by/session/counter_server.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ADD = 2, WATCH, NAME, STORE, NOTE, WALK, FORK, PROBE };
enum { OK = 0, OUT_OF_CAPS = 6, NOT_SUPPORTED = 13, MALFORMED = 18 };

/** What a request means, or why it is refused. */
struct meaning {
	unsigned      operation; /* 0: refused with 'refusal' */
	unsigned      refusal;
	uint64_t      number[6];
	size_t        len;
	unsigned char data[257];
	unsigned      caps;
};

/** What the operations answer. */
struct results {
	uint64_t      number[4];
	unsigned char len;
	char          text[64];
	unsigned char status;
	unsigned char gives;
};

struct server {
	struct meaning seen;
	struct results results;
	by_cap_t       gift;
};


static void must(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "differential: %s\n", what);
		abort();
	}
}


static uint64_t number(const unsigned char *at, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];

	return value;
}


static struct meaning refuse(unsigned status)
{
	return (struct meaning){ .refusal = status };
}


/* Text or bytes whose length stands at 0 and whose content at 'start'. */
static struct meaning decode_content(struct meaning m, const unsigned char *block, size_t len,
                                     size_t start, size_t most, bool text)
{
	size_t const content = (size_t)number(block, 2);

	if (content > most || len < start + (content + 7) / 8 * 8)
		return refuse(MALFORMED);

	for (size_t i = 0; text && i < content; i++)
		if (!block[start + i])
			return refuse(MALFORMED);

	m.len = content;
	memcpy(m.data, block + start, content);

	return m;
}


/* A struct of 40 bytes with holes, and a number. */
static struct meaning decode_probe(struct meaning m, const unsigned char *block, size_t len)
{
	static const struct { unsigned char at, bytes; } number_at[6] = {
		{ 0, 1 }, { 8, 8 }, { 16, 8 }, { 24, 4 }, { 32, 8 }, { 40, 4 },
	};

	for (unsigned i = 0; i < 6; i++)
		m.number[i] = number(block + number_at[i].at, number_at[i].bytes);

	return len < 44 || m.number[0] > 1 || m.number[3] > 1 ? refuse(MALFORMED) : m;
}


static struct meaning decode(unsigned opcode, const unsigned char *block, size_t len,
                             unsigned caps)
{
	struct meaning m = { .operation = opcode };

	switch (opcode) {
	case ADD:
		m.number[0] = number(block, 4);
		return len < 4 ? refuse(MALFORMED) : m;
	case WATCH:
		m.caps = 1;
		return caps < 1 ? refuse(MALFORMED) : m;
	case NAME:
		return m;
	case STORE:
		m.number[0] = number(block + 8, 8);
		m.number[1] = number(block + 16, 8);
		return len < 24 ? refuse(MALFORMED) : decode_content(m, block, len, 24, 256, false);
	case NOTE:
		return len < 2 ? refuse(MALFORMED) : decode_content(m, block, len, 8, 100, true);
	case WALK:
		m.number[0] = number(block, 2);
		m.number[1] = number(block + 4, 4);
		m.number[2] = block[8];
		return len < 9 || m.number[1] > 1 || m.number[2] > 1 ? refuse(MALFORMED) : m;
	case FORK:
		m.caps = 1;
		return len < 2 || caps < 1 ? refuse(MALFORMED)
		                           : decode_content(m, block, len, 8, 20, true);
	case PROBE:
		return decode_probe(m, block, len);
	}

	return refuse(NOT_SUPPORTED);
}


static void put(unsigned char *at, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}


/* The status that reaches the client: only declared ones do. */
static unsigned answered(const struct meaning *m, const struct results *results)
{
	static char const *const declared[] = {
		[ADD] = "\4\14", [WATCH] = "\6", [NAME] = "", [STORE] = "", [WALK] = "\24",
		[FORK] = "\5\6", [PROBE] = "\25",
	};
	unsigned const status = results->status;

	if (!m->operation)
		return m->refusal;

	if (m->operation == NOTE || status == OK || status == MALFORMED || status == NOT_SUPPORTED)
		return m->operation == NOTE ? OK : status;

	return strchr(declared[m->operation], (char)status) ? status : 4;
}


static size_t encode_probe(const struct results *results, unsigned char *block)
{
	size_t const len = results->len % 41;

	block[8] = results->number[3] & 1;
	put(block + 16, results->number[0], 8);
	put(block + 24, results->number[1], 8);
	put(block + 32, results->number[2] & 1, 4);
	put(block + 40, results->number[3], 8);
	put(block + 48, len, 2);
	memcpy(block + 56, results->text, len);

	return 56 + (len + 7) / 8 * 8;
}


/* Gives: the length of the reply. */
static size_t encode(const struct meaning *m, const struct results *results,
                     unsigned char block[480])
{
	memset(block, 0, 480);
	put(block, answered(m, results), 4);
	if (answered(m, results) != OK)
		return 4;

	switch (m->operation) {
	case ADD:
		put(block + 8, results->number[0], 8);
		return 16;
	case NAME:
		put(block + 4, results->len, 2);
		memcpy(block + 8, results->text, results->len);
		return 8 + (results->len + 7u) / 8 * 8;
	case WALK:
		block[4] = results->number[3] & 1;
		put(block + 8, results->number[0], 8);
		put(block + 16, results->number[1], 8);
		put(block + 24, results->number[2] & 1, 4);
		return 28;
	case FORK:
		block[4] = (unsigned char)results->number[0];
		return 5;
	case PROBE:
		return encode_probe(results, block);
	}

	return 4;
}


/* The operations note what they see. */

static struct meaning *see(struct server *self, unsigned operation)
{
	must(self->seen.operation == 0, "two operations ran");
	self->seen.operation = operation;
	host_soil_page();

	return &self->seen;
}


static by_status_t status_of(const struct server *self)
{
	return BY_STATUS((uintptr_t)self->results.status);
}


static by_status_t op_add(struct server *self, uint32_t n, uint64_t *total)
{
	see(self, ADD)->number[0] = n;
	*total = self->results.number[0];

	return status_of(self);
}


static by_status_t op_watch(struct server *self, struct by_cap_arg *sigh)
{
	see(self, WATCH)->caps = 1;
	must(sigh->kind == BY_CAP_FOREIGN && host_object(sigh->cap) == 100, "wrong capability");

	return status_of(self);
}


static by_status_t op_name(struct server *self, char *text)
{
	see(self, NAME);
	memcpy(text, self->results.text, self->results.len);
	text[self->results.len] = 0;

	return status_of(self);
}


static by_status_t op_store(struct server *self, const void *data, size_t data_len,
                            const struct by_counter_range *at)
{
	struct meaning *const m = see(self, STORE);

	m->number[0] = at->base;
	m->number[1] = at->size;
	m->len       = data_len;
	memcpy(m->data, data, data_len);

	return status_of(self);
}


static void op_note(struct server *self, const char *text)
{
	struct meaning *const m = see(self, NOTE);

	m->len = strlen(text);
	memcpy(m->data, text, m->len);
}


static by_status_t op_walk(struct server *self, uint16_t from, enum by_counter_order order,
                           bool wrap, bool *more, struct by_counter_range *at,
                           enum by_counter_order *next)
{
	struct meaning *const m = see(self, WALK);

	m->number[0] = from;
	m->number[1] = order;
	m->number[2] = wrap;
	*more    = self->results.number[3] & 1;
	at->base = self->results.number[0];
	at->size = self->results.number[1];
	*next    = self->results.number[2] & 1 ? BY_COUNTER_ORDER_DOWN : BY_COUNTER_ORDER_UP;

	return status_of(self);
}


static by_status_t op_fork(struct server *self, const char *label, struct by_cap_arg *parent,
                           by_cap_t *child, uint8_t *id)
{
	struct meaning *const m = see(self, FORK);

	m->caps = 1;
	m->len  = strlen(label);
	memcpy(m->data, label, m->len);
	must(parent->kind == BY_CAP_FOREIGN && host_object(parent->cap) == 100,
	     "wrong capability");
	*child = self->gift;
	*id    = (uint8_t)self->results.number[0];

	return status_of(self);
}


static by_status_t op_probe(struct server *self, const struct by_counter_view *view,
                            int32_t pick, struct by_counter_view *found, void *data,
                            size_t *data_len)
{
	struct meaning *const m = see(self, PROBE);

	m->number[0] = view->on;
	m->number[1] = view->at.base;
	m->number[2] = view->at.size;
	m->number[3] = view->order;
	m->number[4] = (uint64_t)view->level;
	m->number[5] = (uint32_t)pick;
	memset(found, 0xa5, sizeof(*found)); /* the holes, too */
	found->on      = self->results.number[3] & 1;
	found->at.base = self->results.number[0];
	found->at.size = self->results.number[1];
	found->order   = self->results.number[2] & 1 ? BY_COUNTER_ORDER_DOWN : BY_COUNTER_ORDER_UP;
	found->level   = (int64_t)self->results.number[3];
	*data_len      = self->results.len % 41;
	memcpy(data, self->results.text, *data_len);

	return status_of(self);
}


static struct by_counter_ops const ops = {
	.add = op_add, .watch = op_watch, .name = op_name, .store = op_store, .note = op_note,
	.walk = op_walk, .fork = op_fork, .probe = op_probe,
};


static void compare(struct server *server, const struct meaning *m, by_tag_t tag,
                    struct by_message *msg)
{
	struct meaning seen = server->seen;
	unsigned char  block[480];
	size_t const   len   = encode(m, &server->results, block);
	unsigned const words = (unsigned)((len + sizeof(by_word_t) - 1) / sizeof(by_word_t));
	bool const     gives = m->operation == FORK && answered(m, &server->results) == OK;

	seen.refusal = m->refusal;
	must(!memcmp(&seen, m, sizeof(seen)), "decoders differ");
	must((tag == BY_RPC_ANSWERED) == (m->operation == NOTE), "answered at the wrong time");
	if (tag == BY_RPC_ANSWERED)
		return;

	must(tag == (by_tag_t)(words | (gives ? 1u << 7 : 0)), "tags differ");
	must(!memcmp(msg->word, block, words * sizeof(by_word_t)), "replies differ");
	must(!gives || msg->send_cap[0] == server->gift.slot, "wrong capability is given");
}


static void draw_results(struct results *results, const uint8_t *data)
{
	uint64_t state = data[4] | (uint64_t)data[5] << 8;

	for (unsigned i = 0; i < 4; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		results->number[i] = state;
	}
	results->len    = data[4] % 65;
	results->status = data[3] & 0x80 ? 0 : data[3] % 64;
	memset(results->text, 'a' + data[5] % 26, sizeof(results->text));
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct server     server;
	static struct meaning    meaning;
	unsigned char            block[BY_MSG_WORDS * 8] = { 0 };
	struct by_message *const msg = by_message();

	if (size < 6)
		return 0;

	memset(&server, 0, sizeof(server));
	host_init();
	host.server = &by_counter_interface;
	host.ops    = &ops;
	host.self   = &server;
	server.gift = host_cap(7);
	draw_results(&server.results, data);

	unsigned const words = data[1] % (BY_MSG_WORDS + 1), caps = data[2] % (BY_MSG_CAPS + 1);
	size_t const   len   = words * sizeof(by_word_t);

	must(by_rpc_name_slots(msg, BY_MSG_CAPS) == BY_OK, "no receive slots");
	memcpy(block, data + 6, size - 6 < len ? size - 6 : len);
	memcpy(msg->word, block, len);
	for (unsigned i = 0; i < caps; i++)
		host_receive(msg, i, BY_CAP_FOREIGN, 100 + i);

	meaning = decode(data[0] % 11, block, len, caps);
	compare(&server, &meaning, host_dispatch(msg, by_tag(data[0] % 11, words, caps)), msg);
	must(host_caps() == 1, "a capability leaked");
	canary(meaning.operation == PROBE && answered(&meaning, &server.results) == OK);

	return 0;
}
