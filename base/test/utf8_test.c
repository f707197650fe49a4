/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of UTF-8, against the byte ranges of RFC 3629, section 4.
 */
#include <by/utf8.h>
#include <unit.h>

UNIT_MAIN("utf8")

struct range {
	unsigned char low, high;
};

struct form {
	size_t       len;
	struct range byte[4];
};

#define TAIL { 0x80, 0xbf }

static struct form const forms[] = {
	{ 1, { { 0x00, 0x7f } } },
	{ 2, { { 0xc2, 0xdf }, TAIL } },
	{ 3, { { 0xe0, 0xe0 }, { 0xa0, 0xbf }, TAIL } },
	{ 3, { { 0xe1, 0xec }, TAIL, TAIL } },
	{ 3, { { 0xed, 0xed }, { 0x80, 0x9f }, TAIL } },
	{ 3, { { 0xee, 0xef }, TAIL, TAIL } },
	{ 4, { { 0xf0, 0xf0 }, { 0x90, 0xbf }, TAIL, TAIL } },
	{ 4, { { 0xf1, 0xf3 }, TAIL, TAIL, TAIL } },
	{ 4, { { 0xf4, 0xf4 }, { 0x80, 0x8f }, TAIL, TAIL } },
};


static bool form_matches(struct form const *form, unsigned char const *text, size_t len)
{
	if (form->len > len)
		return false;

	for (size_t i = 0; i < form->len; i++)
		if (text[i] < form->byte[i].low || text[i] > form->byte[i].high)
			return false;

	return true;
}


static size_t model_len(unsigned char const *text, size_t len)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (form_matches(&forms[i], text, len))
			return forms[i].len;

	return 0;
}


TEST(decode_agrees_with_rfc)
{
	static unsigned char const some[] = { 0, 0x7f, 0x80, 0x8f, 0x90, 0xbf, 0xc0, 0xff };
	uint32_t code;

	for (unsigned i = 0; i < 65536 * 64; i++) {
		unsigned char const text[4] = {
			(unsigned char)(i >> 14), (unsigned char)(i >> 6),
			some[i >> 3 & 7], some[i & 7],
		};

		for (size_t len = 0; len <= 4; len++)
			CHECK_EQ(by_utf8_decode((char const *)text, len, &code),
			         model_len(text, len));
	}
}


static size_t encode(uint32_t code, char *text)
{
	if (code < 0x80) {
		text[0] = (char)code;
		return 1;
	}

	size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = len; --i; code >>= 6)
		text[i] = (char)(0x80 | (code & 0x3f));
	text[0] = (char)(code | (0xf00u >> len));

	return len;
}


TEST(decode_all_characters)
{
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char     text[4];
		size_t   len    = encode(code, text);
		bool     half   = code >= 0xd800 && code < 0xe000;
		uint32_t result = 0x12345678;

		CHECK_EQ(by_utf8_decode(text, len, &result), half ? 0 : len);
		CHECK_EQ(result, half ? 0x12345678 : code);
	}
}


TEST(valid_texts)
{
	char const text[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\xb3z";

	CHECK(by_utf8_valid("", 0));
	CHECK(by_utf8_valid(text, sizeof(text) - 1));
	CHECK(by_utf8_valid("\0", 1));
	for (size_t len = 1; len < sizeof(text); len++)
		CHECK(by_utf8_valid(text, len) ==
		      (len == 1 || len == 3 || len == 6 || len >= 10));
	CHECK(!by_utf8_valid("abc\x80", 4));
	CHECK(!by_utf8_valid("\xc0\x80", 2));
	CHECK(!by_utf8_valid("\xff", 1));
}
