/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory blocks.
 *
 * The functions are those of the C standard, because compilers call them; they are weak,
 * so that a libc may bring its own.
 */
#ifndef BY_MEM_H
#define BY_MEM_H

#include <by/types.h>

/** Copy 'size' bytes between blocks that do not overlap; returns 'dst'. */
void *memcpy(void *dst, void const *src, size_t size);

/** As memcpy, for blocks that may overlap. */
void *memmove(void *dst, void const *src, size_t size);

/** Fill 'size' bytes with the low byte of 'value'; returns 'dst'. */
void *memset(void *dst, int value, size_t size);

/** Negative, 0 or positive as the first differing byte of 'a' is less or greater. */
int memcmp(void const *a, void const *b, size_t size);

#endif
