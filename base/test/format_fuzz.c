/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: formatted text. The input is a number (8 bytes) and a format.
 *
 * Integer conversions, of which the format's pieces are made, are compared with
 * the host's snprintf. The format as a whole is run with arguments that are good
 * for every conversion: words that are pointers to a string.
 */
#include "canary.h"
#include <by/format.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

enum { ARGUMENTS = 8, ROOM = 64 };

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static char const string[] = "a string";


static void check(bool fact)
{
	if (!fact)
		abort();
}


/* More arguments than there are would be read from nowhere. */
static bool few_arguments(char const *fmt)
{
	unsigned count = 0;

	for (; *fmt; fmt++)
		count += *fmt == '%' || *fmt == '*';

	return count <= ARGUMENTS;
}


static void run_whole(char const *fmt)
{
	char   buf[ROOM + 1];
	char const *s = string;

	memset(buf, 0x77, sizeof(buf));
	size_t all = by_format(NULL, 0, fmt, s, s, s, s, s, s, s, s);
	size_t len = by_format(buf, ROOM, fmt, s, s, s, s, s, s, s, s);

	check(all == len && buf[ROOM] == 0x77);
	check(memchr(buf, 0, ROOM));
	check(strchr(fmt, 'c') || strlen(buf) == (len < ROOM ? len : ROOM - 1));
}


/* Length of the conversion at 'fmt' if it is of an integer and means the same to the host. */
static size_t integer_conversion(char const *fmt)
{
	size_t flags = 1 + strspn(fmt + 1, "-0+ #");
	size_t width = flags + strspn(fmt + flags, "0123456789");
	size_t point = width + (fmt[width] == '.');
	size_t end   = point + (point > width ? strspn(fmt + point, "0123456789") : 0);
	bool   sharp = memchr(fmt, '#', flags);

	if (width - flags > 3 || end - point > 3)
		return 0;

	return fmt[end] && strchr(sharp ? "xX" : "diuoxX", fmt[end]) ? end + 1 : 0;
}


/* Both the plain conversion and that of a long long. */
static void compare(char const *conversion, size_t len, uint64_t value)
{
	char fmt[64], ours[2048], theirs[2048];

	if (len + 3 > sizeof(fmt))
		return;

	memcpy(fmt, conversion, len);
	fmt[len] = 0;
	check(by_format(ours, sizeof(ours), fmt, (unsigned)value) ==
	      (size_t)snprintf(theirs, sizeof(theirs), fmt, (unsigned)value));
	check(!strcmp(ours, theirs));
	snprintf(fmt + len - 1, 4, "ll%c", conversion[len - 1]);
	check(by_format(ours, sizeof(ours), fmt, value) ==
	      (size_t)snprintf(theirs, sizeof(theirs), fmt, value));
	check(!strcmp(ours, theirs));
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	uint64_t value;
	bool     shown = false; /* two flags, a width of two digits, and a precision */

	if (size < sizeof(value))
		return 0;

	memcpy(&value, data, sizeof(value));
	size -= sizeof(value);
	char *fmt = malloc(size + 1);

	memcpy(fmt, data + sizeof(value), size);
	fmt[size] = 0;
	if (few_arguments(fmt))
		run_whole(fmt);
	for (char const *at = strchr(fmt, '%'); at; at = strchr(at + 1, '%')) {
		size_t len = integer_conversion(at);

		if (len)
			compare(at, len, value);
		shown |= len >= 7 && memchr(at, '.', len);
	}
	canary(shown);
	free(fmt);

	return 0;
}
