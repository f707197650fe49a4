/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of strings and of text that stands for a value.
 */
#include <by/string.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unit.h>

#include "support.h"

UNIT_MAIN("string")


TEST(strlen_counts)
{
	CHECK_EQ(by_strlen(""), 0);
	CHECK_EQ(by_strlen("a"), 1);
	CHECK_EQ(by_strlen("hello, world"), 12);
}


TEST(strnlen_stops)
{
	char const open[3] = { 'a', 'b', 'c' };

	CHECK_EQ(by_strnlen(open, 3), 3);
	CHECK_EQ(by_strnlen(open, 2), 2);
	CHECK_EQ(by_strnlen(open, 0), 0);
	CHECK_EQ(by_strnlen("ab", 3), 2);
}


TEST(strcmp_orders)
{
	CHECK(by_strcmp("", "") == 0);
	CHECK(by_strcmp("abc", "abc") == 0);
	CHECK(by_strcmp("abc", "abd") < 0);
	CHECK(by_strcmp("b", "abd") > 0);
	CHECK(by_strcmp("ab", "abc") < 0);
	CHECK(by_strcmp("abc", "ab") > 0);
	CHECK(by_strcmp("\x7f", "\x80") < 0);
	CHECK(by_strcmp("\xff", "a") > 0);
}


TEST(strcopy_cuts_and_tells)
{
	char buf[5] = "zzzz";

	CHECK(by_strcopy(buf, 4, "abc"));
	CHECK_STR(buf, "abc");
	CHECK(!by_strcopy(buf, 4, "defg"));
	CHECK_STR(buf, "def");
	CHECK(buf[4] == 0);
	CHECK(by_strcopy(buf, 1, ""));
	CHECK_STR(buf, "");
	CHECK(!by_strcopy(buf, 1, "x"));
	CHECK_STR(buf, "");
}


/* Parses a copy without NUL behind it, so that ASan sees each byte read too much. */
static by_status_t parse(char const *text, uint64_t *value)
{
	size_t len  = strlen(text);
	char  *copy = malloc(len ? len : 1);

	memcpy(copy, text, len);
	by_status_t status = by_parse_u64(copy, len, value);
	free(copy);

	return status;
}


TEST(parse_u64_accepts)
{
	static struct { char const *text; uint64_t value; } const right[] = {
		{ "0", 0 }, { "1", 1 }, { "007", 7 }, { "10", 10 }, { "4K", 4096 },
		{ "1M", 1 << 20 }, { "3G", 3ull << 30 }, { "0x0", 0 }, { "0xff", 255 },
		{ "0xABCdef", 0xabcdef }, { "0xF", 15 }, { "0x10K", 0x4000 }, { "0K", 0 },
		{ "18446744073709551615", UINT64_MAX },
		{ "0xffffffffffffffff", UINT64_MAX },
		{ "0x000000000000000000001", 1 },
		{ "18014398509481983K", 18014398509481983ull << 10 },
		{ "17592186044415M", 17592186044415ull << 20 },
		{ "17179869183G", 17179869183ull << 30 },
	};

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		uint64_t value = 77;

		CHECK(parse(right[i].text, &value) == BY_OK);
		CHECK_EQ(value, right[i].value);
	}
}


TEST(parse_u64_refuses)
{
	static char const *const wrong[] = {
		"", " ", " 1", "1 ", "+1", "-1", "1a", "x", "0x", "0xK", "K", "M", "G",
		"1KK", "1k", "1T", "1.5", "0X10", "0xg", "00x1", "0x1x", "1,000", "ff",
		"18446744073709551616", "18446744073709551620", "99999999999999999999",
		"184467440737095516150", "0x10000000000000000", "18014398509481984K",
		"17592186044416M", "17179869184G", "/", ":", "0x@", "0x`",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint64_t value = 77;

		CHECK(parse(wrong[i], &value) == BY_INVALID);
		CHECK_EQ(value, 77);
	}
	CHECK(by_parse_u64("1\0002", 3, &(uint64_t){ 0 }) == BY_INVALID);
}


TEST(parse_u64_len_bounds)
{
	uint64_t value = 0;

	CHECK(by_parse_u64("123456", 3, &value) == BY_OK);
	CHECK_EQ(value, 123);
}


TEST(parse_u64_round_trip)
{
	uint64_t seed = 1;

	for (int i = 0; i < 20000; i++) {
		uint64_t number = support_random(&seed) >> support_below(&seed, 64), value;
		char text[32];

		snprintf(text, sizeof(text), "%" PRIu64, number);
		CHECK(parse(text, &value) == BY_OK);
		CHECK_EQ(value, number);
		snprintf(text, sizeof(text), "0x%" PRIx64, number);
		CHECK(parse(text, &value) == BY_OK);
		CHECK_EQ(value, number);
		snprintf(text, sizeof(text), "%" PRIu64 "K", number);
		CHECK((parse(text, &value) == BY_OK) == (number >> 54 == 0));
	}
}


TEST(parse_bool_words)
{
	static char const *const yes[] = { "yes", "true", "on", "1" };
	static char const *const no[]  = { "no", "false", "off", "0" };
	static char const *const bad[] = { "", "y", "Yes", "TRUE", "truex", "tru", "2", "yes ", "of" };
	bool value = false;

	for (int i = 0; i < 4; i++) {
		CHECK(by_parse_bool(yes[i], strlen(yes[i]), &value) == BY_OK && value);
		CHECK(by_parse_bool(no[i], strlen(no[i]), &value) == BY_OK && !value);
	}
	value = true;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(by_parse_bool(bad[i], strlen(bad[i]), &value) == BY_INVALID && value);
	CHECK(by_parse_bool("offer", 3, &value) == BY_OK && !value);
}
