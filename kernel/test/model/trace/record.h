/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records what the kernel does, as transitions of the model. Included before everything
 * else (-include) it shows the recorder each section of code that holds a lock, and each
 * store that others can see; the kernel's sources are compiled as they are.
 */
#ifndef RECORD_H
#define RECORD_H

#include "lock.h"
#include <stdio.h>

void record_taken(struct lock *lock, const char *function);
void record_release(struct lock *lock, const char *function);
void record_stored(void const *place);

#define lock_take(lock)    (lock_take(lock), record_taken(lock, __func__))
#define lock_release(lock) (record_release(lock, __func__), lock_release(lock))

#undef atomic_store
#define atomic_store(ptr, value) \
	(smp_point(), __atomic_store_n(ptr, value, __ATOMIC_RELEASE), record_stored(ptr))

/**
 * Write the trace since the boot of the last world. If 'damage' is not 0 it is damaged
 * before, in one of DAMAGES ways; nothing is written if there is no place for that.
 */
enum { DAMAGES = 7 };
void record_write(FILE *file, unsigned damage);

/** Transitions recorded since the boot. */
extern unsigned record_count;

#endif
