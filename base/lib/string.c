/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strings, and text that stands for a value.
 */
#include <by/string.h>


size_t by_strlen(char const *text)
{
	return by_strnlen(text, SIZE_MAX);
}


size_t by_strnlen(char const *text, size_t max)
{
	size_t len = 0;

	while (len < max && text[len])
		len++;

	return len;
}


int by_strcmp(char const *a, char const *b)
{
	for (; *a && *a == *b; a++)
		b++;

	return (unsigned char)*a - (unsigned char)*b;
}


bool by_strcopy(char *dst, size_t size, char const *src)
{
	size_t len = by_strnlen(src, size - 1);

	memcpy(dst, src, len);
	dst[len] = 0;

	return src[len] == 0;
}


/* The digit's value, 255 if it is none. */
static unsigned digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (unsigned)(digit - '0');

	if (digit >= 'a' && digit <= 'f')
		return (unsigned)(digit - 'a' + 10);

	if (digit >= 'A' && digit <= 'F')
		return (unsigned)(digit - 'A' + 10);

	return 255;
}


/* Factor 2^result that a suffix stands for, 0 if it is none. */
static unsigned suffix_shift(char suffix)
{
	switch (suffix) {
	case 'K': return 10;
	case 'M': return 20;
	case 'G': return 30;
	default:  return 0;
	}
}


by_status_t by_parse_u64(char const *text, size_t len, uint64_t *value)
{
	bool     hex    = len > 2 && text[0] == '0' && text[1] == 'x';
	unsigned base   = hex ? 16 : 10;
	unsigned shift  = len > 1 ? suffix_shift(text[len - 1]) : 0;
	size_t   at     = hex ? 2 : 0, end = len - (shift != 0);
	uint64_t result = 0;

	if (at >= end)
		return BY_INVALID;

	for (; at < end; at++) {
		unsigned digit = digit_value(text[at]);

		if (digit >= base || __builtin_mul_overflow(result, base, &result) ||
		    __builtin_add_overflow(result, digit, &result))
			return BY_INVALID;
	}
	if (result << shift >> shift != result)
		return BY_INVALID;

	*value = result << shift;
	return BY_OK;
}


by_status_t by_parse_bool(char const *text, size_t len, bool *value)
{
	static struct { char text[6]; bool value; } const words[] = {
		{ "yes", true  }, { "true",  true  }, { "on",  true  }, { "1", true  },
		{ "no",  false }, { "false", false }, { "off", false }, { "0", false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (len == by_strlen(words[i].text) && !memcmp(text, words[i].text, len)) {
			*value = words[i].value;
			return BY_OK;
		}
	}

	return BY_INVALID;
}
