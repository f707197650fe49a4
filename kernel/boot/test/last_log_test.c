/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log of the boot before: what is appended comes back, whatever moment the machine is
 * reset at, and what is damaged does not.
 */
#include "last_log.h"
#include "unit.h"
#include <stdlib.h>

static struct by_log_ring ring;
static char               text[BY_LOG_RING_TEXT + 1];


static const char *last(void)
{
	uint64_t size = last_log_size(&ring);

	memset(text, 0, sizeof(text));
	last_log_copy(&ring, text);
	text[size] = 0;

	return text;
}


static void append(const char *line)
{
	by_log_ring_append(&ring, line, strlen(line));
}


TEST(text_comes_back)
{
	memset(&ring, 0xa5, sizeof(ring));
	by_log_ring_init(&ring);
	CHECK_EQ(last_log_size(&ring), 0);
	append("one\n");
	CHECK_STR(last(), "one\n");
	append("two\n");
	append("");
	CHECK_STR(last(), "one\ntwo\n");
	CHECK_EQ(last_log_size(&ring), 8);
}


/** Many times round: always the end of all that was appended, and no less than there is room for. */
TEST(the_oldest_is_overwritten)
{
	static char all[10 * BY_LOG_RING_TEXT];
	size_t      size = 0;

	by_log_ring_init(&ring);
	for (unsigned i = 0; size < sizeof(all) - 300; i++) {
		int length = i % 100 == 50 ? BY_LOG_RING_GAP
		                           : snprintf(all + size, 100, "line %u, %*s\n", i, (int)(i % 37), "x");
		if (i % 100 == 50)
			memset(all + size, 'a' + (int)(i % 26), (size_t)length);
		by_log_ring_append(&ring, all + size, (size_t)length);
		size += (size_t)length;
		size_t expected = size < BY_LOG_RING_VALID ? size : BY_LOG_RING_VALID;
		CHECK_EQ(last_log_size(&ring), expected);
		if (i % 50 == 0)
			CHECK(!memcmp(last(), all + size - expected, expected));
	}
}


TEST(what_is_no_text_is_not_shown)
{
	by_log_ring_init(&ring);
	by_log_ring_append(&ring, "a\x1b[2J\0\x7f\xff\tb\n", 11);
	CHECK_STR(last(), "a?[2J???\tb\n");
}


TEST(any_damage_is_refused)
{
	by_log_ring_init(&ring);
	for (unsigned i = 0; i < 500; i++)
		append("The quick brown fox jumps over the lazy dog.\n");
	uint64_t const end = by_log_ring_state(&ring)->end;

	CHECK_EQ(last_log_size(&ring), BY_LOG_RING_VALID);
	for (uint64_t at = end - BY_LOG_RING_VALID; at < end; at += 7) {
		char *c = &ring.text[at % BY_LOG_RING_TEXT];
		*c ^= (char)(1 << at % 8);
		CHECK_EQ(last_log_size(&ring), 0);
		*c ^= (char)(1 << at % 8);
	}
	for (unsigned i = 0; i + 1 < BY_LOG_RING_TEXT; i += 13) {
		char c = ring.text[i];
		ring.text[i] = ring.text[i + 1];
		ring.text[i + 1] = c;
		bool gap = end % BY_LOG_RING_TEXT <= i + 1 && i < end % BY_LOG_RING_TEXT + BY_LOG_RING_GAP;
		CHECK(gap || c == ring.text[i] || last_log_size(&ring) == 0);
		ring.text[i + 1] = ring.text[i];
		ring.text[i] = c;
	}
	CHECK_EQ(last_log_size(&ring), BY_LOG_RING_VALID);
}


/** Each bit of the newest state: the one before counts, and does not fit the text any more. */
TEST(a_damaged_state_is_not_taken)
{
	by_log_ring_init(&ring);
	append("one\n");
	append("two\n");
	for (unsigned bit = 0; bit < 8 * sizeof(struct by_log_state); bit++) {
		struct by_log_state *newest = &ring.state[ring.state[1].turn > ring.state[0].turn];
		((unsigned char *)newest)[bit / 8] ^= (unsigned char)(1 << bit % 8);
		CHECK(!strcmp(last(), "one\n") || !*last());
		((unsigned char *)newest)[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	CHECK_STR(last(), "one\ntwo\n");
}


TEST(random_memory_is_no_log)
{
	srandom(1);
	for (unsigned i = 0; i < 200; i++) {
		for (size_t at = 0; at < sizeof(ring); at++)
			((unsigned char *)&ring)[at] = (unsigned char)(random() >> 8);
		CHECK_EQ(last_log_size(&ring), 0);
	}
	memset(&ring, 0, sizeof(ring));
	CHECK_EQ(last_log_size(&ring), 0);
	memset(&ring, 0xff, sizeof(ring));
	CHECK_EQ(last_log_size(&ring), 0);
}


/*
 * A reset in the midst of it. This file is compiled so that it calls back at each branch.
 */

#ifdef __clang__
#define UNTRACED __attribute__((no_sanitize("coverage")))
#else
#define UNTRACED __attribute__((no_sanitize_coverage))
#endif

void __sanitizer_cov_trace_pc(void);

static bool volatile        watching; /* the compiler does not know who calls */
static unsigned volatile    moments, wrong;
static const char *volatile before, *volatile after;

UNTRACED void __sanitizer_cov_trace_pc(void)
{
	if (!watching)
		return;

	watching = false;
	moments++;
	const char *now = last();
	size_t      size = strlen(now);
	if (strcmp(now + size - strlen(before), before) && strcmp(now + size - strlen(after), after))
		wrong++;
	watching = true;
}


TEST(a_reset_at_any_moment_loses_no_more_than_the_last_line)
{
	by_log_ring_init(&ring);
	for (unsigned i = 0; i < 1000; i++)
		append("filling the ring, so that it goes round\n");
	append("before\n");
	before   = "it goes round\nbefore\n";
	after    = "it goes round\nbefore\nafter it, character by character\n";
	watching = true;
	append("after it, character by character\n");
	watching = false;
	CHECK_STR(last() + strlen(last()) - strlen(after), after);
	CHECK(moments > 10);
	CHECK_EQ(wrong, 0);
}


UNIT_MAIN("boot_last_log")
