/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Spinlocks. Lock order, outer to inner; a lock is never taken while one of the
 * same line or of a later line is held:
 *
 *     core_lock            core calls
 *     endpoint.lock        queues, signals, IPC state of threads at the endpoint
 *     object.lock          the slots that refer to the object
 *     cpu.timer_lock       timeouts armed on a CPU
 *     asid_lock            numbers of address spaces
 *
 * Nobody waits for another CPU's work while holding one of these but core_lock.
 */
#ifndef KERNEL_LOCK_H
#define KERNEL_LOCK_H

#include "atomic.h"

struct lock { uint32_t held; };

static inline void lock_take(struct lock *lock)
{
	/* pairs with lock_release() */
	while (unlikely(atomic_exchange(&lock->held, 1u)))
		smp_relax();
}


static inline void lock_release(struct lock *lock)
{
	/* pairs with lock_take() */
	atomic_store(&lock->held, 0u);
}

#endif
