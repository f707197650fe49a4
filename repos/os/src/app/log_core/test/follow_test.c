/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is new in a text that grows and loses its beginning.
 */
#include "../follow.h"
#include "unit.h"
#include <stdlib.h>
#include <string.h>

UNIT_MAIN("log_core")

static struct follow follow;


static size_t look(char const *text)
{
	return follow_new(&follow, text, strlen(text));
}


static void begin(void)
{
	memset(&follow, 0, sizeof(follow));
}


TEST(growing)
{
	begin();
	CHECK_EQ(look(""), 0);
	CHECK_EQ(look("one\n"), 0);
	CHECK_EQ(look("one\n"), 4);
	CHECK_EQ(look("one\ntwo\n"), 4);
	CHECK_EQ(look("one\ntwo\nthree\n"), 8);
}


TEST(the_beginning_is_lost)
{
	begin();
	look("one\ntwo\nthree\n");
	CHECK_EQ(look("two\nthree\n"), 10);
	CHECK_EQ(look("three\nfour\n"), 6);
	CHECK_EQ(look("something else\n"), 0);
	CHECK_EQ(look("else\nmore\n"), 5);
}


TEST(repetitions)
{
	begin();
	look("a\na\na\n");
	CHECK_EQ(look("a\na\na\na\n"), 6);
	CHECK_EQ(look("a\na\nb\n"), 4);
	CHECK_EQ(look("a\nb\na\nb\n"), 4); /* "a b" of the last three is known */
}


/* Against the obvious way, on random windows of a random text of few letters. */
TEST(as_the_obvious_way)
{
	static char text[300];

	srand(1);
	for (unsigned round = 0; round < 3000; round++) {
		for (size_t i = 0; i < sizeof(text); i++)
			text[i] = (char)('a' + rand() % 2);
		size_t const a = (size_t)rand() % 100, b = a + (size_t)rand() % 50;
		size_t const c = a + (size_t)rand() % 60, d = c + (size_t)rand() % 60;
		size_t expected = 0;

		for (size_t n = 1; n <= b - a && n <= d - c; n++)
			if (!memcmp(text + b - n, text + c, n))
				expected = n;
		begin();
		follow_new(&follow, text + a, b - a);
		CHECK_EQ(follow_new(&follow, text + c, d - c), expected);
	}
}


TEST(more_than_can_be_remembered)
{
	static char text[FOLLOW_MAX + 500];

	begin();
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 23);
	CHECK_EQ(follow_new(&follow, text, sizeof(text)), 0);
	CHECK_EQ(follow_new(&follow, text, sizeof(text)), sizeof(text));
	memset(text, 'x', sizeof(text));
	CHECK_EQ(follow_new(&follow, text, sizeof(text)), 0);
	CHECK_EQ(follow_new(&follow, text, sizeof(text)), sizeof(text));
}


TEST(lines)
{
	static char const text[] = "one\n\nthree\nrest";
	size_t at = 0, len = 9;

	CHECK(follow_line(text, strlen(text), &at, &len) && at == 4 && len == 3);
	CHECK(follow_line(text, strlen(text), &at, &len) && at == 5 && len == 0);
	CHECK(follow_line(text, strlen(text), &at, &len) && at == 11 && len == 5);
	CHECK(!follow_line(text, strlen(text), &at, &len) && at == 11);
}
