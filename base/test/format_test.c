/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of formatted text, most of them against the host's snprintf.
 */
#include <by/container.h>
#include <by/format.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unit.h>

#include "support.h"

UNIT_MAIN("format")

/* The tests' formats are data. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

#define AGREES(...) \
	do { \
		char ours[200], theirs[200]; \
		size_t len = by_format(ours, sizeof(ours), __VA_ARGS__); \
		CHECK_EQ(snprintf(theirs, sizeof(theirs), __VA_ARGS__), len); \
		CHECK_STR(ours, theirs); \
	} while (0)

#define PRINTS(text, ...) \
	do { \
		char ours[200]; \
		CHECK_EQ(by_format(ours, sizeof(ours), __VA_ARGS__), strlen(text)); \
		CHECK_STR(ours, text); \
	} while (0)


/* Formats that the compiler would rightly warn about. */
static char const *hidden(char const *fmt)
{
	char const *volatile copy = fmt;

	return copy;
}


TEST(plain_text)
{
	AGREES("hello");
	AGREES("100%%");
	AGREES("%%%d%%", 5);
	PRINTS("", hidden(""));
}


TEST(signed_numbers)
{
	AGREES("%d %d %d %i", 0, 1, -1, 123456789);
	AGREES("%d %d", INT32_MIN, INT32_MAX);
	AGREES("%" PRId64 " %" PRId64, INT64_MIN, INT64_MAX);
	AGREES("%+d %+d % d % d", 5, -5, 5, -5);
	AGREES("%hd %hhd", (short)-3, (signed char)-4);
	AGREES("%ld %lld %jd %td", -1l, -2ll, (intmax_t)-3, (ptrdiff_t)-4);
	AGREES("%zd", (ssize_t)-7);
}


TEST(unsigned_numbers)
{
	AGREES("%u %u", 0u, UINT32_MAX);
	AGREES("%x %X %o", 0xdeadbeefu, 0xdeadbeefu, 0777u);
	AGREES("%" PRIu64 " %" PRIx64 " %" PRIX64 " %" PRIo64, UINT64_MAX, UINT64_MAX,
	       UINT64_MAX, UINT64_MAX);
	AGREES("%zu %ju %lu %llu", (size_t)-1, UINTMAX_MAX, ~0ul, ~0ull);
	AGREES("%#x %#X %#x", 0xabu, 0xabu, 0u);
	AGREES("%" PRIu8 " %" PRIu16 " %" PRIxPTR, (uint8_t)200, (uint16_t)60000, UINTPTR_MAX);
}


TEST(narrow_lengths_cut)
{
	AGREES(hidden("%hhx %hx %hhd %hd %hhu"), 0x12345678, 0x12345678, 0xff, 0xffff, 511);
}


TEST(width_and_precision)
{
	AGREES("[%5d] [%-5d] [%05d] [%5d]", 42, 42, 42, -42);
	AGREES("[%.3d] [%8.3d] [%-8.3d] [%.0d]", 7, 7, 7, 7);
	AGREES(hidden("[%.0d] [%5.0u] [%.d] [%08.3d] [%+.0d]"), 0, 0u, 0, 5, 0);
	AGREES("[%+05d] [% 05d] [%05d]", 42, 42, -42);
	AGREES(hidden("[%#08x] [%#8x] [%#-8x] [%#.4x] [%#10.4x]"), 255u, 255u, 255u, 255u, 255u);
	AGREES("[%*d] [%-*d] [%.*d] [%*.*d]", 6, 1, 6, 2, 4, 3, 8, 5, 4);
	AGREES("[%*d] [%.*d] [%*s]", -6, 1, -1, 5, -4, "x");
	AGREES(hidden("[%-05d] [%0-5d] [% +d] [%+ d]"), 3, 3, 3, 3);
	AGREES("[%20d] [%-20d] [%020d] [%.17d] [%16d] [%17d]", 1, 2, 3, 4, 5, 6);
}


TEST(text_and_letters)
{
	char const open[3] = { 'a', 'b', 'c' };

	AGREES("%s %10s %-10s|", "abc", "abc", "abc");
	AGREES("%.2s %.0s %.9s %5.1s|", "abc", "abc", "abc", "abc");
	AGREES("%.*s|%.*s", 2, open, 3, open);
	AGREES("%c%c%c|%4c|%-4c|", 'a', 'b', 'c', 'd', 'e');
	PRINTS("(null) (nu|  (null)", hidden("%s %.3s|%8s"), NULL, NULL, NULL);
}


TEST(letter_nul)
{
	char buf[8] = "zzzzzzz";

	CHECK_EQ(by_format(buf, sizeof(buf), "a%cb", 0), 3);
	CHECK(!memcmp(buf, "a\0b\0zzz", 8));
}


TEST(pointers)
{
	AGREES("%p", (void *)0x1234);
	AGREES("[%16p] [%-16p]", (void *)0x1234, (void *)0xabcdef);
	AGREES("%p", (void *)UINTPTR_MAX);
	PRINTS("0x0", "%p", NULL);
}


TEST(unknown_is_printed_as_it_stands)
{
	PRINTS("7 %f %s", hidden("%d %f %s"), 7);
	PRINTS("%n%d", hidden("%n%d"));
	PRINTS("a%", hidden("a%"));
	PRINTS("%-08", hidden("%-08"));
	PRINTS("%.5", hidden("%.5"));
	PRINTS("%ll", hidden("%ll"));
	PRINTS("%y", hidden("%y"));
	PRINTS("%Ld", hidden("%Ld"), 1);
}


TEST(width_is_bounded)
{
	char buf[8];

	CHECK_EQ(by_format(buf, sizeof(buf), hidden("%99999999999d"), 1), 4095);
	CHECK_STR(buf, "       ");
	CHECK_EQ(by_format(buf, sizeof(buf), hidden("%*d"), INT32_MAX, 1), 4095);
	CHECK_EQ(by_format(buf, sizeof(buf), hidden("%*d"), INT32_MIN, 1), 4095);
	CHECK_STR(buf, "1      ");
	CHECK_EQ(by_format(buf, sizeof(buf), hidden("%.99999d"), 1), 4095);
	CHECK_STR(buf, "0000000");
	CHECK_EQ(by_format(buf, sizeof(buf), hidden("%0*d"), 5000, -1), 4095);
	CHECK_EQ(by_format(buf, sizeof(buf), hidden("%.4294967295s"), "ab"), 2);
	CHECK_EQ(by_format(buf, sizeof(buf), hidden("%.2147483648s"), "ab"), 2);
}


TEST(cuts_and_terminates)
{
	for (size_t size = 0; size < 20; size++) {
		char *buf = malloc(size ? size : 1), theirs[32];

		CHECK_EQ(by_format(buf, size, "%s%5d%c", "abc", 42, 'x'), 9);
		snprintf(theirs, size ? size : 1, "%s%5d%c", "abc", 42, 'x');
		CHECK(size == 0 || !strcmp(buf, theirs));
		free(buf);
	}
	CHECK_EQ(by_format(NULL, 0, "%d", 12345), 5);
}


struct collector {
	struct by_sink sink;
	char           text[64];
	size_t         len;
	bool           empty; /* a piece was empty */
};


static void collect(struct by_sink *self, char const *text, size_t len)
{
	struct collector *collector = BY_CONTAINER_OF(self, struct collector, sink);

	collector->empty |= len == 0;
	memcpy(collector->text + collector->len, text, len);
	collector->len += len;
}


TEST(sink_gets_everything)
{
	struct collector collector = { .sink = { collect } };

	CHECK_EQ(by_format_to(&collector.sink, "%s<%4d>%s%.0s%x", "", 7, "ab", "cd", 255u), 10);
	CHECK_EQ(collector.len, 10);
	CHECK_STR(collector.text, "<   7>abff");
	CHECK(!collector.empty);
}


static size_t formatv(char *buf, size_t size, char const *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static size_t formatv(char *buf, size_t size, char const *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	size_t len = by_vformat(NULL, 0, fmt, args);

	/* the list is still where it was */
	if (len != by_vformat(buf, size, fmt, args))
		len = 0;
	va_end(args);

	return len;
}


TEST(va_list_is_borrowed)
{
	char buf[16];

	CHECK_EQ(formatv(buf, sizeof(buf), "%d %s %d", 1, "two", 3), 7);
	CHECK_STR(buf, "1 two 3");
}


/* The format of a random conversion with this length. */
static void random_format(uint64_t *seed, char const *length, char *fmt)
{
	static char const flags[] = "-0+ #", kinds[] = "diuxXo";
	char *at = fmt;

	*at++ = '[';
	*at++ = '%';
	for (int i = 0; i < 5; i++)
		if (support_below(seed, 4) == 0)
			*at++ = flags[i];
	if (support_below(seed, 2))
		at += sprintf(at, "%u", 1 + support_below(seed, 40));
	if (support_below(seed, 3) == 0)
		at += sprintf(at, ".%u", support_below(seed, 40));
	char kind = kinds[support_below(seed, 6)];
	if (kind == 'o')
		for (char *c = fmt; c < at; c++)
			*c = *c == '#' ? '-' : *c; /* # with o is not in the subset */
	sprintf(at, "%s%c]", length, kind);
}


TEST(random_against_host)
{
	uint64_t seed = 9;
	char fmt[64];

	for (int i = 0; i < 100000; i++) {
		uint64_t value = support_random(&seed) >> support_below(&seed, 64);

		if (i % 7 == 0)
			value = ~value;
		random_format(&seed, "", fmt);
		AGREES(fmt, (unsigned)value);
		random_format(&seed, "ll", fmt);
		AGREES(fmt, value);
		random_format(&seed, "l", fmt);
		AGREES(fmt, (unsigned long)value);
		random_format(&seed, "h", fmt);
		AGREES(fmt, (unsigned)value);
		random_format(&seed, "hh", fmt);
		AGREES(fmt, (unsigned)value);
	}
}


TEST(powers_of_ten)
{
	for (uint64_t power = 1;; power *= 10) {
		AGREES("%" PRIu64 " %" PRIu64 " %" PRIu64, power - 1, power, power + 1);
		AGREES("%" PRIu64 " %" PRIu64, power * 2 - 1, UINT64_MAX - power);
		if (power > UINT64_MAX / 10)
			break;
	}
	for (int bit = 0; bit < 64; bit++)
		AGREES("%" PRIu64 " %" PRIu64, (uint64_t)1 << bit, ((uint64_t)1 << bit) - 1);
}
