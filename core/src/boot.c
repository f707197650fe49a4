/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the bootstrap told.
 */
#include "boot.h"
#include "console.h"
#include "pool.h"
#include <by/core.h>

static struct by_boot_info info;


void boot_init(void)
{
	info = *(struct by_boot_info const *)BY_CORE_INFO;
}


struct by_boot_info const *boot_info(void)
{
	return &info;
}


uint64_t boot_ram(void)
{
	uint64_t ram = 0;

	for (uint32_t i = 0; i < info.ram_count; i++)
		ram += info.ram[i].size;

	return ram;
}


void *boot_alloc(size_t size)
{
	uint64_t const bytes = phys_round(size);
	struct by_boot_region *largest = NULL;

	for (uint32_t i = 0; i < info.free_count; i++)
		if (info.free[i].size > bytes && info.free[i].base + bytes - 1 <= account_zone_end
		    && (!largest || info.free[i].size > largest->size))
			largest = &info.free[i];
	if (!largest)
		console_stop("core: too little RAM: %zu KiB in one piece are needed\n",
		             (size_t)bytes / 1024);
	void *memory = window_map_at_boot(largest->base, phys_pages(bytes));
	largest->base += bytes;
	largest->size -= bytes;
	__builtin_memset(memory, 0, (size_t)bytes);

	return memory;
}
