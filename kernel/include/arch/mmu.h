/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: page tables, TLB, and the kernel's window to physical memory.
 *
 * The port's <port/mmu.h> defines pte_t, struct space, the inline functions
 * declared here, and
 *
 *     PT_LEVELS  number of levels; level 0 holds pages of PAGE_SIZE, the root is
 *                level PT_LEVELS - 1
 *
 * Tables but the root take one page. A table that is empty is all zeros.
 */
#ifndef ARCH_MMU_H
#define ARCH_MMU_H

#include "../types.h"
#include <port/pte.h>

struct space;

/** Address bits below the index of a level. */
static inline unsigned pt_shift(unsigned level);

/** Index of 'va' in a table of this level, and the number of entries there. */
static inline word_t pt_index(word_t va, unsigned level);
static inline word_t pt_entries(unsigned level);

/** Whether an entry of this level can be a page. */
static inline bool pt_page_level(unsigned level);

static inline bool    pte_present(pte_t pte);
static inline bool    pte_is_table(pte_t pte, unsigned level);
static inline paddr_t pte_address(pte_t pte);
static inline pte_t   pte_make_table(paddr_t table);
static inline pte_t   pte_make_page(paddr_t page, unsigned attr, unsigned level);

/**
 * Write an entry in one piece. Where a table walker may see it late, or may have kept an
 * entry that was not present, the port finds out that a fault is due to that, and goes on.
 */
static inline void pte_store(pte_t *entry, pte_t pte);

/** Prepare an address space with the kernel's part and no user translations. */
void space_init(struct space *space, pte_t *root);

/** No CPU has the space loaded any more: forget its tag. */
void space_fini(struct space *space);

/** Make a space the one that user accesses of this CPU go through. */
static inline void space_load(struct space *space);

/** Load the kernel's own space, which has no user translations. */
void space_load_kernel(void);

/** Drop translations of 'pages' pages from 'va' on from this CPU's TLB. */
void tlb_flush(struct space *space, word_t va, word_t pages);

/** Kernel address of physical memory in the zone (zone.h), and back. */
static inline void   *mem_kernel(paddr_t pa);
static inline paddr_t mem_physical(void const *ptr);

/**
 * Run 'what' on a page of physical memory anywhere (on 32-bit machines outside
 * the zone through a temporary window).
 */
void mem_clear_page(paddr_t page);
void mem_cache_page(paddr_t page, unsigned operation);

#include <port/mmu.h>

#endif
