/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: the kernel's page tables in the long-descriptor format (Arm ARM, DDI
 * 0406C, B3.6), and the registers that go with them.
 */
#include "machine.h"
#include <arch/mmu.h>
#include <port/cp15.h>

#define LEAF (PTE_ACCESSED | PTE_SHARED)

/** Translation table base control (B4.1.153): the upper GiB belongs to TTBR1. */
enum {
	TTBCR_T1SZ_1G   = 2 << 16,
	TTBCR_WALK0     = 0x3500, /* of TTBR0: write-back cached, inner shareable */
	TTBCR_WALK1     = 0x35 << 24,
};
#define TTBCR_EAE 0x80000000u

/** System control (B4.1.130): M, C, Z, I on; V, EE, TRE, AFE, TE off. */
#define SCTLR_ON  0x00001805u
#define SCTLR_OFF 0x72002000u

static pte_t identity[4] __attribute__((aligned(32)));


/** Table of level 0 for a kernel address; 'top' is the one of TTBR1. */
static pte_t *table_at(struct boot *boot, pte_t *top, uint32_t va)
{
	pte_t *entry = &top[pt_index(va, 1)];

	if (!pte_present(*entry))
		*entry = (uintptr_t)boot_kernel_alloc(boot, BOOT_PAGE) | PTE_TABLE;

	return (pte_t *)(uintptr_t)pte_address(*entry);
}


static void map(struct boot *boot, pte_t *top, uint32_t va, struct by_boot_region region,
                pte_t access)
{
	uint64_t const block = 1u << pt_shift(1);

	while (region.size) {
		bool const large = !((va | region.base) & (block - 1)) && region.size >= block;
		uint32_t const bytes = large ? (uint32_t)block : BOOT_PAGE;

		if (large)
			top[pt_index(va, 1)] = region.base | PTE_BLOCK | LEAF | access;
		else
			table_at(boot, top, va)[pt_index(va, 0)]
				= region.base | PTE_PAGE | LEAF | access;
		va          += bytes;
		region.base += bytes;
		region.size -= bytes;
	}
}


static void map_kernel(struct boot *boot, pte_t *top)
{
	for (unsigned i = 0; i < BY_BOOT_SEGMENTS; i++) {
		struct by_boot_segment const *s = &boot->kernel[i];
		struct by_boot_region const region = { s->base, s->size };
		map(boot, top, (uint32_t)s->address, region,
		    (s->attributes & BY_MAP_WRITE ? 0 : PTE_READONLY)
		    | (s->attributes & BY_MAP_EXEC ? 0 : PTE_XN | PTE_PXN));
	}
}


/** Map memory in the zone to the window, but no writeable alias of code and constants. */
static void map_window(struct boot *boot, pte_t *top, struct regions *memory)
{
	struct by_boot_region const zone = boot->info->zone;

	boot_protect_kernel(boot, memory);
	for (unsigned i = 0; i < memory->count; i++) {
		struct by_boot_region region = memory->region[i];

		if (region.base - zone.base >= zone.size)
			continue;
		if (region.size > zone.size - (region.base - zone.base))
			region.size = zone.size - (region.base - zone.base);
		map(boot, top, MMU_WINDOW + (uint32_t)(region.base - zone.base), region,
		    PTE_XN | PTE_PXN);
	}
}


struct translation tables_make(struct boot *boot, struct regions *memory, uint64_t *devices)
{
	pte_t *top = boot_kernel_alloc(boot, BOOT_PAGE);

	map_kernel(boot, top);
	map_window(boot, top, memory);
	*devices = (uintptr_t)table_at(boot, top, MMU_DEVICES);

	for (unsigned i = 0; i < 3; i++)
		identity[i] = (pte_t)i << pt_shift(2) | PTE_BLOCK | LEAF;

	return (struct translation) {
		.mair  = MMU_MAIR,
		.ttbcr = TTBCR_EAE | TTBCR_WALK1 | TTBCR_T1SZ_1G | TTBCR_WALK0,
		.ttbr0 = (uintptr_t)identity,
		.ttbr1 = (uintptr_t)top,
		.sctlr = (cp15_read(CP15_SCTLR) & ~SCTLR_OFF) | SCTLR_ON,
	};
}
