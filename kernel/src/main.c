/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the bootstrap to core.
 *
 * The first thread of core and what belongs to it are the only kernel objects that
 * nobody asked for. They live forever, in the kernel's own memory; the pages that
 * core needs come from what the bootstrap left.
 */
#include "kernel.h"
#include "cap.h"
#include "endpoint.h"
#include "panic.h"
#include "pd.h"
#include "print.h"
#include "sched.h"
#include "zone.h"
#include <arch/clock.h>
#include <by/boot_info.h>
#include <by/core.h>


struct by_boot_region zone;


/** Take a naturally aligned block of pages out of free memory in the kernel's zone. */
static void *boot_alloc(struct by_boot_info *info, word_t size)
{
	if (size < PAGE_SIZE)
		size = PAGE_SIZE; /* regions consist of pages */

	for (unsigned i = 0; i < info->free_count; i++) {
		struct by_boot_region *region = &info->free[i];
		uint64_t block = (region->base + size - 1) & ~(uint64_t)(size - 1);
		uint64_t taken = block + size - region->base;

		if (taken > region->size || !zone_has(block, size))
			continue;
		if (block != region->base && info->free_count < BY_BOOT_REGIONS)
			info->free[info->free_count++] = (struct by_boot_region) {
				region->base, block - region->base };
		region->base += taken;
		region->size -= taken;
		if (!region->size)
			*region = info->free[--info->free_count];

		void *mem = mem_kernel(block);
		memset(mem, 0, size);

		return mem;
	}
	panic("too little RAM: no %lu KiB left for core", (unsigned long)size / 1024);
}


static void map(struct pd *pd, word_t va, paddr_t pa, word_t size, unsigned attr)
{
	word_t pages = (size + PAGE_SIZE - 1) / PAGE_SIZE;

	for (word_t done = 0; done < pages; )
		done += pd_map(pd, va + done * PAGE_SIZE, pa + done * PAGE_SIZE, pages - done,
		               attr);
}


static struct pd *create_core_pd(struct by_boot_info *info)
{
	struct pd *pd = boot_alloc(info, BY_PD_SIZE);

	pd_init(pd, BY_CORE_SLOT_PD, boot_alloc(info, BY_ROOT_SIZE));
	for (unsigned i = 0; i < BY_CORE_TABLES; i++)
		pd_pool_add(pd, boot_alloc(info, PAGE_SIZE));
	pd->leaf[0] = boot_alloc(info, PAGE_SIZE);

	for (unsigned i = 0; i < BY_BOOT_SEGMENTS; i++) {
		struct by_boot_segment const *segment = &info->core[i];
		map(pd, (word_t)segment->address, segment->base, (word_t)segment->size,
		    segment->attributes);
	}

	return pd;
}


/** Let core see the boot information: what is free after the last allocation, what runs. */
static void map_boot_info(struct by_boot_info *info, struct pd *pd)
{
	uint64_t modules = info->modules.size;

	if (modules > BY_CORE_MODULES_MAX)
		modules = BY_CORE_MODULES_MAX;
	map(pd, BY_CORE_MODULES, info->modules.base, (word_t)modules, 0);
	print_log = mem_kernel(info->log.base);
	map(pd, BY_CORE_LOG, info->log.base, (word_t)info->log.size, BY_MAP_WRITE);

	info->cpu_count       = cpu_count;
	info->boot_cpu        = smp_self()->id;
	info->clock_frequency = clock_frequency();

	void *page = boot_alloc(info, PAGE_SIZE);
	map(pd, BY_CORE_INFO, mem_physical(page), PAGE_SIZE, 0);
	memcpy(page, info, sizeof(*info));
}


static void install(struct pd *pd, word_t index, struct object *object)
{
	status_t status = cap_fill(pd, index, object);

	ASSERT(status == BY_OK);
}


void kernel_main(struct by_boot_info *info)
{
	static struct thread   core_thread;
	static struct endpoint core_endpoint;
	static struct share    core_share;

	zone = info->zone;

	struct pd         *pd     = create_core_pd(info);
	struct thread     *thread = &core_thread;
	struct endpoint   *ep     = &core_endpoint;
	struct share      *share  = &core_share;
	struct by_message *msg    = boot_alloc(info, PAGE_SIZE);

	core_pd = pd;
	thread_init(thread, BY_CORE_SLOT_THREAD, pd, msg, true);
	endpoint_init(ep, BY_CORE_SLOT_ENDPOINT, thread);
	share_init(share, BY_CORE_SLOT_SHARE, smp_self(), BY_PRIORITIES - 1, BY_WEIGHT_DEFAULT);
	core_ep = ep;

	install(pd, BY_CORE_SLOT_PD, &pd->obj);
	install(pd, BY_CORE_SLOT_THREAD, &thread->obj);
	install(pd, BY_CORE_SLOT_SHARE, &share->obj);
	install(pd, BY_CORE_SLOT_ENDPOINT, &ep->obj);

	map(pd, BY_CORE_MESSAGE, mem_physical(msg), PAGE_SIZE, BY_MAP_WRITE);
	for (word_t at = 0; at < BY_CORE_STACK_SIZE; at += PAGE_SIZE)
		map(pd, BY_CORE_STACK + at, mem_physical(boot_alloc(info, PAGE_SIZE)), PAGE_SIZE,
		    BY_MAP_WRITE);
	frame_start(&thread->frame, (word_t)info->core_entry, BY_CORE_STACK + BY_CORE_STACK_SIZE,
	            BY_CORE_INFO);
	map_boot_info(info, pd);

	thread->state = THREAD_READY;
	bool bound = thread_bind(thread, share);
	ASSERT(bound);
}
