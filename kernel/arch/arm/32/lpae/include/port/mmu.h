/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: long descriptors, and where the kernel lives.
 *
 *     54 XN | 53 PXN | 39 ... 12 | 11 nG | 10 AF | 9, 8 SH | 7, 6 AP | 4 ... 2 | 1, 0
 *                      address                                         type      kind
 *
 * TTBR0 translates the lower 3 GiB, user level's, through a root of 4 entries (Arm
 * ARM's level 1, here 2). TTBR1 translates the rest, the kernel's, through a single
 * table of 2 MiB entries:
 *
 *     WINDOW  the zone, at most 512 MiB of physical memory
 *     KERNEL  the kernel itself, as linked
 *     DEVICES 2 MiB for registers of devices and temporary mappings
 */
#ifndef PORT_MMU_H
#define PORT_MMU_H

#define PTE_PAGE      ((pte_t)3)       /* on level 0 */
#define PTE_BLOCK     ((pte_t)1)       /* above */
#define PTE_TABLE     ((pte_t)3)
#define PTE_KIND      ((pte_t)3)
#define PTE_DEVICE    ((pte_t)1 << 2)  /* index into MAIR, see MMU_MAIR */
#define PTE_UNCACHED  ((pte_t)2 << 2)
#define PTE_USER      ((pte_t)1 << 6)
#define PTE_READONLY  ((pte_t)1 << 7)
#define PTE_SHARED    ((pte_t)3 << 8)  /* inner shareable */
#define PTE_ACCESSED  ((pte_t)1 << 10)
#define PTE_NOT_GLOBAL ((pte_t)1 << 11)
#define PTE_PXN       ((pte_t)1 << 53)
#define PTE_XN        ((pte_t)1 << 54)
#define PTE_TABLE_PXN ((pte_t)1 << 59)
#define PTE_ADDRESS   ((pte_t)0xfffffff000)

/** Types of memory: 0 normal, write-back; 1 device; 2 normal, not cached (B4.1.104). */
#define MMU_MAIR     0x004404ff

#define MMU_WINDOW  ((word_t)0xc0000000)
#define MMU_WINDOW_SIZE ((word_t)512 << 20)
#define MMU_DEVICES ((word_t)0xf0200000)

/** What to add to a physical address of the zone. */
extern word_t mmu_offset;

static inline unsigned pt_shift(unsigned level)
{
	return PAGE_SHIFT + 9 * level;
}


static inline word_t pt_entries(unsigned level)
{
	return level == PT_LEVELS - 1 ? 4 : 512;
}


static inline word_t pt_index(word_t va, unsigned level)
{
	return va >> pt_shift(level) & (pt_entries(level) - 1);
}


static inline bool pt_page_level(unsigned level)
{
	return level < PT_LEVELS - 1;
}


static inline bool pte_present(pte_t pte)
{
	return pte & 1;
}


static inline bool pte_is_table(pte_t pte, unsigned level)
{
	return level && (pte & PTE_KIND) == PTE_TABLE;
}


static inline paddr_t pte_address(pte_t pte)
{
	return pte & PTE_ADDRESS;
}


/** The kernel executes nothing below a table of user level. */
static inline pte_t pte_make_table(paddr_t table)
{
	return table | PTE_TABLE | PTE_TABLE_PXN;
}


static inline pte_t pte_memory_type(unsigned attr)
{
	if (attr & BY_MAP_COMBINE)
		return PTE_UNCACHED;

	return attr & BY_MAP_UNCACHED ? PTE_DEVICE : 0;
}


static inline pte_t pte_make_page(paddr_t page, unsigned attr, unsigned level)
{
	return page | (level ? PTE_BLOCK : PTE_PAGE) | pte_memory_type(attr) | PTE_USER
	       | (attr & BY_MAP_WRITE ? 0 : PTE_READONLY) | PTE_SHARED | PTE_ACCESSED
	       | PTE_NOT_GLOBAL | PTE_PXN | (attr & BY_MAP_EXEC ? 0 : PTE_XN);
}


/** In one piece, as the walker reads it (A3.5.3). */
static inline void pte_store(pte_t *entry, pte_t pte)
{
	__asm__ volatile ("strd %Q1, %R1, %0" : "=Q" (*entry) : "r" (pte));
}


static inline void *mem_kernel(paddr_t pa)
{
	return (void *)((word_t)pa + mmu_offset);
}


static inline paddr_t mem_physical(void const *ptr)
{
	return (word_t)ptr - mmu_offset;
}


void mmu_load(struct space *space);

static inline void space_load(struct space *space)
{
	mmu_load(space);
}

#endif
