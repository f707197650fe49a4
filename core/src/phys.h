/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical memory: a buddy allocator over bitmaps.
 *
 * One bitmap per order tells which naturally aligned blocks of 2^order pages are
 * free and not part of a larger free block. Each bitmap has summaries (a bit of a
 * summary word stands for a non-zero word below), so that a free block is found in
 * a few steps. Nothing is stored in the free memory itself, which core never maps.
 */
#ifndef CORE_PHYS_H
#define CORE_PHYS_H

#include <by/boot_info.h>
#include <by/types.h>

enum { PAGE_SHIFT = 12, PAGE_SIZE = 1 << PAGE_SHIFT };

/** Whole pages in 'size' bytes; memory that core can name has fewer than SIZE_MAX. */
static inline size_t phys_pages(uint64_t size)
{
	return (size_t)(size >> PAGE_SHIFT);
}

/** The beginning of the page that an address lies in. */
static inline uint64_t phys_floor(uint64_t address)
{
	return address & ~(uint64_t)(PAGE_SIZE - 1);
}

/** Bytes of the pages that 'size' bytes from the beginning of a page on touch. */
static inline uint64_t phys_round(uint64_t size)
{
	return phys_floor(size + PAGE_SIZE - 1);
}

/** Bytes of bookkeeping for memory up to 'end'. */
size_t phys_size(uint64_t base, uint64_t end);

/** Begin with no free memory. Keeps: 'store', zeroed, of phys_size() bytes. */
void phys_init(void *store, uint64_t base, uint64_t end);

/**
 * Allocate 'pages' contiguous pages, aligned to 2^align bytes and not reaching beyond
 * 'limit' (last byte; 0: anywhere). Errors: BY_NO_SPACE, BY_INVALID.
 */
BY_MUST_USE by_status_t phys_alloc(size_t pages, unsigned align, uint64_t limit,
                                   by_paddr_t *pa);

/** Free pages; also how the memory is made known at boot. */
void phys_free(by_paddr_t pa, size_t pages);

/** Number of free pages. */
size_t phys_avail(void);

#endif
