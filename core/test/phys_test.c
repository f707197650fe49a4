/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The allocator of physical memory against a model that has a byte per page.
 */
#include "../src/phys.c"
#include "unit.h"
#include <stdlib.h>

UNIT_MAIN("core-phys")

enum { MOST_PAGES = 1 << 14, MOST_BLOCKS = 1 << 13, NO_RAM = 0, FREE = 1, USED = 2 };

struct region { uint64_t base, size; };

struct layout { const char *name; struct region region[3]; };

/* RAM of different shapes; sizes in pages */
static struct layout const layouts[] = {
	{ "aligned",   { { 0x40000, 4096 } } },
	{ "page zero", { { 0, 1000 } } },
	{ "odd base",  { { 0x40003, 2777 } } },
	{ "one page",  { { 0x7ffff, 1 } } },
	{ "a hole",    { { 0x100, 159 }, { 0x200, 3000 } } },
	{ "two holes", { { 0x1, 1 }, { 0x7ff, 2 }, { 0x1001, 4099 } } },
	{ "high",      { { 0xfffffff0, 0x2000 } } },
};

struct block { size_t page, count; };

static unsigned char  model[MOST_PAGES];
static size_t         model_pages, model_free;
static uint64_t       first;          /* number of the model's first page */
static struct block   used[MOST_BLOCKS];
static unsigned       used_count;
static struct block   start[MOST_BLOCKS];
static unsigned       start_count;
static uint32_t       state;


void by_assert_fail(const char *file, int line, const char *text)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, text);
	abort();
}


static uint32_t draw(uint32_t below)
{
	state = state * 1664525 + 1013904223;

	return (uint32_t)((uint64_t)(state >> 4) * below >> 28);
}


/** The free blocks as the allocator has them; their number. */
static unsigned blocks(struct block *out)
{
	unsigned count = 0;

	for (unsigned order = 0; order < orders; order++)
		for (size_t i = 0; i < free_blocks[order].bits; i++)
			if (bitmap_test(&free_blocks[order], i))
				out[count++] = (struct block) { (i << order), (size_t)1 << order };

	return count;
}


static void set_up(struct layout const *layout, uint32_t seed)
{
	uint64_t base = UINT64_MAX, end = 0;

	state = seed;
	memset(model, NO_RAM, sizeof(model));
	model_free = used_count = 0;
	for (struct region const *r = layout->region; r < layout->region + 3 && r->size; r++) {
		base = r->base < base ? r->base : base;
		end  = r->base + r->size > end ? r->base + r->size : end;
	}
	first       = base;
	model_pages = end - base;

	size_t bytes = phys_size(base << PAGE_SHIFT, end << PAGE_SHIFT);
	static by_word_t *store;
	free(store);
	store = calloc(1, bytes);
	phys_init(store, base << PAGE_SHIFT, end << PAGE_SHIFT);
	for (struct region const *r = layout->region; r < layout->region + 3 && r->size; r++) {
		phys_free(r->base << PAGE_SHIFT, r->size);
		memset(model + (r->base - first), FREE, r->size);
		model_free += r->size;
	}
	start_count = blocks(start);
}


static bool all_are(size_t page, size_t count, unsigned char what)
{
	if (page + count > model_pages)
		return false;
	for (size_t i = 0; i < count; i++)
		if (model[page + i] != what)
			return false;

	return true;
}


/** Whether there is a naturally aligned free block of 2^order pages that ends by 'last'. */
static bool block_there(unsigned order, uint64_t last)
{
	uint64_t size = (uint64_t)1 << order;

	for (uint64_t page = (first + size - 1) / size * size; page + size <= first + model_pages;
	     page += size)
		if (page + size - 1 <= last && all_are(page - first, size, FREE))
			return true;

	return false;
}


static unsigned order_of(size_t pages, unsigned align)
{
	unsigned order = align > PAGE_SHIFT ? align - PAGE_SHIFT : 0;

	while ((size_t)1 << order < pages)
		order++;

	return order;
}


/** What is wrong with an answer of phys_alloc(), or NULL. */
static const char *judge(size_t pages, unsigned align, uint64_t limit, by_status_t status,
                         by_paddr_t pa)
{
	uint64_t last = limit ? (limit >> PAGE_SHIFT) - ((limit & 0xfff) != 0xfff) : UINT64_MAX;

	if (limit && limit < 0xfff)
		last = 0;
	if (status == BY_NO_SPACE)
		return limit && limit < 0xfff ? NULL
		       : block_there(order_of(pages, align), last) ? "refused, and there is a block" : NULL;
	if (status != BY_OK)
		return "a strange status";
	if (pa % PAGE_SIZE || pa & (((by_paddr_t)1 << align) - 1))
		return "not aligned";
	if (limit && pa + pages * PAGE_SIZE - 1 > limit)
		return "beyond the limit";
	if ((pa >> PAGE_SHIFT) < first || !all_are((size_t)((pa >> PAGE_SHIFT) - first), pages, FREE))
		return "not free, or no RAM";

	return NULL;
}


static const char *alloc_one(size_t pages, unsigned align, uint64_t limit)
{
	by_paddr_t  pa     = 1;
	by_status_t status = phys_alloc(pages, align, limit, &pa);
	const char *error  = judge(pages, align, limit, status, pa);

	if (error || status != BY_OK)
		return error;

	size_t page = (size_t)((pa >> PAGE_SHIFT) - first);
	memset(model + page, USED, pages);
	model_free -= pages;
	used[used_count++] = (struct block) { page, pages };

	return model_free == phys_avail() ? NULL : "phys_avail() is wrong";
}


static void free_one(unsigned i)
{
	phys_free((first + used[i].page) << PAGE_SHIFT, used[i].count);
	memset(model + used[i].page, FREE, used[i].count);
	model_free += used[i].count;
	used[i] = used[--used_count];
}


/** Free a part of a block, which the allocator allows: whoever frees knows what. */
static void free_part(unsigned i)
{
	size_t keep = 1 + draw((uint32_t)used[i].count - 1);
	size_t page = used[i].page + keep, count = used[i].count - keep;

	phys_free((first + page) << PAGE_SHIFT, count);
	memset(model + page, FREE, count);
	model_free += count;
	used[i].count = keep;
}


static uint64_t random_limit(void)
{
	uint64_t inside = (first + draw((uint32_t)model_pages + 2)) << PAGE_SHIFT;

	switch (draw(8)) {
	case 0:  return inside - 1;
	case 1:  return inside + draw(PAGE_SIZE);
	case 2:  return UINT64_MAX - draw(2) * 4095;
	case 3:  return 1 + draw(8192);
	default: return 0;
	}
}


static const char *random_step(void)
{
	unsigned what = draw(16);

	if (what < 8 && used_count < MOST_BLOCKS - 1) {
		size_t   pages = draw(4) ? 1 + draw(9) : 1 + draw((uint32_t)model_pages);
		unsigned align = draw(3) ? 0 : 10 + draw(16);
		return alloc_one(pages, align, random_limit());
	}
	if (used_count && what < 15)
		free_one(draw(used_count));
	else if (used_count && used[0].count > 1)
		free_part(0);

	return model_free == phys_avail() ? NULL : "phys_avail() is wrong";
}


static bool same_as_at_start(void)
{
	static struct block now[MOST_BLOCKS];
	unsigned count = blocks(now);

	return count == start_count && !memcmp(now, start, count * sizeof(now[0]));
}


/** The allocator's free blocks are the model's free pages, each once. */
static bool blocks_agree(void)
{
	static struct block now[MOST_BLOCKS];
	unsigned count = blocks(now);
	size_t   sum   = 0;

	for (unsigned i = 0; i < count; i++) {
		sum += now[i].count;
		if (!all_are((size_t)(first_page + now[i].page - first), now[i].count, FREE))
			return false;
	}

	return sum == model_free;
}


#define EACH_LAYOUT(layout) \
	for (struct layout const *layout = layouts; \
	     layout < layouts + sizeof(layouts) / sizeof(layouts[0]); layout++)

#define CHECK_NONE(error) \
	do { \
		const char *none_text = (error); \
		if (none_text) { \
			unit_fail(__FILE__, __LINE__, none_text); \
			return; \
		} \
	} while (0)


TEST(random_use_agrees_with_the_model)
{
	EACH_LAYOUT(layout) {
		set_up(layout, 7);
		for (unsigned i = 0; i < 4000; i++) {
			CHECK_NONE(random_step());
			if (i % 256 == 0)
				CHECK(blocks_agree());
		}
		CHECK(blocks_agree());
		while (used_count)
			free_one(draw(used_count));
		CHECK(same_as_at_start());
	}
}


TEST(single_pages_exhaust_all)
{
	EACH_LAYOUT(layout) {
		set_up(layout, 1);
		size_t pages = model_free;
		for (size_t i = 0; i < pages; i++)
			CHECK_NONE(alloc_one(1, PAGE_SHIFT, 0));
		CHECK_EQ(phys_avail(), 0);
		by_paddr_t pa;
		CHECK(phys_alloc(1, PAGE_SHIFT, 0, &pa) == BY_NO_SPACE);
		while (used_count)
			free_one(draw(used_count));
		CHECK(same_as_at_start());
	}
}


TEST(freeing_in_any_order_joins_buddies)
{
	for (uint32_t seed = 0; seed < 20; seed++) {
		set_up(&layouts[2], seed);
		for (unsigned i = 0; i < 400; i++)
			CHECK_NONE(alloc_one(1 + draw(13), 10 + draw(8), 0));
		if (seed % 2)
			while (used_count)
				free_one(0);
		while (used_count)
			free_one(used_count - 1);
		CHECK(same_as_at_start());
	}
}


TEST(odd_arguments_are_refused)
{
	by_paddr_t pa = 42;

	set_up(&layouts[0], 1);
	CHECK(phys_alloc(0, 12, 0, &pa) == BY_INVALID);
	CHECK(phys_alloc(4097, 12, 0, &pa) != BY_OK);
	CHECK(phys_alloc(SIZE_MAX, 12, 0, &pa) != BY_OK);
	CHECK(phys_alloc(1, 63, 0, &pa) == BY_NO_SPACE);
	CHECK(phys_alloc(1, 12, 1, &pa) == BY_NO_SPACE);
	CHECK(phys_alloc(1, 12, ((uint64_t)0x40000 << PAGE_SHIFT) - 1, &pa) == BY_NO_SPACE);
	CHECK(phys_alloc(1, 12, (uint64_t)0x40000 << PAGE_SHIFT, &pa) == BY_NO_SPACE);
	CHECK_EQ(pa, 42);
	CHECK(same_as_at_start());
}


TEST(the_largest_limit_is_no_limit)
{
	by_paddr_t pa;

	set_up(&layouts[0], 1);
	CHECK(phys_alloc(1, 12, UINT64_MAX, &pa) == BY_OK);
	CHECK(phys_alloc(1, 12, UINT64_MAX - 4095, &pa) == BY_OK);
}


TEST(a_limit_is_met_exactly)
{
	by_paddr_t pa;
	uint64_t   base = (uint64_t)0x40000 << PAGE_SHIFT;

	set_up(&layouts[0], 1);
	CHECK(phys_alloc(1, 12, base + 0xffe, &pa) == BY_NO_SPACE);
	CHECK(phys_alloc(1, 12, base + 0xfff, &pa) == BY_OK);
	CHECK_EQ(pa, base);
	CHECK(phys_alloc(1, 12, base + 0x1ffe, &pa) == BY_NO_SPACE);
	CHECK(phys_alloc(1, 12, base + 0x1fff, &pa) == BY_OK);
	CHECK_EQ(pa, base + 0x1000);
}


/** Below the limit there is less than was asked for. */
TEST(a_limit_can_leave_too_little)
{
	by_paddr_t pa;
	uint64_t   base = (uint64_t)0x40000 << PAGE_SHIFT;

	set_up(&layouts[0], 1);
	CHECK(phys_alloc(4, 12, base + 0x2fff, &pa) == BY_NO_SPACE);
	CHECK(phys_alloc(4, 14, base + 0x2fff, &pa) == BY_NO_SPACE);
	CHECK(phys_alloc(4, 14, base + 0x3fff, &pa) == BY_OK);
	CHECK_EQ(pa, base);
}


/** Two ends of memory that is far larger than what can be simulated page by page. */
TEST(much_memory)
{
	uint64_t const end = (uint64_t)48 << 30;
	by_paddr_t     pa;

	size_t     bytes = phys_size(0, end);
	by_word_t *store = calloc(1, bytes);
	CHECK(bytes < (size_t)(end >> PAGE_SHIFT) / 8 * 5 / 2);
	phys_init(store, 0, end);
	phys_free(0, (size_t)(end >> PAGE_SHIFT));
	CHECK_EQ(phys_avail(), end >> PAGE_SHIFT);
	CHECK(phys_alloc((size_t)1 << 19, 12, 0, &pa) == BY_OK);
	CHECK_EQ(pa, end - ((uint64_t)2 << 30));
	CHECK(phys_alloc(((size_t)1 << 19) + 1, 12, 0, &pa) == BY_NO_SPACE);
	CHECK(phys_alloc(1, 12, 0xffffffff, &pa) == BY_OK);
	CHECK_EQ(pa, 0xfffff000);
	CHECK(phys_alloc(256, 20, 0xffffff, &pa) == BY_OK);
	CHECK_EQ(pa, 0xf00000);
	free(store);
}


TEST(low_memory_is_taken_last)
{
	by_paddr_t pa;

	set_up(&layouts[0], 1);
	CHECK(phys_alloc(1, 12, 0, &pa) == BY_OK);
	CHECK_EQ(pa >> PAGE_SHIFT, 0x40000 + 4095);
	CHECK(phys_alloc(64, 12, 0, &pa) == BY_OK);
	CHECK_EQ(pa >> PAGE_SHIFT, 0x40000 + 4096 - 128);
}


TEST(sizes_in_whole_pages)
{
	CHECK_EQ(phys_round(0), 0);
	CHECK_EQ(phys_round(1), PAGE_SIZE);
	CHECK_EQ(phys_round(PAGE_SIZE - 1), PAGE_SIZE);
	CHECK_EQ(phys_round(PAGE_SIZE), PAGE_SIZE);
	CHECK_EQ(phys_round(PAGE_SIZE + 1), 2 * PAGE_SIZE);
	CHECK_EQ(phys_round((uint64_t)1 << 40), (uint64_t)1 << 40);
	CHECK_EQ(phys_pages(phys_round(5 * PAGE_SIZE + 1)), 6);
}
