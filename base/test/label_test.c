/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of session labels.
 */
#include <by/label.h>
#include <stdlib.h>
#include <unit.h>

UNIT_MAIN("label")


/* A string of 'len' times 'letter'. Gives: the string. */
static char *line(size_t len, char letter)
{
	char *text = malloc(len + 1);

	memset(text, letter, len);
	text[len] = 0;

	return text;
}


TEST(valid_labels)
{
	static char const *const right[] = {
		"", "a", "init -> shell -> log", "a b", "->", "x ->y", "\xc3\xa4",
		"\xe2\x82\xac \xf0\x9f\x8c\xb3", "a\"b{}\\/:", "\xc2\xa0", "~",
	};

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		CHECK(by_label_valid(right[i]));
}


TEST(invalid_labels)
{
	static char const *const wrong[] = {
		" ", " a", "a ", "|", "a|b", "a\tb", "\n", "a\n", "\x01", "\x1f", "a\x7f",
		"\xc2\x80", "a\xc2\x9f z", "\xff", "\x80", "\xc3", "\xc0\xaf", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "a -> ",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(!by_label_valid(wrong[i]));
}


TEST(valid_length)
{
	char *longest = line(BY_LABEL_MAX, 'x'), *longer = line(BY_LABEL_MAX + 1, 'x');
	char *open = malloc(BY_LABEL_SIZE);

	CHECK(by_label_valid(longest));
	CHECK(!by_label_valid(longer));
	/* unterminated: nothing behind BY_LABEL_SIZE is read */
	memset(open, 'x', BY_LABEL_SIZE);
	CHECK(!by_label_valid(open));
	free(longest);
	free(longer);
	free(open);
}


TEST(each_control_character)
{
	for (int code = 1; code < 0x80; code++) {
		char const text[] = { 'a', (char)code, 'b', 0 };

		CHECK(by_label_valid(text) == (code >= 0x20 && code != 0x7f && code != '|'));
	}
	for (int code = 0x80; code < 0xc0; code++) {
		char const text[] = { '\xc2', (char)code, 0 };

		CHECK(by_label_valid(text) == (code >= 0xa0));
	}
}


TEST(prefix)
{
	char out[BY_LABEL_SIZE];

	memset(out, 'z', sizeof(out));
	CHECK(by_label_prefix(out, "init", "") == BY_OK);
	CHECK_STR(out, "init");
	CHECK(by_label_prefix(out, "init", "shell -> log") == BY_OK);
	CHECK_STR(out, "init -> shell -> log");
}


TEST(prefix_length)
{
	char out[BY_LABEL_SIZE] = "old";

	for (size_t child = 0; child <= BY_LABEL_SIZE + 3; child++) {
		char *name = line(child, 'c'), *label = line(BY_LABEL_SIZE + 3 - child, 'l');
		size_t total = child + strlen(label) + (*label ? 4 : 0);
		by_status_t status = by_label_prefix(out, name, label);

		CHECK(status == (total <= BY_LABEL_MAX ? BY_OK : BY_LIMIT));
		free(name);
		free(label);
	}
	CHECK_STR(out, "old");
	for (size_t child = 1; child < BY_LABEL_MAX - 4; child++) {
		char *name = line(child, 'c'), *label = line(BY_LABEL_MAX - 4 - child, 'l');

		CHECK(by_label_prefix(out, name, label) == BY_OK);
		CHECK_EQ(strlen(out), BY_LABEL_MAX);
		CHECK_STR(by_label_last(out), label);
		CHECK_EQ(by_label_parent_len(out), child);
		free(name);
		free(label);
	}
}


TEST(last_and_parent)
{
	static struct { char const *label, *last; size_t parent; } const cases[] = {
		{ "", "", 0 }, { "a", "a", 0 }, { "a -> b", "b", 1 }, { "a -> b -> c d", "c d", 6 },
		{ "a->b", "a->b", 0 }, { " -> b", "b", 0 }, { "a -> ", "", 1 },
		{ "a ->  -> b", "b", 5 }, { " ->", " ->", 0 }, { "-> ", "-> ", 0 },
		{ "a -> -> b", "b", 4 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_STR(by_label_last(cases[i].label), cases[i].last);
		CHECK_EQ(by_label_parent_len(cases[i].label), cases[i].parent);
	}
}
