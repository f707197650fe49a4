/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Physical memory.
 */
#include "phys.h"
#include <by/assert.h>

enum {
	WORD_BITS = 8 * sizeof(by_word_t),
	ORDERS    = 20,  /* largest block: 2 GiB */
	LEVELS    = 5,   /* of a bitmap with its summaries */
	DEFAULT   = PAGE_SHIFT,
};

/** level[0] has a bit per block, level[n + 1] a bit per word of level[n]. */
struct bitmap {
	by_word_t *level[LEVELS];
	size_t     bits;
	unsigned   levels;
};

static struct bitmap free_blocks[ORDERS];
static unsigned      orders;       /* in use: the largest block can hold all memory */
static uint64_t      first_page;   /* number of the first page, aligned to the largest block */
static size_t        page_count;
static size_t        avail;


static size_t words(size_t bits)
{
	return (bits + WORD_BITS - 1) / WORD_BITS;
}


/** Words of a bitmap with its summaries. */
static size_t bitmap_words(size_t bits)
{
	size_t sum = 0;

	do {
		bits = words(bits);
		sum += bits;
	} while (bits > 1);

	return sum;
}


static by_word_t *bitmap_init(struct bitmap *map, size_t bits, by_word_t *store)
{
	map->bits   = bits;
	map->levels = 0;
	do {
		bits = words(bits);
		map->level[map->levels++] = store;
		store += bits;
	} while (bits > 1);

	return store;
}


static void bitmap_set(struct bitmap *map, size_t i)
{
	for (unsigned n = 0; n < map->levels; n++, i /= WORD_BITS)
		map->level[n][i / WORD_BITS] |= (by_word_t)1 << i % WORD_BITS;
}


static void bitmap_clear(struct bitmap *map, size_t i)
{
	for (unsigned n = 0; n < map->levels; n++, i /= WORD_BITS) {
		map->level[n][i / WORD_BITS] &= ~((by_word_t)1 << i % WORD_BITS);
		if (map->level[n][i / WORD_BITS])
			return;
	}
}


static bool bitmap_test(struct bitmap const *map, size_t i)
{
	return i < map->bits && (map->level[0][i / WORD_BITS] >> i % WORD_BITS & 1);
}


static unsigned highest_bit(by_word_t word)
{
	return WORD_BITS - 1 - (unsigned)__builtin_clzl(word);
}


/** Largest set bit that is at most 'max', or -1. */
static ptrdiff_t bitmap_last(struct bitmap const *map, size_t max)
{
	size_t   i = max < map->bits ? max : map->bits - 1;
	unsigned n = 0;

	/* up until a word has a bit at or below the place ... */
	for (;;) {
		by_word_t word = map->level[n][i / WORD_BITS];
		unsigned  keep = (unsigned)(i % WORD_BITS);
		word &= ~(by_word_t)0 >> (WORD_BITS - 1 - keep);
		if (word) {
			i = i / WORD_BITS * WORD_BITS + highest_bit(word);
			break;
		}
		if (i < WORD_BITS || ++n == map->levels)
			return -1;
		i = i / WORD_BITS - 1;
	}
	/* ... and down again to the last one below it */
	while (n--)
		i = i * WORD_BITS + highest_bit(map->level[n][i]);

	return (ptrdiff_t)i;
}


static size_t order_bits(unsigned order)
{
	return (page_count >> order) + 1;
}


static void set_range(uint64_t base, uint64_t end)
{
	uint64_t const pages = (end - base) >> PAGE_SHIFT;

	orders = 1;
	while (orders < ORDERS && (uint64_t)1 << (orders - 1) < pages)
		orders++;
	first_page = base >> PAGE_SHIFT >> (orders - 1) << (orders - 1);
	page_count = (size_t)((end >> PAGE_SHIFT) - first_page);
}


size_t phys_size(uint64_t base, uint64_t end)
{
	size_t sum = 0;

	set_range(base, end);
	for (unsigned order = 0; order < orders; order++)
		sum += bitmap_words(order_bits(order));

	return sum * sizeof(by_word_t);
}


void phys_init(void *store, uint64_t base, uint64_t end)
{
	by_word_t *next = store;

	set_range(base, end);
	avail = 0;
	for (unsigned order = 0; order < orders; order++)
		next = bitmap_init(&free_blocks[order], order_bits(order), next);
}


/** Free one block, joined with its buddy as long as that is free. */
static void free_block(size_t page, unsigned order)
{
	avail += (size_t)1 << order;
	while (order < orders - 1 && bitmap_test(&free_blocks[order], (page >> order) ^ 1)) {
		bitmap_clear(&free_blocks[order], (page >> order) ^ 1);
		order++;
		page = page >> order << order;
	}
	bitmap_set(&free_blocks[order], page >> order);
}


/** Largest order at which a block can begin at 'page' and have at most 'pages' pages. */
static unsigned fitting_order(size_t page, size_t pages)
{
	unsigned order = 0;

	while (order < orders - 1 && !(page >> order & 1) && (size_t)2 << order <= pages)
		order++;

	return order;
}


static void free_pages(size_t page, size_t pages)
{
	while (pages) {
		unsigned order = fitting_order(page, pages);
		free_block(page, order);
		page  += (size_t)1 << order;
		pages -= (size_t)1 << order;
	}
}


void phys_free(by_paddr_t pa, size_t pages)
{
	size_t page = (size_t)((pa >> PAGE_SHIFT) - first_page);

	BY_ASSERT(page < page_count && pages <= page_count - page);
	free_pages(page, pages);
}


/** Take the highest free block of 2^order pages that ends at or before page 'last'. */
static ptrdiff_t take_block(unsigned order, size_t last)
{
	for (unsigned from = order; from < orders; from++) {
		size_t    size = (size_t)1 << order;
		ptrdiff_t i;

		if (last + 1 < size)
			return -1;
		i = bitmap_last(&free_blocks[from], (last + 1 - size) >> from);
		if (i < 0)
			continue;

		bitmap_clear(&free_blocks[from], (size_t)i);
		avail -= (size_t)1 << from;

		/* the highest part that does not reach beyond 'last' */
		size_t page = (size_t)i << from;
		size_t end  = page + ((size_t)1 << from);
		size_t top  = last + 1 < end ? last + 1 : end;
		size_t pick = (top - size) >> order << order;
		free_pages(page, pick - page);
		free_pages(pick + size, end - pick - size);
		return (ptrdiff_t)pick;
	}

	return -1;
}


by_status_t phys_alloc(size_t pages, unsigned align, uint64_t limit, by_paddr_t *pa)
{
	unsigned order = align > DEFAULT ? align - DEFAULT : 0;
	size_t   last  = page_count - 1;

	if (!pages)
		return BY_INVALID;
	if (pages > page_count)
		return BY_NO_SPACE;
	while (order < orders && (size_t)1 << order < pages)
		order++;
	if (order >= orders)
		return BY_NO_SPACE;
	if (limit) {
		/* first page beyond; the last byte of all is a limit, too */
		uint64_t end = (limit >> PAGE_SHIFT) + ((limit + 1) % PAGE_SIZE == 0);
		if (end <= first_page)
			return BY_NO_SPACE;
		if (end - first_page - 1 < last)
			last = (size_t)(end - first_page - 1);
	}

	ptrdiff_t page = take_block(order, last);
	if (page < 0)
		return BY_NO_SPACE;

	free_pages((size_t)page + pages, ((size_t)1 << order) - pages);
	*pa = (first_page + (uint64_t)page) << PAGE_SHIFT;

	return BY_OK;
}


size_t phys_avail(void)
{
	return avail;
}
