/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: fill and copy memory. The empty assembly keeps the compiler from making
 * calls of these functions out of their own loops.
 */
#include "types.h"

enum { WORD = sizeof(word_t), RUN = 8 * WORD };

static inline bool aligned(word_t bits)
{
	return (bits & (WORD - 1)) == 0;
}


/** Fill 'runs' times eight words. */
static unsigned char *fill_runs(word_t *to, word_t value, size_t runs)
{
	for (; runs--; to += 8) {
		to[0] = to[1] = to[2] = to[3] = value;
		to[4] = to[5] = to[6] = to[7] = value;
		__asm__ volatile ("" ::: "memory");
	}

	return (unsigned char *)to;
}


void *memset(void *dst, int value, size_t size)
{
	unsigned char *to  = dst;
	unsigned char *end = to + size;
	word_t const   all = (word_t)-1 / 0xff * (unsigned char)value;

	if (aligned((word_t)to))
		to = fill_runs(dst, all, size / RUN);
	while (to < end) {
		*to++ = (unsigned char)value;
		__asm__ volatile ("" ::: "memory");
	}

	return dst;
}


/** Copy 'runs' times eight words; all are loaded before one is stored. */
static void copy_runs(word_t *to, word_t const *from, size_t runs)
{
	for (; runs--; to += 8, from += 8) {
		word_t const a = from[0], b = from[1], c = from[2], d = from[3];
		word_t const e = from[4], f = from[5], g = from[6], h = from[7];

		to[0] = a, to[1] = b, to[2] = c, to[3] = d;
		to[4] = e, to[5] = f, to[6] = g, to[7] = h;
		__asm__ volatile ("" ::: "memory");
	}
}


void *memcpy(void *dst, const void *src, size_t size)
{
	unsigned char       *to   = dst;
	unsigned char const *from = src;
	unsigned char       *end  = to + size;

	if (aligned((word_t)to | (word_t)from)) {
		if (size >= RUN) {
			copy_runs(dst, src, size / RUN);
			to   += size / RUN * RUN;
			from += size / RUN * RUN;
		}
		for (; to + WORD <= end; to += WORD, from += WORD)
			*(word_t *)(void *)to = *(word_t const *)(void const *)from;
	}
	while (to < end) {
		*to++ = *from++;
		__asm__ volatile ("" ::: "memory");
	}

	return dst;
}
