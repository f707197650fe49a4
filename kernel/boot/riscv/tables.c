/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * riscv64: the kernel's page tables, Sv39. All entries are global.
 */
#include "machine.h"
#include <arch/mmu.h>

enum {
	LEAF = PTE_VALID | PTE_READ | PTE_ACCESSED | PTE_DIRTY | PTE_GLOBAL,
	ROOT_LEVEL = PT_LEVELS - 1,
};


static pte_t *new_table(struct boot *boot)
{
	return boot_kernel_alloc(boot, BOOT_PAGE);
}


/** Table of 'level' for 'va'; it and those above are made if they are missing. */
static pte_t *table_at(struct boot *boot, pte_t *root, uint64_t va, unsigned level)
{
	pte_t *table = root;

	for (unsigned at = ROOT_LEVEL; at > level; at--) {
		pte_t *entry = &table[pt_index(va, at)];
		if (!pte_present(*entry))
			*entry = pte_make_table((uintptr_t)new_table(boot));
		table = (pte_t *)(uintptr_t)pte_address(*entry);
	}

	return table;
}


/** Largest page that starts at these addresses and is not larger than 'size'. */
static unsigned fitting_level(uint64_t va, uint64_t pa, uint64_t size)
{
	unsigned level = ROOT_LEVEL;

	for (; level; level--) {
		uint64_t const bytes = 1ull << pt_shift(level);
		if (!((va | pa) & (bytes - 1)) && size >= bytes)
			break;
	}

	return level;
}


static void map(struct boot *boot, pte_t *root, uint64_t va, struct by_boot_region region,
                uint64_t access)
{
	while (region.size) {
		unsigned const level = fitting_level(va, region.base, region.size);
		uint64_t const bytes = 1ull << pt_shift(level);
		pte_t   *const table = table_at(boot, root, va, level);

		table[pt_index(va, level)]
			= region.base >> PAGE_SHIFT << PTE_SHIFT | LEAF | access;
		va          += bytes;
		region.base += bytes;
		region.size -= bytes;
	}
}


static void map_kernel(struct boot *boot, pte_t *root)
{
	for (unsigned i = 0; i < BY_BOOT_SEGMENTS; i++) {
		struct by_boot_segment const *s = &boot->kernel[i];
		map(boot, root, s->address, (struct by_boot_region) { s->base, s->size },
		    (s->attributes & BY_MAP_WRITE ? PTE_WRITE : 0u)
		    | (s->attributes & BY_MAP_EXEC ? PTE_EXEC : 0u));
	}
}


uint64_t tables_make(struct boot *boot, struct regions *memory, uint64_t *devices)
{
	pte_t *root = new_table(boot);

	map_kernel(boot, root);
	*devices = (uintptr_t)table_at(boot, root, MMU_DEVICES, 0);

	boot_protect_kernel(boot, memory);
	for (unsigned i = 0; i < memory->count; i++) {
		struct by_boot_region const region = memory->region[i];
		map(boot, root, region.base + MMU_WINDOW, region, PTE_WRITE);
	}

	return (uintptr_t)root;
}
