/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of regions of physical memory, in whole pages: sorted, and with gaps in
 * between. What does not fit into a list is left out of it.
 */
#ifndef BOOT_REGIONS_H
#define BOOT_REGIONS_H

#include <by/boot_info.h>

enum { BOOT_PAGE = 4096 };

struct regions {
	uint32_t count;
	struct by_boot_region region[BY_BOOT_REGIONS];
};

/** Add the whole pages within [base, base + size); they may be there already. */
void regions_add(struct regions *list, uint64_t base, uint64_t size);

/** Remove all pages that [base, base + size) touches. */
void regions_remove(struct regions *list, uint64_t base, uint64_t size);

/**
 * Take 'size' bytes, a multiple of pages, out of the first region that has them
 * below 'limit'. 0: there is none.
 */
uint64_t regions_alloc(struct regions *list, uint64_t size, uint64_t limit);

/** Take a range if all of it is there. */
bool regions_take(struct regions *list, uint64_t base, uint64_t size);

/** Largest region below 'limit', or what of it is below; size 0: there is none. */
struct by_boot_region regions_largest(struct regions const *list, uint64_t limit);

static inline uint64_t page_down(uint64_t address)
{
	return address & ~(uint64_t)(BOOT_PAGE - 1);
}


static inline uint64_t page_up(uint64_t address)
{
	return page_down(address + BOOT_PAGE - 1);
}

#endif
