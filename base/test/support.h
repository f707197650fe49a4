/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the unit tests of base share: random numbers, an allocator that fails on
 * demand, assertions that are expected.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <by/alloc.h>

/** The next random number; the sequence depends on '*seed' (not 0) alone. */
uint64_t support_random(uint64_t *seed);

/** A random number from 0 to 'count' - 1. */
unsigned support_below(uint64_t *seed, unsigned count);

struct support_alloc {
	struct by_alloc alloc;
	unsigned        calls;    /* allocations asked for */
	unsigned        fail_at;  /* this and all later calls fail, 0: none */
	unsigned        live;     /* allocations */
	size_t          consumed;
};

/** Prepare an allocator that passes on malloc's memory, filled with garbage. */
void support_alloc_init(struct support_alloc *alloc);

/** True if 'run' ends in a broken assertion. */
bool support_asserts(void (*run)(void *arg), void *arg);

#endif
