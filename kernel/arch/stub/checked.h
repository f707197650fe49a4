/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Checked locks: included before everything else (-include) it lets the stub see each
 * lock that the kernel takes, so that the order documented in lock.h can be verified.
 * The lock's place in the order is told from the expression that names it.
 */
#ifndef STUB_CHECKED_H
#define STUB_CHECKED_H

#include "lock.h"

/** Before a lock is taken by this CPU, and before it is released. */
void stub_lock_take(struct lock *lock, const char *name);
void stub_lock_release(struct lock *lock);

#define lock_take(lock)    (stub_lock_take(lock, #lock), lock_take(lock))
#define lock_release(lock) (stub_lock_release(lock), lock_release(lock))

#endif
