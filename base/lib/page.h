/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages, in which core hands out memory.
 */
#ifndef BASE_LIB_PAGE_H
#define BASE_LIB_PAGE_H

#include <by/session/pd.h>

enum { PAGE_LOG2 = 12, PAGE = 1 << PAGE_LOG2 };

/** The beginning of the page that an address lies in. */
static inline by_word_t page_floor(by_word_t address)
{
	return address & ~(by_word_t)(PAGE - 1);
}

/** Bytes of the pages that 'size' bytes take. */
static inline size_t page_ceil(size_t size)
{
	return page_floor(size + PAGE - 1);
}

/** Allocate usual RAM, in pages. Gives: ds. */
static inline BY_MUST_USE by_status_t page_ram(struct by_pd *pd, size_t size, by_cap_t *ds)
{
	return by_pd_ram_alloc(pd, size, BY_PD_CACHE_CACHED, PAGE_LOG2, 0, ds);
}

#endif
