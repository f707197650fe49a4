/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's page tables.
 *
 * What the kernel executes or only reads is not mapped a second time with all
 * RAM, so that it is writeable nowhere.
 */
#include "paging.h"
#include <port/instruction.h>
#include <port/platform.h>

unsigned mmu_page_level = 1;


/** Entry for 'va' at 'level'; makes the tables above. */
static pte_t *walk(struct boot *boot, pte_t *table, word_t va, unsigned level)
{
	for (unsigned at = PT_LEVELS - 1; at > level; at--) {
		pte_t *entry = &table[pt_index(va, at)];
		if (!pte_present(*entry))
			*entry = pte_make_table((uintptr_t)boot_kernel_alloc(boot, BOOT_PAGE));
		table = (pte_t *)(uintptr_t)pte_address(*entry);
	}

	return &table[pt_index(va, level)];
}


static uint64_t level_size(unsigned level)
{
	return (uint64_t)1 << pt_shift(level);
}


/** Map whole pages, as large as they fit, for the kernel only and in all spaces. */
static void map(struct boot *boot, pte_t *root, word_t va, paddr_t pa, uint64_t size,
                unsigned attr)
{
	while (size) {
		unsigned level = PT_LEVELS - 1;
		while (level && (!pt_page_level(level) || size < level_size(level)
		                 || ((va | pa) & (level_size(level) - 1))))
			level--;

		pte_t pte = pte_make_page(pa, attr, level);
		*walk(boot, root, va, level) = (pte & ~PTE_USER) | PTE_GLOBAL;
		va   += (word_t)level_size(level);
		pa   += level_size(level);
		size -= level_size(level);
	}
}


static void map_kernel(struct boot *boot, pte_t *root)
{
	for (unsigned i = 0; i < BY_BOOT_SEGMENTS; i++) {
		struct by_boot_segment const *segment = &boot->kernel[i];
		map(boot, root, (word_t)segment->address, segment->base, segment->size,
		    segment->attributes);
	}
}


static void map_ram(struct boot *boot, pte_t *root)
{
	struct regions ram = boot->ram;

	boot_protect_kernel(boot, &ram);
	for (unsigned i = 0; i < ram.count; i++)
		map(boot, root, LINEAR_BASE + (word_t)ram.region[i].base, ram.region[i].base,
		    ram.region[i].size, BY_MAP_WRITE);
}


static void map_devices(struct boot *boot, pte_t *root)
{
	struct platform platform;

	memcpy(&platform, boot->info->platform, sizeof(platform));
	map(boot, root, DEVICE_LAPIC, page_down(platform.lapic), BOOT_PAGE,
	    BY_MAP_WRITE | BY_MAP_UNCACHED);
	for (unsigned i = 0; i < platform.ioapic_count; i++)
		map(boot, root, DEVICE_IOAPIC(i), page_down(platform.ioapic[i].base), BOOT_PAGE,
		    BY_MAP_WRITE | BY_MAP_UNCACHED);
}


static void map_screen(struct boot *boot, pte_t *root)
{
	struct by_boot_framebuffer const *fb = &boot->info->framebuffer;
	uint64_t const end = page_up(fb->base + (uint64_t)fb->pitch * fb->height);

	map(boot, root, SCREEN_BASE, page_down(fb->base), end - page_down(fb->base),
	    BY_MAP_WRITE | BY_MAP_COMBINE);
}


pte_t *paging_init(struct boot *boot)
{
	pte_t *root = boot_kernel_alloc(boot, BOOT_PAGE);

	if (cpuid_has(0x80000001u, CPUID_EDX, 26))
		mmu_page_level = 2;
	map_kernel(boot, root);
	map_ram(boot, root);
	map_devices(boot, root);
	if (boot->info->framebuffer.width)
		map_screen(boot, root);

	return root;
}
