/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pools of small blocks, charged to an account in whole pages.
 *
 * A page is divided into 64 granules; blocks take a power of two of them and are
 * naturally aligned. A pool knows its pages by their largest free run, so that nothing
 * is searched. Record pools serve core's own records: their pages are mapped in core,
 * and the first granule describes the page. Kernel pools serve memory for kernel
 * objects, which core never maps: a record describes the page.
 */
#ifndef CORE_POOL_H
#define CORE_POOL_H

#include "account.h"

/** Classes of pages: full ones, and those whose largest free run has 2^(class - 1) granules. */
enum { POOL_CLASSES = 8 };

struct pool {
	struct account *account;
	struct pool    *records;  /* for descriptions of pages; itself in a record pool */
	struct by_list  pages[POOL_CLASSES];
};

/** Description of a page. */
struct pool_page {
	struct by_list_node node;
	uint64_t            used; /* granules */
	by_paddr_t          pa;
	unsigned            class; /* while it is in a list: which */
};

/** A block: where it is, and how to give it back. */
struct block {
	struct pool_page *page;
	by_paddr_t        pa;
};

/** Largest block that a pool serves. */
enum { POOL_MAX = PAGE_SIZE / 2, GRANULE = PAGE_SIZE / 64 };

/** Make an empty pool. A record pool names itself as 'records'. */
void pool_init(struct pool *pool, struct account *account, struct pool *records);

/** Block of a kernel pool. Errors: BY_OUT_OF_RAM. */
BY_MUST_USE by_status_t pool_alloc_kernel(struct pool *pool, size_t size,
                                          struct block *block);
void pool_free_kernel(struct pool *pool, struct block block, size_t size);

/** Zeroed record of a record pool. Errors: BY_OUT_OF_RAM. */
BY_MUST_USE by_status_t pool_alloc(struct pool *pool, size_t size, void **record);
void pool_free(struct pool *pool, void *record, size_t size);

/**
 * Begin a record pool whose account lives in its own first page: a page is charged to
 * 'payer' and mapped, and the record of 'size' bytes placed there. Errors:
 * BY_OUT_OF_RAM. The charge moves to the account by pool_adopt().
 */
BY_MUST_USE by_status_t pool_begin(struct account *payer, size_t size, void **record,
                                   struct pool_page **page);

/** Add the page of pool_begin() to the pool, which must be empty. */
void pool_adopt(struct pool *pool, struct pool_page *page);

/** Free the page that pool_begin() made, with all that is in it. */
void pool_end(struct account *payer, struct pool_page *page);

/** Map memory before there is an allocator: the kernel gave tables for that. */
void *window_map_at_boot(by_paddr_t pa, size_t pages);

/** Map physical memory into core's window for records; set up at boot. */
void  window_init(by_paddr_t base);

/** Last byte of physical memory that can appear in the window. */
uint64_t window_last(void);

/** Pages of tables for the window: those for all places that records have ever been at. */
size_t window_table_pages(void);

void *window_map(by_paddr_t pa, size_t pages);
void  window_unmap(by_paddr_t pa, size_t pages);

#endif
