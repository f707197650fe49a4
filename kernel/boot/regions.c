/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of regions of physical memory.
 */
#include "regions.h"

#define ADDRESS_END ((uint64_t)1 << 52) /* no machine has more than 52 bits */


static uint64_t end_of(struct by_boot_region region)
{
	return region.base + region.size;
}


/** End of a range from elsewhere, which can reach beyond all addresses. */
static uint64_t range_end(uint64_t base, uint64_t size)
{
	if (base >= ADDRESS_END)
		return 0;

	return size < ADDRESS_END - base ? base + size : ADDRESS_END;
}


static void erase(struct regions *list, uint32_t i)
{
	list->count--;
	for (; i < list->count; i++)
		list->region[i] = list->region[i + 1];
}


/** Make place at 'i'. In a full list the smallest one, or the new one, is given up. */
static void insert(struct regions *list, uint32_t i, struct by_boot_region region)
{
	if (list->count == BY_BOOT_REGIONS) {
		uint32_t smallest = 0;
		for (uint32_t j = 1; j < list->count; j++)
			if (list->region[j].size < list->region[smallest].size)
				smallest = j;
		if (list->region[smallest].size >= region.size)
			return;
		erase(list, smallest);
		i -= smallest < i;
	}
	for (uint32_t j = list->count; j > i; j--)
		list->region[j] = list->region[j - 1];
	list->region[i] = region;
	list->count++;
}


void regions_add(struct regions *list, uint64_t base, uint64_t size)
{
	uint64_t end = page_down(range_end(base, size));
	uint32_t i   = 0;

	if (base >= end)
		return;

	base = page_up(base);
	if (base == end)
		return;

	while (i < list->count && end_of(list->region[i]) < base)
		i++;
	while (i < list->count && list->region[i].base <= end) {
		if (list->region[i].base < base)
			base = list->region[i].base;
		if (end_of(list->region[i]) > end)
			end = end_of(list->region[i]);
		erase(list, i);
	}
	insert(list, i, (struct by_boot_region) { base, end - base });
}


void regions_remove(struct regions *list, uint64_t base, uint64_t size)
{
	uint64_t const end = page_up(range_end(base, size));

	base = page_down(base);
	for (uint32_t i = 0; i < list->count && size; ) {
		struct by_boot_region const old = list->region[i];

		if (end_of(old) <= base || old.base >= end) {
			i++;
			continue;
		}
		erase(list, i);
		if (end_of(old) > end)
			insert(list, i, (struct by_boot_region) { end, end_of(old) - end });
		if (old.base < base)
			insert(list, i, (struct by_boot_region) { old.base, base - old.base });
		i = 0;
	}
}


uint64_t regions_alloc(struct regions *list, uint64_t size, uint64_t limit)
{
	for (uint32_t i = 0; i < list->count; i++) {
		struct by_boot_region *region = &list->region[i];
		uint64_t base = region->base;

		if (base >= limit || size > region->size || size > limit - base || !size)
			continue;
		region->base += size;
		region->size -= size;
		if (!region->size)
			erase(list, i);
		return base;
	}

	return 0;
}


bool regions_take(struct regions *list, uint64_t base, uint64_t size)
{
	for (uint32_t i = 0; i < list->count; i++) {
		struct by_boot_region const region = list->region[i];
		if (base >= region.base && base - region.base <= region.size
		    && size <= region.size - (base - region.base)) {
			regions_remove(list, base, size);
			return true;
		}
	}

	return false;
}


struct by_boot_region regions_largest(struct regions const *list, uint64_t limit)
{
	struct by_boot_region largest = { 0, 0 };

	for (uint32_t i = 0; i < list->count; i++) {
		struct by_boot_region region = list->region[i];
		if (region.base >= limit)
			break;
		if (region.size > limit - region.base)
			region.size = limit - region.base;
		if (region.size > largest.size)
			largest = region;
	}

	return largest;
}
