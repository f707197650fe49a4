/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mutex between the threads of a component. Zeroed memory is a free mutex.
 *
 * Without contention it costs one atomic access each way and no call into the
 * kernel. Whoever waits parks on behalf of the owner, which inherits its priority.
 * All who wait are woken when the mutex becomes free: the most important one takes
 * it first.
 */
#ifndef BY_MUTEX_H
#define BY_MUTEX_H

#include <by/atomic.h>
#include <by/types.h>

struct by_mutex {
	by_atomic_u32 state; /* owner << 16 | latest who waits; see mutex.c */
};

/** Take the mutex; waits while another thread has it. Asserts that the caller has it not. */
void by_mutex_lock(struct by_mutex *mutex);

/** Take the mutex if it is free; false if not. */
BY_MUST_USE bool by_mutex_try(struct by_mutex *mutex);

/** Give the mutex back. Asserts that the caller has it. */
void by_mutex_unlock(struct by_mutex *mutex);

#endif
