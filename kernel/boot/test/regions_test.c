/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of regions, against a map with one flag per page.
 */
#include "regions.h"
#include "unit.h"

#include <stdlib.h>

enum { PAGES = 256 };

static struct regions list;
static bool           page[PAGES];


/** The list says what the flags say, and is sorted with gaps. */
static bool list_right(void)
{
	bool shown[PAGES] = { false };
	uint64_t end = 0;

	for (uint32_t i = 0; i < list.count; i++) {
		struct by_boot_region const r = list.region[i];
		if (!r.size || r.base % BOOT_PAGE || r.size % BOOT_PAGE || (i && r.base <= end))
			return false;
		end = r.base + r.size;
		for (uint64_t p = r.base / BOOT_PAGE; p < end / BOOT_PAGE; p++)
			shown[p] = true;
	}

	return memcmp(shown, page, sizeof(page)) == 0;
}


static void set_pages(uint64_t base, uint64_t end, bool value)
{
	for (uint64_t p = base / BOOT_PAGE; p < end / BOOT_PAGE; p++)
		page[p] = value;
}


static void reset(void)
{
	memset(&list, 0, sizeof(list));
	memset(page, 0, sizeof(page));
	srand(1);
}


TEST(add_and_remove_as_a_map_of_pages)
{
	reset();
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t base = (uint64_t)(rand() % (PAGES * BOOT_PAGE));
		uint64_t size = (uint64_t)(rand() % (40 * BOOT_PAGE));
		bool     add  = rand() % 2;
		uint64_t end  = base + size;

		if (end > PAGES * BOOT_PAGE || list.count >= BY_BOOT_REGIONS - 1)
			add = false;
		if (end > PAGES * BOOT_PAGE)
			continue;
		if (add) {
			regions_add(&list, base, size);
			set_pages(page_up(base), page_down(end), true);
		} else {
			regions_remove(&list, base, size);
			if (size)
				set_pages(page_down(base), page_up(end), false);
		}
		CHECK(list_right());
	}
}


TEST(neighbours_become_one)
{
	reset();
	regions_add(&list, 0x3000, 0x1000);
	regions_add(&list, 0x1000, 0x1000);
	CHECK_EQ(list.count, 2);
	regions_add(&list, 0x2000, 0x1000);
	CHECK_EQ(list.count, 1);
	CHECK_EQ(list.region[0].base, 0x1000);
	CHECK_EQ(list.region[0].size, 0x3000);
}


TEST(parts_of_pages_do_not_count)
{
	reset();
	regions_add(&list, 0x1001, 0x1fff);
	CHECK_EQ(list.region[0].base, 0x2000);
	CHECK_EQ(list.region[0].size, 0x1000);
	regions_add(&list, 0x8800, 0x400);
	CHECK_EQ(list.count, 1);
	regions_add(&list, 0x10000, 0x4000);
	regions_remove(&list, 0x11fff, 2);
	CHECK_EQ(list.count, 3);
	CHECK_EQ(list.region[1].size, 0x1000);
	CHECK_EQ(list.region[2].base, 0x13000);
}


TEST(ranges_beyond_all_addresses)
{
	reset();
	regions_add(&list, UINT64_MAX - 10, 100);
	regions_add(&list, 0x1000, UINT64_MAX);
	CHECK_EQ(list.count, 1);
	CHECK_EQ(list.region[0].base + list.region[0].size, (uint64_t)1 << 52);
	regions_remove(&list, 0x2000, UINT64_MAX);
	CHECK_EQ(list.region[0].size, 0x1000);
	regions_remove(&list, UINT64_MAX - 10, 100);
	CHECK_EQ(list.count, 1);
}


TEST(a_full_list_gives_up_the_smallest)
{
	reset();
	for (uint64_t i = 0; i < BY_BOOT_REGIONS; i++)
		regions_add(&list, i * 0x10000, 0x2000 + (i == 7 ? 0 : 0x1000));
	CHECK_EQ(list.count, BY_BOOT_REGIONS);
	regions_add(&list, 0x1000000, 0x1000);
	CHECK_EQ(list.count, BY_BOOT_REGIONS);
	CHECK_EQ(list.region[BY_BOOT_REGIONS - 1].base, 31 * 0x10000);
	regions_add(&list, 0x1000000, 0x9000);
	CHECK_EQ(list.count, BY_BOOT_REGIONS);
	CHECK_EQ(list.region[BY_BOOT_REGIONS - 1].base, 0x1000000);
	CHECK_EQ(list.region[7].base, 8 * 0x10000);
}


TEST(alloc_takes_the_first_that_fits)
{
	reset();
	regions_add(&list, 0x1000, 0x1000);
	regions_add(&list, 0x10000, 0x4000);
	CHECK_EQ(regions_alloc(&list, 0x2000, 0x100000), 0x10000);
	CHECK_EQ(regions_alloc(&list, 0x1000, 0x100000), 0x1000);
	CHECK_EQ(list.count, 1);
	CHECK_EQ(regions_alloc(&list, 0x2000, 0x13000), 0);
	CHECK_EQ(regions_alloc(&list, 0x3000, 0x100000), 0);
	CHECK_EQ(regions_alloc(&list, 0, 0x100000), 0);
	CHECK_EQ(regions_alloc(&list, 0x2000, 0x14000), 0x12000);
	CHECK_EQ(list.count, 0);
}


TEST(take_needs_all_of_a_range)
{
	reset();
	regions_add(&list, 0x10000, 0x4000);
	CHECK(!regions_take(&list, 0xf000, 0x2000));
	CHECK(!regions_take(&list, 0x13000, 0x2000));
	CHECK(!regions_take(&list, 0x11000, UINT64_MAX));
	CHECK(regions_take(&list, 0x11000, 0x1000));
	CHECK(!regions_take(&list, 0x11000, 0x1000));
	CHECK_EQ(list.count, 2);
}


TEST(largest_below_a_limit)
{
	reset();
	CHECK_EQ(regions_largest(&list, UINT64_MAX).size, 0);
	regions_add(&list, 0x1000, 0x3000);
	regions_add(&list, 0x10000, 0x8000);
	CHECK_EQ(regions_largest(&list, UINT64_MAX).base, 0x10000);
	CHECK_EQ(regions_largest(&list, 0x12000).base, 0x1000);
	CHECK_EQ(regions_largest(&list, 0x14000).size, 0x4000);
	CHECK_EQ(regions_largest(&list, 0x1000).size, 0);
}


UNIT_MAIN("boot_regions")
