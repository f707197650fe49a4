/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory functions that compilers call.
 *
 * Words are used wherever there are some. 'tight' means that a pointer is known
 * to be aligned to words; elsewhere the compiler picks what the machine allows.
 * Copies read and write strictly in one direction, so that overlapping blocks
 * can be copied in the direction that suits them.
 */
#include <by/mem.h>

#define WEAK __attribute__((weak))
#define INLINE static inline __attribute__((always_inline))

enum { WORD = sizeof(by_word_t) };

typedef by_word_t __attribute__((may_alias)) word_t;

struct loose {
	by_word_t word;
} __attribute__((packed, may_alias));


INLINE bool aligned(void const *ptr)
{
	return (uintptr_t)ptr % WORD == 0;
}


/* Keeps the compiler from turning a loop into a call of the function it is part of. */
INLINE unsigned char *opaque(unsigned char *ptr)
{
	__asm__("" : "+r"(ptr));
	return ptr;
}


INLINE by_word_t load(unsigned char const *at, unsigned index, bool tight)
{
	return tight ? ((word_t const *)(void const *)at)[index]
	             : ((struct loose const *)(void const *)at)[index].word;
}


INLINE void store(unsigned char *at, unsigned index, by_word_t word)
{
	((word_t *)(void *)at)[index] = word;
}


INLINE void copy_four(unsigned char *to, unsigned char const *from, bool tight)
{
	by_word_t a = load(from, 0, tight), b = load(from, 1, tight);
	by_word_t c = load(from, 2, tight), d = load(from, 3, tight);

	store(to, 0, a);
	store(to, 1, b);
	store(to, 2, c);
	store(to, 3, d);
}


/* Copy the words of 'size' bytes to 'to', which is aligned, and the bytes that remain. */
INLINE void words_up(unsigned char *to, unsigned char const *from, size_t size,
                     bool tight)
{
	for (; size >= 4 * WORD; size -= 4 * WORD, from += 4 * WORD) {
		copy_four(to, from, tight);
		to = opaque(to + 4 * WORD);
	}
	for (; size >= WORD; size -= WORD, from += WORD) {
		store(to, 0, load(from, 0, tight));
		to = opaque(to + WORD);
	}
	for (; size; size--) {
		*to = *from++;
		to = opaque(to + 1);
	}
}


static void *copy_up(unsigned char *to, unsigned char const *from, size_t size)
{
	void *begin = to;

	for (; size && !aligned(to); size--) {
		*to = *from++;
		to = opaque(to + 1);
	}
	if (aligned(from))
		words_up(to, from, size, true);
	else
		words_up(to, from, size, false);

	return begin;
}


/* As words_up, downwards from the ends 'to' and 'from'; too rare to be unrolled. */
INLINE void words_down(unsigned char *to, unsigned char const *from, size_t size,
                       bool tight)
{
	for (; size >= WORD; size -= WORD) {
		to = opaque(to - WORD);
		store(to, 0, load(from -= WORD, 0, tight));
	}
	for (; size; size--) {
		to = opaque(to - 1);
		*to = *--from;
	}
}


static void *copy_down(unsigned char *begin, unsigned char const *from, size_t size)
{
	unsigned char *to = begin + size;

	for (from += size; size && !aligned(to); size--) {
		to = opaque(to - 1);
		*to = *--from;
	}
	if (aligned(from))
		words_down(to, from, size, true);
	else
		words_down(to, from, size, false);

	return begin;
}


WEAK void *memcpy(void *dst, void const *src, size_t size)
{
	return copy_up(dst, src, size);
}


WEAK void *memmove(void *dst, void const *src, size_t size)
{
	/* below 'src' the difference wraps around and is large */
	if ((uintptr_t)dst - (uintptr_t)src >= size)
		return copy_up(dst, src, size);

	return copy_down(dst, src, size);
}


WEAK void *memset(void *dst, int value, size_t size)
{
	unsigned char *to = dst, byte = (unsigned char)value;
	by_word_t word = byte * (~(by_word_t)0 / 255);

	for (; size && !aligned(to); size--) {
		*to = byte;
		to = opaque(to + 1);
	}
	for (; size >= 4 * WORD; size -= 4 * WORD) {
		store(to, 0, word);
		store(to, 1, word);
		store(to, 2, word);
		store(to, 3, word);
		to = opaque(to + 4 * WORD);
	}
	for (; size >= WORD; size -= WORD) {
		store(to, 0, word);
		to = opaque(to + WORD);
	}
	for (; size; size--) {
		*to = byte;
		to = opaque(to + 1);
	}

	return dst;
}


INLINE size_t words_same(unsigned char const *a, unsigned char const *b, size_t size,
                         bool tight)
{
	size_t done = 0;

	while (size - done >= WORD && load(a + done, 0, tight) == load(b + done, 0, tight))
		done += WORD;

	return done;
}


WEAK int memcmp(void const *a, void const *b, size_t size)
{
	unsigned char const *first = a, *second = b;
	size_t at = aligned(a) && aligned(b) ? words_same(first, second, size, true)
	                                     : words_same(first, second, size, false);

	for (; at < size; at++)
		if (first[at] != second[at])
			return first[at] - second[at];

	return 0;
}
