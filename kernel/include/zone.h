/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The zone: physical memory that the kernel has mapped, see mem_kernel(). Kernel
 * objects, page tables and message pages lie in it.
 */
#ifndef KERNEL_ZONE_H
#define KERNEL_ZONE_H

#include "types.h"
#include <by/boot_info.h>

extern struct by_boot_region zone; /* constant since boot */

/** Whether all of a block is in the zone. */
static inline bool zone_has(paddr_t pa, word_t size)
{
	return pa >= zone.base && size <= zone.size && pa - zone.base <= zone.size - size;
}

#endif
