/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scalar types and small helpers of the kernel.
 */
#ifndef KERNEL_TYPES_H
#define KERNEL_TYPES_H

#include <by/abi.h>
#include <by/arch/kernel.h>
#include <by/message.h>
#include <by/types.h>

typedef by_word_t    word_t;
typedef by_paddr_t   paddr_t;
typedef by_ticks_t   ticks_t;
typedef by_status_t  status_t;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/** Object that 'ptr' is the member 'member' of. */
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#define likely(cond)   __builtin_expect(!!(cond), 1)
#define unlikely(cond) __builtin_expect(!!(cond), 0)

enum {
	PAGE_SHIFT = 12,
	PAGE_SIZE  = 1 << PAGE_SHIFT,
};

/** Fill or copy memory; the compiler calls them as well. */
void *memset(void *dst, int value, size_t size);
void *memcpy(void *dst, const void *src, size_t size);

#endif
