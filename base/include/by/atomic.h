/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Atomic accesses to memory: the one layer that lock-free code is written with.
 *
 * Code that uses nothing else compiles unchanged under a model checker, which
 * puts its own by/atomic.h in front (base/test/ring/relacy). Each use names its
 * partner in a comment: whose store does this load pair with?
 */
#ifndef BY_ATOMIC_H
#define BY_ATOMIC_H

#include <by/types.h>

/** A 32-bit number that several CPUs or protection domains access. */
typedef struct { uint32_t value; } by_atomic_u32;

/** Bytes that are kept apart, so that two CPUs do not fight for one cache line. */
#define BY_ATOMIC_LINE 64

/** Load without order. */
static inline uint32_t by_atomic_load_relaxed(by_atomic_u32 const *a)
{
	return __atomic_load_n(&a->value, __ATOMIC_RELAXED);
}

/** Load; what follows happens after it. */
static inline uint32_t by_atomic_load_acquire(by_atomic_u32 const *a)
{
	return __atomic_load_n(&a->value, __ATOMIC_ACQUIRE);
}

/** Store without order. */
static inline void by_atomic_store_relaxed(by_atomic_u32 *a, uint32_t value)
{
	__atomic_store_n(&a->value, value, __ATOMIC_RELAXED);
}

/** Store; what precedes happens before it. */
static inline void by_atomic_store_release(by_atomic_u32 *a, uint32_t value)
{
	__atomic_store_n(&a->value, value, __ATOMIC_RELEASE);
}

/** Store and return what was there; acquire and release. */
static inline uint32_t by_atomic_exchange(by_atomic_u32 *a, uint32_t value)
{
	return __atomic_exchange_n(&a->value, value, __ATOMIC_ACQ_REL);
}

/** Add and return what was there; acquire and release. */
static inline uint32_t by_atomic_fetch_add(by_atomic_u32 *a, uint32_t value)
{
	return __atomic_fetch_add(&a->value, value, __ATOMIC_ACQ_REL);
}

/** Set bits and return what was there; acquire and release. */
static inline uint32_t by_atomic_fetch_or(by_atomic_u32 *a, uint32_t bits)
{
	return __atomic_fetch_or(&a->value, bits, __ATOMIC_ACQ_REL);
}

/** Store 'value' if 'expected' is there; acquire and release. Returns true if stored. */
static inline bool by_atomic_cas(by_atomic_u32 *a, uint32_t expected, uint32_t value)
{
	return __atomic_compare_exchange_n(&a->value, &expected, value, false,
	                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/** Full fence: orders even a store before it with a load after it. */
static inline void by_atomic_fence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}


/*
 * Content of memory shared with a domain that may write at any moment, word by
 * word: each word is read or written exactly once and never read again behind
 * the program's back, as a compiler may do with plain memory.
 */

/** A native word of shared content. */
typedef struct { by_word_t value; } by_shared_word;

/** Read a word, without order. */
static inline by_word_t by_shared_load(by_shared_word const *word)
{
	return __atomic_load_n(&word->value, __ATOMIC_RELAXED);
}

/** Write a word, without order. */
static inline void by_shared_store(by_shared_word *word, by_word_t value)
{
	__atomic_store_n(&word->value, value, __ATOMIC_RELAXED);
}

#endif
