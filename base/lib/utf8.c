/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UTF-8.
 */
#include <by/utf8.h>


/* Bytes of the character that begins with 'lead', 0 if none does. */
static size_t sequence_len(unsigned char lead)
{
	if (lead < 0x80)
		return 1;

	if (lead < 0xc0 || lead > 0xf7)
		return 0;

	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}


static bool code_valid(uint32_t code, size_t len)
{
	static uint32_t const least[] = { [1] = 0, 0x80, 0x800, 0x10000 };

	return code >= least[len] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}


size_t by_utf8_decode(char const *text, size_t len, uint32_t *code)
{
	static unsigned char const payload[] = { [1] = 0x7f, 0x1f, 0x0f, 0x07 };
	size_t   bytes  = len ? sequence_len((unsigned char)*text) : 0;
	uint32_t result;

	if (bytes == 0 || bytes > len)
		return 0;

	result = (unsigned char)text[0] & payload[bytes];
	for (size_t i = 1; i < bytes; i++) {
		unsigned char next = (unsigned char)text[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		result = result << 6 | (next & 0x3f);
	}
	if (!code_valid(result, bytes))
		return 0;

	*code = result;
	return bytes;
}


bool by_utf8_valid(char const *text, size_t len)
{
	uint32_t code;
	size_t   bytes;

	for (; len; text += bytes, len -= bytes) {
		bytes = by_utf8_decode(text, len, &code);
		if (!bytes)
			return false;
	}

	return true;
}
