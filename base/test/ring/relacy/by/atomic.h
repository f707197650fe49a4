/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The layer of base/include/by/atomic.h once more, for the Relacy race
 * detector: code that uses it is compiled as C++ and unchanged. Words of shared
 * content are plain variables here, so that Relacy reports every access to them
 * that no acquire and release order.
 */
#ifndef BY_ATOMIC_H
#define BY_ATOMIC_H

#include <relacy/relacy.hpp>
#include <by/types.h>

#define _Static_assert static_assert
#define BY_ATOMIC_LINE (2 * sizeof(by_atomic_u32) + 8)

typedef rl::atomic<uint32_t> by_atomic_u32;

static inline uint32_t by_atomic_load_relaxed(by_atomic_u32 const *a)
{
	return (*a)($).load(rl::mo_relaxed);
}

static inline uint32_t by_atomic_load_acquire(by_atomic_u32 const *a)
{
	return (*a)($).load(rl::mo_acquire);
}

static inline void by_atomic_store_relaxed(by_atomic_u32 *a, uint32_t value)
{
	(*a)($).store(value, rl::mo_relaxed);
}

static inline void by_atomic_store_release(by_atomic_u32 *a, uint32_t value)
{
	(*a)($).store(value, rl::mo_release);
}

static inline void by_atomic_fence(void)
{
	rl::atomic_thread_fence(rl::mo_seq_cst, $);
}

/*
 * For ring_weaken.sh only, which replaces an access of the ring by
 * (ring_weak(place, lead) ? weaker access : access): is this the place, and the
 * side of the ring, to be weakened in this run?
 */
bool ring_weak(unsigned place, uint32_t lead);

static inline void by_atomic_fence_acq_rel(void)
{
	rl::atomic_thread_fence(rl::mo_acq_rel, $);
}

typedef rl::var<by_word_t> by_shared_word;

static inline by_word_t by_shared_load(by_shared_word const *word)
{
	return (*word)($);
}

static inline void by_shared_store(by_shared_word *word, by_word_t value)
{
	(*word)($) = value;
}

#endif
