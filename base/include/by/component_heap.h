/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The component's own heap, which is env->heap.
 */
#ifndef BY_COMPONENT_HEAP_H
#define BY_COMPONENT_HEAP_H

#include <by/types.h>

/**
 * Give back what the heap keeps in reserve: a chunk, at most. For those that compare what they
 * have at different times, or are to give all back. Any thread.
 */
void by_heap_trim_own(void);

/**
 * Number of blocks that are allocated from the heap: a leak that costs no page shows here.
 * Any thread.
 */
size_t by_heap_used_own(void);

#endif
