/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page tables of long mode: four levels of 512 entries (Intel SDM volume 3, 4.5).
 */
#ifndef PORT_MMU_H
#define PORT_MMU_H

#include <port/layout.h>

enum { PT_LEVELS = 4, PT_BITS = 9 };

struct space {
	pte_t  *root;
	paddr_t cr3;  /* of the root; a tag (PCID) would stand in its low bits */
};

/** Highest level of pages: 2 if the CPU has pages of 1 GiB, else 1. */
extern unsigned mmu_page_level;

static inline unsigned pt_shift(unsigned level)
{
	return PAGE_SHIFT + PT_BITS * level;
}


static inline word_t pt_entries(unsigned level)
{
	(void)level;

	return 1 << PT_BITS;
}


static inline word_t pt_index(word_t va, unsigned level)
{
	return va >> pt_shift(level) & (pt_entries(level) - 1);
}


static inline bool pt_page_level(unsigned level)
{
	return level <= mmu_page_level;
}


static inline bool pte_present(pte_t pte)
{
	return pte & PTE_PRESENT;
}


static inline bool pte_is_table(pte_t pte, unsigned level)
{
	return level && (pte & (PTE_PRESENT | PTE_PAGE)) == PTE_PRESENT;
}


static inline paddr_t pte_address(pte_t pte)
{
	return pte & PTE_ADDRESS;
}


static inline pte_t pte_make_table(paddr_t table)
{
	return table | PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED;
}


/* Accessed and dirty are set beforehand: nobody asks for them, and the CPU need not. */
static inline pte_t pte_make_page(paddr_t page, unsigned attr, unsigned level)
{
	pte_t pte = (page & PTE_ADDRESS) | PTE_PRESENT | PTE_USER | PTE_ACCESSED;

	if (level)
		pte |= PTE_PAGE;
	if (attr & BY_MAP_WRITE)
		pte |= PTE_WRITE | PTE_DIRTY;
	if (!(attr & BY_MAP_EXEC))
		pte |= PTE_NO_EXEC;
	if (attr & BY_MAP_UNCACHED)
		pte |= PTE_UNCACHED;
	else if (attr & BY_MAP_COMBINE)
		pte |= PTE_COMBINE;

	return pte;
}


/* The table walker of x86 sees stores in their order. */
static inline void pte_store(pte_t *entry, pte_t pte)
{
	__atomic_store_n(entry, pte, __ATOMIC_RELEASE);
}


static inline void space_load(struct space *space)
{
	asm volatile ("mov %0, %%cr3" : : "r"(space->cr3) : "memory");
}


static inline void *mem_kernel(paddr_t pa)
{
	return (void *)(LINEAR_BASE + pa);
}


static inline paddr_t mem_physical(void const *ptr)
{
	return (word_t)ptr - LINEAR_BASE;
}

#endif
