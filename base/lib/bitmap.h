/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of small numbers that several threads take from and put into without a lock.
 */
#ifndef BASE_LIB_BITMAP_H
#define BASE_LIB_BITMAP_H

#include <by/atomic.h>

enum { BITMAP_BITS = 32 }; /* of one word */

/** Take a number out of one word; false if there is none. */
static inline bool bitmap_take_of(by_atomic_u32 *word, unsigned *bit)
{
	uint32_t bits;

	while ((bits = by_atomic_load_relaxed(word))) { /* pairs with bitmap_put() */
		if (by_atomic_cas(word, bits, bits & (bits - 1))) {
			*bit = (unsigned)__builtin_ctz(bits);
			return true;
		}
	}

	return false;
}

/** Take a number out of 'count' words, looking first at word 'start'; false if none is left. */
static inline bool bitmap_take(by_atomic_u32 *words, unsigned count, unsigned start,
                               unsigned *number)
{
	unsigned bit;

	for (unsigned i = 0, at = start; i < count; i++, at = at + 1 == count ? 0 : at + 1) {
		if (bitmap_take_of(&words[at], &bit)) {
			*number = at * BITMAP_BITS + bit;
			return true;
		}
	}

	return false;
}

/** Put a number back. */
static inline void bitmap_put(by_atomic_u32 *words, unsigned number)
{
	by_atomic_fetch_or(&words[number / BITMAP_BITS], /* pairs with bitmap_take_of() */
	                   (uint32_t)1 << number % BITMAP_BITS);
}

#endif
