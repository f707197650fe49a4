/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub: three levels of 512 entries, the root of 256, pages on levels 0 and 1,
 * simulated RAM.
 */
#ifndef PORT_MMU_H
#define PORT_MMU_H

enum {
	PTE_PRESENT = 1 << 0,
	PTE_WRITE   = 1 << 1,
	PTE_EXEC    = 1 << 2,
	PTE_TABLE   = 1 << 4,
};

enum { STUB_RAM_SIZE = 64 << 20 };

/** Physical address of the simulated RAM's first byte. */
static paddr_t const STUB_RAM_BASE = 0x40000000;

extern unsigned char *stub_ram;

static inline unsigned pt_shift(unsigned level)         { return PAGE_SHIFT + 9 * level; }
static inline word_t   pt_index(word_t va, unsigned lv) { return va >> pt_shift(lv) & 511; }
static inline word_t   pt_entries(unsigned level)       { return level == 2 ? 256 : 512; }
static inline bool     pt_page_level(unsigned level)    { return level <= 1; }
static inline bool     pte_present(pte_t pte)           { return pte & PTE_PRESENT; }
static inline paddr_t  pte_address(pte_t pte)           { return pte & ~(paddr_t)0xfff; }

static inline bool pte_is_table(pte_t pte, unsigned level)
{
	return level && (pte & PTE_TABLE);
}

static inline pte_t pte_make_table(paddr_t table)
{
	return table | PTE_TABLE | PTE_PRESENT;
}

static inline pte_t pte_make_page(paddr_t page, unsigned attr, unsigned level)
{
	(void)level;

	return page | PTE_PRESENT | (attr & BY_MAP_WRITE ? PTE_WRITE : 0)
	       | (attr & BY_MAP_EXEC ? PTE_EXEC : 0);
}

static inline void pte_store(pte_t *entry, pte_t pte) { *(volatile pte_t *)entry = pte; }

static inline void *mem_kernel(paddr_t pa)
{
	return stub_ram + (pa - STUB_RAM_BASE);
}

static inline paddr_t mem_physical(void const *ptr)
{
	return STUB_RAM_BASE + (paddr_t)((unsigned char const *)ptr - stub_ram);
}

void stub_space_load(struct space *space);

static inline void space_load(struct space *space)
{
	stub_space_load(space);
}

#endif
