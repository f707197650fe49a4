/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pools of small blocks, and the window through which core sees its records.
 */
#include "pool.h"
#include "console.h"
#include "kcall.h"
#include <by/assert.h>
#include <by/container.h>

enum { GRANULES = PAGE_SIZE / GRANULE };

_Static_assert(sizeof(struct pool_page) <= GRANULE, "a page is described by one granule");


/*
 * The window: record pages appear at their distance from the start of RAM. Core must
 * never fault, so the kernel's tables for it are donated before they are needed.
 */

/* What one table maps: 512 entries of 64 bit, in LPAE as well. */
enum { TABLE_SPAN = 512 * PAGE_SIZE, SPANS_MAX = 32768 };

static by_paddr_t window_base;
static uint8_t    window_tables[SPANS_MAX / 8]; /* spans whose table was donated */
static size_t     table_pages;                  /* donated in all */


void window_init(by_paddr_t base)
{
	window_base = base & ~(by_paddr_t)(TABLE_SPAN - 1);
}


uint64_t window_last(void)
{
	uint64_t tables = (uint64_t)SPANS_MAX * TABLE_SPAN;
	uint64_t space  = (uint64_t)BY_USER_LAST + 1 - BY_CORE_HEAP;

	return window_base + (tables < space ? tables : space) - 1;
}


static void donate_table(size_t span)
{
	by_paddr_t pa;

	BY_ASSERT(span < SPANS_MAX);
	if (window_tables[span / 8] >> span % 8 & 1)
		return;

	/* a span can need a table of each level above as well, where it is the first there */
	for (unsigned i = 0; i < 2; i++) {
		console_must(account_alloc_kernel(&account_core, 1, &pa), "table for the window");
		console_must(KCALL(PD_TABLES, BY_CORE_SLOT_PD, (by_word_t)pa, 1), "PD_TABLES");
	}
	window_tables[span / 8] |= (uint8_t)(1u << span % 8);
	table_pages += 2;
}


size_t window_table_pages(void)
{
	return table_pages;
}


static by_word_t window_address(by_paddr_t pa)
{
	return BY_CORE_HEAP + (by_word_t)(pa - window_base);
}


void *window_map_at_boot(by_paddr_t pa, size_t pages)
{
	by_word_t at   = window_address(pa);
	size_t    done = 0;

	while (done < pages) {
		struct kargs args = { { BY_CORE_SLOT_PD, at + done * PAGE_SIZE,
		                        (by_word_t)(pa >> PAGE_SHIFT) + done, pages - done,
		                        BY_MAP_WRITE } };
		console_must(kcall(BY_CALL_PD_MAP, &args), "PD_MAP");
		done += args.arg[0];
	}

	return (void *)at;
}


void *window_map(by_paddr_t pa, size_t pages)
{
	size_t first = (window_address(pa) - BY_CORE_HEAP) / TABLE_SPAN;
	size_t last  = (window_address(pa) - BY_CORE_HEAP + (pages - 1) * PAGE_SIZE) / TABLE_SPAN;

	for (size_t span = first; span <= last; span++)
		donate_table(span);

	return window_map_at_boot(pa, pages);
}


void window_unmap(by_paddr_t pa, size_t pages)
{
	size_t done = 0;

	while (done < pages) {
		struct kargs args = { { BY_CORE_SLOT_PD, window_address(pa) + done * PAGE_SIZE,
		                        pages - done } };
		console_must(kcall(BY_CALL_PD_UNMAP, &args), "PD_UNMAP");
		done += args.arg[0];
	}
}


/*
 * Granules
 */

void pool_init(struct pool *pool, struct account *account, struct pool *records)
{
	pool->account = account;
	pool->records = records;
	for (unsigned class = 0; class < POOL_CLASSES; class++)
		by_list_init(&pool->pages[class]);
}


/** A block of 'size' bytes takes 2^order granules. */
static unsigned order_of(size_t size)
{
	unsigned order = 0;

	while ((size_t)GRANULE << order < size)
		order++;

	return order;
}


static uint64_t run_mask(unsigned order, unsigned at)
{
	return (~(uint64_t)0 >> (GRANULES - (1u << order))) << at;
}


/** Granules at which a run of 2^order can begin. */
static uint64_t const aligned[] = {
	~(uint64_t)0, 0x5555555555555555, 0x1111111111111111, 0x0101010101010101,
	0x0001000100010001, 0x0000000100000001, 1,
};

_Static_assert(sizeof(aligned) / sizeof(aligned[0]) == POOL_CLASSES - 1, "one per order");


/** The granules at which an aligned free run of 2^order begins. */
static uint64_t free_runs(uint64_t used, unsigned order)
{
	uint64_t free = ~used;

	for (unsigned n = 0; n < order; n++)
		free &= free >> (1u << n);

	return free & aligned[order];
}


/** The class of a page, see pool.h. */
static unsigned class_of(uint64_t used)
{
	uint64_t free  = ~used; /* granules at which runs of 2^class begin, aligned or not */
	unsigned class = 0;

	/* most pages have a half that is free */
	if (!(used >> GRANULES / 2) || !(used << GRANULES / 2))
		return used ? POOL_CLASSES - 2 : POOL_CLASSES - 1;

	for (; class < POOL_CLASSES - 1 && (free & aligned[class]); class++)
		free &= free >> (1u << class) % GRANULES; /* none is longer than the page */

	return class;
}


/** Put a page where its largest free run says. */
static void enlist(struct pool *pool, struct pool_page *page)
{
	unsigned const class = class_of(page->used);

	if (by_list_linked(&page->node)) {
		if (page->class == class)
			return;
		by_list_remove(&page->node);
	}
	page->class = class;
	by_list_prepend(&pool->pages[class], &page->node);
}


/** Take a run out of the page that suits best; NULL if none has one. */
static struct pool_page *take_run(struct pool *pool, unsigned order, unsigned *at)
{
	for (unsigned class = order + 1; class < POOL_CLASSES; class++) {
		struct by_list_node *node = by_list_first(&pool->pages[class]);
		if (!node)
			continue;

		struct pool_page *page = BY_CONTAINER_OF(node, struct pool_page, node);
		*at = (unsigned)__builtin_ctzll(free_runs(page->used, order));
		page->used |= run_mask(order, *at);
		enlist(pool, page);
		return page;
	}

	return NULL;
}


/** Give a run back; true if only the description's own granules are left in use. */
static bool free_run(struct pool *pool, struct pool_page *page, unsigned at, unsigned order,
                     uint64_t own)
{
	BY_ASSERT((page->used & run_mask(order, at)) == run_mask(order, at));
	page->used &= ~run_mask(order, at);
	if (page->used != own) {
		enlist(pool, page);
		return false;
	}
	by_list_remove(&page->node);

	return true;
}


/*
 * Kernel pools
 */

static by_status_t grow_kernel(struct pool *pool)
{
	by_paddr_t  pa;
	void       *record;
	by_status_t status = pool_alloc(pool->records, sizeof(struct pool_page), &record);

	if (status != BY_OK)
		return status;

	status = account_alloc_kernel(pool->account, 1, &pa);
	if (status != BY_OK) {
		pool_free(pool->records, record, sizeof(struct pool_page));
		return status;
	}
	struct pool_page *page = record;
	page->pa = pa;
	enlist(pool, page);

	return BY_OK;
}


by_status_t pool_alloc_kernel(struct pool *pool, size_t size, struct block *block)
{
	unsigned          order = order_of(size), at = 0;
	struct pool_page *page;

	BY_ASSERT(size <= POOL_MAX);
	while (!(page = take_run(pool, order, &at))) {
		by_status_t status = grow_kernel(pool);
		if (status != BY_OK)
			return status;
	}
	*block = (struct block) { page, page->pa + at * GRANULE };

	return BY_OK;
}


void pool_free_kernel(struct pool *pool, struct block block, size_t size)
{
	unsigned at = (unsigned)(block.pa - block.page->pa) / GRANULE;

	if (!free_run(pool, block.page, at, order_of(size), 0))
		return;

	account_free(pool->account, block.page->pa, 1);
	pool_free(pool->records, block.page, sizeof(struct pool_page));
}


/*
 * Record pools
 */

static by_status_t new_record_page(struct account *account, struct pool_page **page)
{
	by_paddr_t  pa;
	by_status_t status = account_alloc_kernel(account, 1, &pa);

	if (status != BY_OK)
		return status;

	*page = window_map(pa, 1);
	**page = (struct pool_page) { .used = 1, .pa = pa };

	return BY_OK;
}


static void free_record_page(struct account *account, by_paddr_t pa)
{
	window_unmap(pa, 1);
	account_free(account, pa, 1);
}


static void *record_at(struct pool_page *page, unsigned at, size_t size)
{
	void *record = (unsigned char *)page + at * GRANULE;

	__builtin_memset(record, 0, size);

	return record;
}


by_status_t pool_alloc(struct pool *pool, size_t size, void **record)
{
	unsigned          order = order_of(size), at = 0;
	struct pool_page *page;

	BY_ASSERT(size <= POOL_MAX);
	while (!(page = take_run(pool, order, &at))) {
		by_status_t status = new_record_page(pool->account, &page);
		if (status != BY_OK)
			return status;
		enlist(pool, page);
	}
	*record = record_at(page, at, size);

	return BY_OK;
}


void pool_free(struct pool *pool, void *record, size_t size)
{
	struct pool_page *page = (void *)((uintptr_t)record & ~(uintptr_t)(PAGE_SIZE - 1));
	unsigned at = (unsigned)((uintptr_t)record - (uintptr_t)page) / GRANULE;

	if (free_run(pool, page, at, order_of(size), 1))
		free_record_page(pool->account, page->pa);
}


by_status_t pool_begin(struct account *payer, size_t size, void **record,
                       struct pool_page **page)
{
	unsigned    order = order_of(size), at;
	by_status_t status = new_record_page(payer, page);

	BY_ASSERT(size <= POOL_MAX);
	if (status != BY_OK)
		return status;

	at = (unsigned)__builtin_ctzll(free_runs((*page)->used, order));
	(*page)->used |= run_mask(order, at);
	*record = record_at(*page, at, size);

	return BY_OK;
}


void pool_adopt(struct pool *pool, struct pool_page *page)
{
	enlist(pool, page);
}


void pool_end(struct account *payer, struct pool_page *page)
{
	if (by_list_linked(&page->node))
		by_list_remove(&page->node);
	free_record_page(payer, page->pa);
}
