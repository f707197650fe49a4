/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Client functions generated from example/mixed.rpc against a server that
 * answers anything: they write results only on success, only within bounds, and
 * keep no capability that they do not give.
 *
 * An input is the call, the reply's words and capabilities, and its bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../base/test/canary.h"
#include "host_runtime.h"

#include <by/session/mixed.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *input;
static size_t         input_len;
static bool           gave;  /* a capability, by by_mixed_give() */


static void must(bool good, const char *what)
{
	if (!good) {
		fprintf(stderr, "reply: %s\n", what);
		abort();
	}
}


static by_tag_t lie(void *self, const void *ops, by_tag_t tag, struct by_message *msg)
{
	unsigned const words = input[1] % (BY_MSG_WORDS + 1), caps = input[2] % (BY_MSG_CAPS + 1);
	size_t const   len   = words * sizeof(by_word_t), left = input_len - 4;

	(void)self, (void)ops;
	if (by_tag_caps(tag))
		by_rpc_take_caps(msg, tag, NULL, 0);
	memset(msg->word, 0, len);
	memcpy(msg->word, input + 4, left < len ? left : len);
	for (unsigned i = 0; i < caps; i++)
		msg->send_cap[i] = input[3] >> i & 1 ? 2 : 0;

	return by_tag(input[3] >> 4, words, caps);
}


static struct by_rpc_interface const liar = {
	.name = "liar", .dispatch = lie, .opcode_count = 99,
};


static void call_texts(struct by_mixed *mixed)
{
	/* exact sizes, so that the sanitizer sees a byte too many */
	unsigned char *const e = malloc(9);
	char *const          g = malloc(34), *const h = malloc(9);
	uint8_t              f = 77;
	size_t               len = 1234;

	memset(g, 1, 34);
	memset(h, 1, 9);
	if (by_mixed_texts(mixed, "a", 1, "c", "d", 1, e, &len, &f, g, h) == BY_OK)
		must(len <= 9 && strnlen(g, 34) <= 33 && strnlen(h, 9) <= 8, "bounds");
	else
		must(len == 1234 && f == 77 && g[0] == 1 && h[0] == 1, "written in spite of an error");
	free(e), free(g), free(h);
}


static void call_largest(struct by_mixed *mixed)
{
	unsigned char *const c   = malloc(400);
	char *const          d   = malloc(73);
	size_t               len = 1234;

	if (by_mixed_largest(mixed, "a", "b", 1, c, &len, d) == BY_OK)
		must(len <= 400 && strnlen(d, 73) <= 72, "bounds");
	else
		must(len == 1234, "written in spite of an error");
	free(c), free(d);
}


static void call_scalars(struct by_mixed *mixed)
{
	enum by_mixed_order i = BY_MIXED_ORDER_DOWN;
	unsigned char       raw;
	bool                j = true;
	int64_t             k = 11;
	uint8_t             l;
	int32_t             m;
	uint16_t            n;
	uint64_t            o;
	uint32_t            p;

	if (by_mixed_scalars(mixed, 1, 2, 3, 4, true, 6, 7, BY_MIXED_ORDER_UP, &i, &j, &k, &l, &m,
	                     &n, &o, &p) != BY_OK)
		must(i == BY_MIXED_ORDER_DOWN && j && k == 11, "written in spite of an error");
	memcpy(&raw, &j, 1);
	must(i <= BY_MIXED_ORDER_SIDEWAYS && raw <= 1, "range");
}


static void call_structs(struct by_mixed *mixed)
{
	struct by_mixed_deep  deep  = { 0 };
	struct by_mixed_pixel pixel = { 0 };
	struct by_mixed_point point;
	struct by_mixed_deep  back = { .tiny = 3, .pixel.order = BY_MIXED_ORDER_DOWN };
	unsigned char         raw[2];
	uint16_t              d;

	if (by_mixed_structs(mixed, &deep, 1, &pixel, &d, &point, &back) != BY_OK)
		must(back.tiny == 3, "written in spite of an error");
	memcpy(&raw[0], &back.last, 1);
	memcpy(&raw[1], &back.pixel.on, 1);
	must(back.pixel.order <= BY_MIXED_ORDER_SIDEWAYS && raw[0] <= 1 && raw[1] <= 1, "range");
}


static void call_caps(struct by_mixed *mixed)
{
	by_cap_t       caps[4] = { { 99 }, { 99 }, { 99 }, { 99 } };
	unsigned const held    = host_caps();
	unsigned       given   = 0;
	uint64_t       m       = 7;

	if (by_mixed_caps(mixed, BY_NO_CAP, 1, BY_NO_CAP, BY_NO_CAP, BY_NO_CAP, &caps[0], &caps[1],
	                  &m, &caps[2], &caps[3]) != BY_OK)
		must(caps[0].slot == 99 && caps[3].slot == 99 && m == 7,
		     "written in spite of an error");
	else
		for (unsigned i = 0; i < 4; i++)
			given += host_object(caps[i]) != 0;
	must(host_caps() == held + given, "a capability leaked");
}


static void call_post(struct by_mixed *mixed)
{
	struct by_mixed_pixel const pixel = { 0 };

	must((uintptr_t)by_mixed_post(mixed, "a", 1, NULL, 0, true, &pixel, BY_NO_CAP) < 64,
	     "status");
}


static void call_give(struct by_mixed *mixed)
{
	unsigned const held = host_caps();
	by_cap_t       cap  = BY_NO_CAP;

	by_status_t const status = by_mixed_give(mixed, &cap);

	must(host_caps() == held + (status == BY_OK && by_cap_valid(cap)), "a capability leaked");
	gave |= by_cap_valid(cap);
}


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const calls[])(struct by_mixed *mixed) = {
		call_texts, call_largest, call_scalars, call_structs, call_caps, call_post, call_give,
	};
	struct by_mixed mixed = { { { 1 } } };

	if (size < 4)
		return 0;

	input     = data;
	input_len = size;
	host_init();
	host_cap(1); /* slot 1, the gate */
	host_cap(2); /* slot 2, what the liar gives */
	host.server = &liar;
	calls[data[0] % (sizeof(calls) / sizeof(calls[0]))](&mixed);
	must(host_caps() == 2 || data[0] % 7 > 3, "a capability leaked");
	canary(gave);

	return 0;
}
