/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The layer of base/include/by/atomic.h once more, for recording: each access
 * first lets the other side run, then happens, then is told to trace.c.
 */
#ifndef BY_ATOMIC_H
#define BY_ATOMIC_H

#include <by/types.h>

#define BY_ATOMIC_LINE 64

typedef struct { uint32_t value; } by_atomic_u32;
typedef struct { by_word_t value; } by_shared_word;

/** Let the other side run. */
void trace_yield(void);

/** Record an access of the running side to the object. */
void trace_access(void const *object, bool store, uint64_t value);

static inline uint32_t by_atomic_load_relaxed(by_atomic_u32 const *a)
{
	trace_yield();
	trace_access(a, false, a->value);

	return a->value;
}

static inline uint32_t by_atomic_load_acquire(by_atomic_u32 const *a)
{
	return by_atomic_load_relaxed(a);
}

static inline void by_atomic_store_relaxed(by_atomic_u32 *a, uint32_t value)
{
	trace_yield();
	trace_access(a, true, value);
	a->value = value;
}

static inline void by_atomic_store_release(by_atomic_u32 *a, uint32_t value)
{
	by_atomic_store_relaxed(a, value);
}

static inline void by_atomic_fence(void)
{
	trace_yield();
}

static inline by_word_t by_shared_load(by_shared_word const *word)
{
	trace_yield();
	trace_access(word, false, word->value);

	return word->value;
}

static inline void by_shared_store(by_shared_word *word, by_word_t value)
{
	trace_yield();
	trace_access(word, true, value);
	word->value = value;
}

#endif
