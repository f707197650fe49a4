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


void *boot_alloc(size_t size)
{
	size_t   const pages = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	uint64_t const bytes = (uint64_t)pages << PAGE_SHIFT;
	struct by_boot_region *largest = NULL;

	for (uint32_t i = 0; i < info.free_count; i++)
		if (info.free[i].size > bytes && info.free[i].base + bytes - 1 <= account_zone_end
		    && (!largest || info.free[i].size > largest->size))
			largest = &info.free[i];
	if (!largest)
		console_stop("core: too little RAM: %zu KiB in one piece are needed\n",
		             pages * PAGE_SIZE / 1024);
	void *memory = window_map_at_boot(largest->base, pages);
	largest->base += bytes;
	largest->size -= bytes;
	__builtin_memset(memory, 0, (size_t)bytes);

	return memory;
}
