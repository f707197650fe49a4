/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: address spaces of the long-descriptor format (Arm ARM, DDI 0406C, B3.6),
 * TLB (B3.10) and caches (B2.2).
 */
#include "asid.h"
#include "cpu.h"
#include "panic.h"
#include "zone.h"
#include <arch/device.h>
#include <by/boot_info.h>
#include <port/cp15.h>
#include <port/internal.h>
#include <port/platform.h>

enum {
	ASID_MAX    = 255,
	ASID_SHIFT  = 48,  /* in TTBR0 */
	FLUSH_PAGES = 32,  /* more of them are dropped by dropping all of the space */
	WINDOWS     = 512 - CPU_MAX, /* entries of device_table for temporary mappings */
};

#define KERNEL_PAGE (PTE_PAGE | PTE_ACCESSED | PTE_SHARED | PTE_XN | PTE_PXN)

word_t mmu_offset;

static pte_t   *device_table;
static unsigned devices;      /* entries of device_table in use */
static paddr_t  empty_root;   /* physical address of 'nothing' */

static pte_t const nothing[4] __attribute__((aligned(32)));


static void flush_all(void)
{
	cp15_dsb();
	cp15_write(CP15_TLBIALL, 0);
	cp15_write(CP15_BPIALL, 0);
	cp15_dsb();
	cp15_isb();
}


/** Physical address of something in the kernel itself, by translation (B4.2.3). */
static paddr_t kernel_physical(void const *ptr)
{
	cp15_write(CP15_ATS1CPR, ptr);
	cp15_isb();

	return (cp15_read64(CP15_PAR) & PTE_ADDRESS) | ((word_t)ptr & (PAGE_SIZE - 1));
}


/** The bootstrap's mapping of itself goes. */
void mmu_init(struct by_boot_info const *info)
{
	device_table = mem_kernel(info->platform[PLATFORM_DEVICES]);
	empty_root   = kernel_physical(nothing);

	space_load_kernel();
	cp15_isb();
	word_t const sctlr = cp15_read(CP15_SCTLR) & ~(word_t)SCTLR_A;
	cp15_write(CP15_SCTLR, sctlr | SCTLR_WXN | SCTLR_UWXN);
	flush_all();
}


void *device_map(paddr_t pa, word_t size)
{
	word_t const low   = pa & (PAGE_SIZE - 1);
	word_t const first = MMU_DEVICES + devices * PAGE_SIZE;

	for (word_t done = 0; done < low + size; done += PAGE_SIZE) {
		ASSERT(devices < WINDOWS);
		pte_store(&device_table[devices++],
		          (pa - low + done) | KERNEL_PAGE | PTE_DEVICE);
	}
	cp15_dsb();
	cp15_isb();

	return (void *)(first + low);
}


void space_init(struct space *space, pte_t *root)
{
	memset(root, 0, BY_ROOT_SIZE);
	*space = (struct space){ .root = root };
}


void space_fini(struct space *space)
{
	space->tag = 0;
}


void mmu_load(struct space *space)
{
	uint64_t const asid = asid_get(&space->tag, ASID_MAX, flush_all);

	cp15_write64(CP15_TTBR0, mem_physical(space->root) | asid << ASID_SHIFT);
}


void space_load_kernel(void)
{
	cp15_write64(CP15_TTBR0, empty_root);
}


/** The number under which this CPU's TLB can hold translations of a space. */
static word_t space_asid(struct space const *space)
{
	uint64_t const ttbr = cp15_read64(CP15_TTBR0);

	if ((ttbr & (((uint64_t)1 << ASID_SHIFT) - 1)) == mem_physical(space->root))
		return (word_t)(ttbr >> ASID_SHIFT) & ASID_MAX;

	return asid_number(atomic_load(&space->tag)); /* pairs with asid_renew() */
}


void tlb_flush(struct space *space, word_t va, word_t pages)
{
	word_t const asid = space_asid(space);

	cp15_dsb();
	if (pages > FLUSH_PAGES)
		cp15_write(CP15_TLBIASID, asid);
	else
		for (; pages--; va += PAGE_SIZE)
			cp15_write(CP15_TLBIMVA, va | asid);
	cp15_write(CP15_BPIALL, 0);
	cp15_dsb();
	cp15_isb();
}


pte_t space_entry(struct space const *space, word_t va, unsigned *level)
{
	pte_t const *table = space->root;

	*level = PT_LEVELS - 1;
	if (va > BY_USER_LAST)
		return 0;

	for (;; --*level) {
		pte_t const pte = table[pt_index(va, *level)];

		if (!pte_present(pte))
			return 0;
		if (!pte_is_table(pte, *level))
			return pte;
		table = mem_kernel(pte_address(pte));
	}
}


bool space_permits(struct space const *space, word_t va, unsigned access)
{
	unsigned    level;
	pte_t const pte = space_entry(space, va, &level);

	cp15_dsb(); /* from now on the walker sees it, too */
	if (access == BY_ACCESS_READ || !pte)
		return pte;

	return !(pte & (access == BY_ACCESS_EXEC ? PTE_XN : PTE_READONLY));
}


/** Address of a page of memory anywhere; one outside the zone until the next such call. */
static void *page_address(paddr_t page)
{
	unsigned const window = WINDOWS + smp_self()->id;
	word_t   const va     = MMU_DEVICES + window * PAGE_SIZE;

	if (zone_has(page, PAGE_SIZE))
		return mem_kernel(page);

	pte_store(&device_table[window], 0);
	cp15_dsb();
	cp15_write(CP15_TLBIMVA, va);
	cp15_dsb();
	pte_store(&device_table[window], page | KERNEL_PAGE);
	cp15_dsb();
	cp15_isb();

	return (void *)va;
}


void mem_clear_page(paddr_t page)
{
	memset(page_address(page), 0, PAGE_SIZE);
}


/** Operations by address work on all CPUs (B2.2.6); instruction caches may be virtual. */
void mem_cache_page(paddr_t page, unsigned operation)
{
	enum { LINE_SHIFT = 16, LINE_MASK = 0xf };

	word_t const line = (word_t)4 << (cp15_read(CP15_CTR) >> LINE_SHIFT & LINE_MASK);
	word_t const from = (word_t)page_address(page);

	for (word_t va = from; va - from < PAGE_SIZE; va += line) {
		if (operation == BY_CACHE_CODE)
			cp15_write(CP15_DCCMVAU, va);
		else if (operation == BY_CACHE_CLEAN)
			cp15_write(CP15_DCCMVAC, va);
		else
			cp15_write(CP15_DCCIMVAC, va);
	}
	cp15_dsb();
	if (operation == BY_CACHE_CODE) {
		cp15_write(CP15_ICIALLUIS, 0);
		cp15_write(CP15_BPIALLIS, 0);
		cp15_dsb();
		cp15_isb();
	}
}
