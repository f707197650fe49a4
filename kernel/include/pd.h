/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Protection domains: an address space and a capability table.
 *
 * The page tables of a PD are a cache over core's region maps. They come from a
 * pool that the PD pays for; when the pool is empty, the oldest table is taken
 * away from where it is used (FIFO) and used anew. The pool holds at least
 * BY_TABLE_RESERVE tables, so that an instruction can always make progress.
 *
 *     pool ring:   [ used | used | used | free | free ]
 *                    ^oldest              ^next
 */
#ifndef KERNEL_PD_H
#define KERNEL_PD_H

#include "object.h"
#include <arch/mmu.h>

struct slot;

/** A table of the pool. */
struct pool_entry {
	pte_t *table;   /* kernel address */
	pte_t *parent;  /* entry that refers to it, NULL: free */
};

enum {
	POOL_FIRST = 128,                                   /* entries within the PD */
	POOL_PAGE  = PAGE_SIZE / sizeof(struct pool_entry), /* entries of a page */
	POOL_PAGES = 16,
	POOL_MAX   = POOL_FIRST + POOL_PAGES * POOL_PAGE,
};

struct pd {
	struct object  obj;
	struct space   space;          /* the port's part: root table, ASID */
	struct ring    threads;        /* owner: core calls */
	uint64_t       cpus;           /* that may have its translations in their TLB (atomic) */

	/* page-table pool; owner: core calls */
	uint32_t       pool_count;     /* tables donated */
	uint32_t       pool_next;      /* entry to hand out next, oldest if all are used */
	uint32_t       pool_recycled;  /* tables taken away from use so far */
	struct pool_entry *pool_page[POOL_PAGES];

	uint32_t       destroy_slot;   /* progress of destruction */

	struct slot   *leaf[BY_LEAVES]; /* entries are set once, by core calls */
	struct pool_entry pool_first[POOL_FIRST];
};

_Static_assert(sizeof(struct pd) <= BY_PD_SIZE, "BY_PD_SIZE");

extern struct pd *core_pd;

/** Initialise a PD. Takes: 'root', a block of BY_ROOT_SIZE. */
void pd_init(struct pd *pd, word_t id, pte_t *root);

/** Add a table to the pool. Takes: 'table', one page. False if the pool is full. */
bool pd_pool_add(struct pd *pd, pte_t *table);

/**
 * Enter translations for 'pages' pages from 'va' on to physical 'pa'.
 *
 * Uses the largest page sizes that fit. Returns how many pages are done; at
 * least one unless 'pages' is 0. Never fails: tables are recycled.
 */
word_t pd_map(struct pd *pd, word_t va, paddr_t pa, word_t pages, unsigned attr);

/**
 * Remove translations for 'pages' pages from 'va' on, from tables and all TLBs.
 * Returns how many pages are done.
 */
word_t pd_unmap(struct pd *pd, word_t va, word_t pages);

/** Bring a dying PD closer to its end; true when nothing refers to it. */
bool pd_destroy(struct pd *pd, struct teardown *td);

#endif
