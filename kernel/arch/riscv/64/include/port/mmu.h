/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * riscv64: Sv39 entries, and where the kernel lives.
 *
 *     63 ... 54 | 53 ... 10 | 7 D | 6 A | 5 G | 4 U | 3 X | 2 W | 1 R | 0 V
 *     reserved  | page      |
 *
 * The upper half of all spaces is the kernel's:
 *
 *     WINDOW  physical memory, 254 GiB, where there is RAM
 *     KERNEL  the kernel itself, as linked
 *     DEVICES 2 MiB for registers of devices
 */
#ifndef PORT_MMU_H
#define PORT_MMU_H

#include "asid.h"
#include <port/csr.h>

enum {
	PTE_VALID  = 1 << 0,
	PTE_READ   = 1 << 1,
	PTE_WRITE  = 1 << 2,
	PTE_EXEC   = 1 << 3,
	PTE_USER   = 1 << 4,
	PTE_GLOBAL = 1 << 5,
	PTE_ACCESSED = 1 << 6,
	PTE_DIRTY  = 1 << 7,
	PTE_SHIFT  = 10,
};

#define MMU_WINDOW  ((word_t)0xffffffc000000000)
#define MMU_DEVICES ((word_t)0xffffffffbfe00000)
#define MMU_WINDOW_SIZE ((word_t)254 << 30)

static inline unsigned pt_shift(unsigned level)
{
	return PAGE_SHIFT + 9 * level;
}


static inline word_t pt_index(word_t va, unsigned level)
{
	return va >> pt_shift(level) & 511;
}


/** The upper half of the root belongs to the kernel. */
static inline word_t pt_entries(unsigned level)
{
	return level == PT_LEVELS - 1 ? 256 : 512;
}


static inline bool pt_page_level(unsigned level)
{
	(void)level;

	return true;
}


static inline bool pte_present(pte_t pte)
{
	return pte & PTE_VALID;
}


static inline bool pte_is_table(pte_t pte, unsigned level)
{
	(void)level;

	return (pte & (PTE_VALID | PTE_READ | PTE_WRITE | PTE_EXEC)) == PTE_VALID;
}


static inline paddr_t pte_address(pte_t pte)
{
	return pte >> PTE_SHIFT << PAGE_SHIFT;
}


static inline pte_t pte_make_table(paddr_t table)
{
	return table >> PAGE_SHIFT << PTE_SHIFT | PTE_VALID;
}


/**
 * A user page. Accessed and dirty are set at once, so that the hardware neither
 * writes to tables nor faults for them. Cacheability is an attribute of the
 * physical memory (3.6), so that the BY_MAP_ attributes for it mean nothing here.
 */
static inline pte_t pte_make_page(paddr_t page, unsigned attr, unsigned level)
{
	(void)level;

	return page >> PAGE_SHIFT << PTE_SHIFT | PTE_VALID | PTE_USER | PTE_READ | PTE_ACCESSED
	       | (attr & BY_MAP_WRITE ? PTE_WRITE | PTE_DIRTY : 0)
	       | (attr & BY_MAP_EXEC ? PTE_EXEC : 0);
}


/** That walkers may have kept an invalid entry (4.2.1) shows when the access faults. */
static inline void pte_store(pte_t *entry, pte_t pte)
{
	__atomic_store_n(entry, pte, __ATOMIC_RELAXED);
}


static inline void *mem_kernel(paddr_t pa)
{
	return (void *)(pa + MMU_WINDOW);
}


static inline paddr_t mem_physical(void const *ptr)
{
	return (paddr_t)ptr - MMU_WINDOW;
}

/** Highest number of a space that the hart can keep apart. */
extern uint32_t mmu_asid_max;

/** Drop all translations of user level. */
void mmu_flush_all(void);

/** What satp is for a root and a number. */
static inline word_t mmu_satp(pte_t const *root, word_t asid)
{
	return SATP_SV39 | asid << SATP_ASID_SHIFT | mem_physical(root) >> PAGE_SHIFT;
}


static inline void space_load(struct space *space)
{
	word_t const asid = asid_get(&space->tag, mmu_asid_max, mmu_flush_all);

	csr_write(satp, mmu_satp(space->root, asid));
}

#endif
