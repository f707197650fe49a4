/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The modules of core that hand out memory and capabilities, with a view inside,
 * and with failures on demand.
 */
#ifndef CORE_TEST_INSIDE_H
#define CORE_TEST_INSIDE_H

#include "../src/item.h"

/** Visit each free block of physical memory. */
void inside_phys_each(void (*visit)(void *arg, uint64_t pa, size_t pages), void *arg);

/** Visit the pages of a pool. */
#define POOL_EACH_PAGE(pool, page) \
	for (unsigned pool_class = 0; pool_class < POOL_CLASSES; pool_class++) \
		for (struct pool_page *page = inside_first_page(pool, pool_class); page; \
		     page = inside_next_page(pool, pool_class, page))
struct pool_page *inside_first_page(struct pool *pool, unsigned class);
struct pool_page *inside_next_page(struct pool *pool, unsigned class, struct pool_page *page);

/** Visit each item, those that are being destroyed included. */
void inside_each_item(void (*visit)(void *arg, struct item *item), void *arg);

/** Granules that a block of 'size' bytes takes, and the bytes of a kernel object. */
unsigned inside_granules(size_t size);
size_t   inside_kernel_size(unsigned type);

/** Let core have the tables that its window needs for some memory. */
void inside_warm_window(uint64_t base, uint64_t size);

/**
 * Let the allocation (of pages or of a block) or charge number 'n' (from 0 on) of an account other than core's
 * fail; -1 for none. Afterwards inside_failed() tells whether it came to that.
 */
void inside_fail_at(int n);
bool inside_failed(void);

/**
 * Let a request do less at once than core allows it: 'units' instead of WORK_REQUEST, but
 * enough for any single part. Afterwards, what the last request has spent.
 */
enum { INSIDE_WORK_LEAST = 30 };
void     inside_work(int units);
unsigned inside_work_spent(void);

/** Refuse each piece of work once: what is done in parts stops at each point where it can. */
void     inside_work_halting(bool on);

/** Forbid access to a part of a record page, as it is free. */
void inside_poison(void *at, size_t size);
void inside_unpoison(void *at, size_t size);

/** A handler answered a status that its interface does not declare: which one. */
extern const char *inside_undeclared;
extern unsigned    inside_undeclared_opcode, inside_undeclared_status;

#endif
