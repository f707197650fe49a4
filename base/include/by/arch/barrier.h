/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: order between memory and devices, for drivers. Threads among
 * themselves use by/atomic.h.
 */
#ifndef BY_ARCH_BARRIER_H
#define BY_ARCH_BARRIER_H

/** Reads before are done before reads behind, of memory and of devices. */
static inline void by_barrier_read(void);

/** Writes before are seen by devices before writes behind. */
static inline void by_barrier_write(void);

/** All accesses before are done before any behind. */
static inline void by_barrier(void);

#include <by/port/barrier.h>

#endif
