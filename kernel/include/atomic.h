/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Atomic access to what several CPUs write. Each use names its partner.
 */
#ifndef KERNEL_ATOMIC_H
#define KERNEL_ATOMIC_H

#include "types.h"
#include <arch/smp.h>

#define atomic_load(ptr)           (smp_point(), __atomic_load_n(ptr, __ATOMIC_ACQUIRE))
#define atomic_store(ptr, value)   (smp_point(), __atomic_store_n(ptr, value, __ATOMIC_RELEASE))
#define atomic_relaxed(ptr)        __atomic_load_n(ptr, __ATOMIC_RELAXED)
#define atomic_exchange(ptr, val)  (smp_point(), __atomic_exchange_n(ptr, val, __ATOMIC_ACQ_REL))
#define atomic_fetch_or(ptr, val)  (smp_point(), __atomic_fetch_or(ptr, val, __ATOMIC_ACQ_REL))
#define atomic_fetch_and(ptr, val) (smp_point(), __atomic_fetch_and(ptr, val, __ATOMIC_ACQ_REL))
/** What was written before is seen before what is written after. */
#define atomic_fence()             (smp_point(), __atomic_thread_fence(__ATOMIC_RELEASE))
/** In addition, what was written before is seen before anything is read after. */
#define atomic_full_fence()        (smp_point(), __atomic_thread_fence(__ATOMIC_SEQ_CST))
#define atomic_cas(ptr, expected, val) \
	(smp_point(), __atomic_compare_exchange_n(ptr, expected, val, false, \
	                                          __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))

#endif
