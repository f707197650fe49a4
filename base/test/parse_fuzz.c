/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: text that stands for a value. Numbers are read a second time,
 * digit by digit with 128 bits, and the answers must agree.
 */
#include "canary.h"
#include <by/string.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);


static bool contains(char const *letters, char letter)
{
	return letter && strchr(letters, letter);
}


/* The slow reading; false if 'text' is no number. */
static bool read_slowly(char const *text, size_t len, uint64_t *value)
{
	static char const lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	unsigned base = len >= 2 && !memcmp(text, "0x", 2) ? 16 : 10, digits = 0;
	unsigned __int128 sum = 0;

	for (size_t at = base == 16 ? 2 : 0; at < len; at++) {
		if (at == len - 1 && digits && contains("KMG", text[at])) {
			sum <<= text[at] == 'K' ? 10 : text[at] == 'M' ? 20 : 30;
			break;
		}
		unsigned digit = 0;

		while (digit < base && lower[digit] != text[at] && upper[digit] != text[at])
			digit++;
		if (digit == base)
			return false;
		sum = sum * base + digit;
		digits++;
		if (sum > UINT64_MAX)
			return false;
	}
	*value = (uint64_t)sum;

	return digits && sum <= UINT64_MAX;
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	uint64_t value = 77, slow = 0;
	bool     truth = false;
	char    *text  = malloc(size ? size : 1);

	if (size)
		memcpy(text, data, size);

	bool good = by_parse_u64(text, size, &value) == BY_OK;

	canary(good && value >> 40 && contains("KMG", text[size - 1]));
	if (good != read_slowly(text, size, &slow) || value != (good ? slow : 77))
		abort();
	if (by_parse_bool(text, size, &truth) == BY_OK && size > 5)
		abort();
	free(text);

	return 0;
}
