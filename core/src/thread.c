/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads and their faults.
 */
#include "thread.h"
#include "console.h"
#include "kcall.h"
#include "work.h"
#include <by/string.h>

enum {
	AROUND = 16, LARGE_PAGES = 512,
	FPU_PAGES = (size_t)BY_FPU_SIZE > POOL_MAX ? (BY_FPU_SIZE + PAGE_SIZE - 1) / PAGE_SIZE : 0,
};


/** The message page: memory of the kernel's zone, attached for good. */
static by_status_t attach_message(struct thread *thread, uint64_t at)
{
	struct account *account = thread->item.account;
	by_paddr_t      pa;
	by_status_t     status = account_alloc_kernel(account, 1, &pa);

	if (status != BY_OK)
		return status;

	struct attach_args args = { .at = at, .flags = BY_ATTACH_AT | BY_ATTACH_WRITE
	                                               | ATTACH_PINNED };
	ds_init(&thread->message, pa, PAGE_SIZE, BY_DS_WRITE, 0);
	console_must(KCALL(MEM_CLEAR, (by_word_t)(pa >> PAGE_SHIFT), 1), "MEM_CLEAR");
	status = map_attach(thread->map, &thread->message, &args, &at);
	if (status != BY_OK) {
		account_free(account, pa, 1);
		thread->message.size = 0;
	}

	return status;
}


static bool reap_message(struct thread *thread)
{
	if (!thread->message.size)
		return true;

	struct by_list_node *node = by_list_first(&thread->message.attachments);
	if (node && !attachment_reap(BY_CONTAINER_OF(node, struct attachment, ds_node)))
		return false;

	account_free(thread->item.account, thread->message.pa, 1);
	thread->message.size = 0;

	return true;
}


/** The FPU's save area: pages, or a block of the pool if it is small. */
static by_status_t alloc_fpu(struct thread *thread)
{
	struct account *account = thread->item.account;

	if (FPU_PAGES)
		return account_alloc_kernel(account, FPU_PAGES, &thread->fpu);

	by_status_t status = pool_alloc_kernel(account->kernel, BY_FPU_SIZE, &thread->fpu_block);
	if (status == BY_OK)
		thread->fpu = thread->fpu_block.pa;

	return status;
}


static void free_fpu(struct thread *thread)
{
	struct account *account = thread->item.account;

	if (thread->fpu && FPU_PAGES)
		account_free(account, thread->fpu, FPU_PAGES);
	else if (thread->fpu)
		pool_free_kernel(account->kernel, thread->fpu_block, BY_FPU_SIZE);
}


static by_status_t create_kernel_thread(struct thread *thread, bool passive)
{
	struct item *item   = &thread->item;
	by_status_t  status = item_create_kernel(item, BY_OBJECT_THREAD,
	                      (struct kargs){ { 0, 0, 0, (by_word_t)thread->message.pa,
	                                        item_slot(thread->map->space->pd), passive } });

	if (status == BY_OUT_OF_RAM)
		return status;

	console_must(status, "THREAD_CREATE");
	console_must(KCALL_REPEAT(THREAD_BIND, item_slot(item), item_slot(&thread->cpu->share)),
	             "THREAD_BIND");

	return BY_OK;
}


by_status_t thread_create(struct cpu *cpu, struct map *map, struct thread_args const *args,
                          struct thread **out)
{
	void       *record;
	by_status_t status = item_create(map->account, ITEM_THREAD, sizeof(struct thread), &record);

	if (status != BY_OK)
		return status;

	struct thread *thread = record;
	thread->map = map;
	thread->cpu = cpu;
	thread->waiter.thread = &thread->item;
	if (!by_strcopy(thread->name, sizeof(thread->name), args->name))
		status = BY_LIMIT;
	by_list_append(&map->space->threads, &thread->pd_node);
	by_list_append(&cpu->threads, &thread->cpu_node);
	if (status == BY_OK)
		status = attach_message(thread, args->message);
	if (status == BY_OK)
		status = create_kernel_thread(thread, args->passive);
	if (status != BY_OK) {
		item_close(&thread->item);
		return status;
	}
	*out = thread;

	return BY_OK;
}


void thread_unlist(struct thread *thread)
{
	if (by_list_linked(&thread->fault_node))
		by_list_remove(&thread->fault_node);
	map_unwait(&thread->waiter);
}


void thread_doom(struct thread *thread)
{
	if (thread->item.dying)
		return;

	thread_unlist(thread);
	by_list_remove(&thread->cpu_node);
	by_list_prepend(&thread->cpu->threads, &thread->cpu_node);
	item_doom(&thread->item);
}


bool thread_reap(struct item *item)
{
	struct thread *thread = BY_CONTAINER_OF(item, struct thread, item);

	thread_doom(thread);
	thread_unlist(thread);
	if (!item_drop_kernel(item) || !reap_message(thread) || !work(WORK_FREE))
		return false;

	free_fpu(thread);
	by_list_remove(&thread->pd_node);
	by_list_remove(&thread->cpu_node);
	item_end(item);

	return true;
}


/*
 * Faults
 */

/** A fault that nobody hears of. */
static void print_fault(struct thread const *thread)
{
	static const char *const access[] = { "read", "write", "execute" };
	static const char *const cause[]  = {
#define CAUSE_TEXT(NAME, number, text) [number] = text,
		BY_FAULT_CAUSES(CAUSE_TEXT)
#undef CAUSE_TEXT
	};
	uint32_t number = thread->fault.cause;

	console_print("core: thread \"%s\" stopped: %s (%s) at %llx, ip %llx, sp %llx\n",
	              thread->name,
	              number < sizeof(cause) / sizeof(cause[0]) && cause[number] ? cause[number]
	                                                                        : "unknown fault",
	              thread->fault.access < 3 ? access[thread->fault.access] : "?",
	              (unsigned long long)thread->fault.address,
	              (unsigned long long)thread->fault.ip, (unsigned long long)thread->fault.sp);
}


/** Leave the thread stopped and tell whoever answers for its CPU session. */
static void report(struct thread *thread)
{
	struct cpu *cpu = thread->cpu;

	thread->faulted = true;
	by_list_append(&cpu->faults, &thread->fault_node);
	if (!item_submit(cpu->sigh))
		print_fault(thread);
}


static bool access_allowed(struct place const *place, uint32_t access)
{
	uint32_t attributes = place_attributes(place);

	return access == BY_ACCESS_READ || (access == BY_ACCESS_WRITE && attributes & BY_MAP_WRITE)
	       || (access == BY_ACCESS_EXEC && attributes & BY_MAP_EXEC);
}


/** Pages to map around the address: a large page if it fits, otherwise a few. */
static uint64_t window(struct place const *place, uint64_t address, uint64_t *first)
{
	uint64_t pa    = place->ds->pa + place->offset;
	uint64_t large = (uint64_t)LARGE_PAGES << PAGE_SHIFT;
	uint64_t inner = address & (large - 1);
	uint64_t span  = (uint64_t)AROUND << PAGE_SHIFT;

	/* of code only as much as can be made visible now */
	if (!(place->flags & BY_ATTACH_EXEC) && ((address ^ pa) & (large - 1)) == 0
	    && inner <= place->before && large - inner <= place->behind)
		span = large;

	uint64_t before = address & (span - 1), behind = span - before;
	if (before > place->before)
		before = phys_floor(place->before);
	if (behind > place->behind)
		behind = place->behind;
	*first = phys_floor(address - before);

	return (address - *first + behind) >> PAGE_SHIFT;
}


static void resolve(struct thread *thread, struct place const *place)
{
	uint64_t address = thread->fault.address, first;
	uint64_t pages   = window(place, address, &first);
	uint64_t pa      = place->ds->pa + place->offset - (address - first);

	if (place->flags & BY_ATTACH_EXEC)
		make_code_visible(phys_floor(pa), (by_word_t)pages);
	console_must(KCALL(FAULT_RESOLVE, item_slot(&thread->item), (by_word_t)first,
	                   (by_word_t)(pa >> PAGE_SHIFT), (by_word_t)pages,
	                   place_attributes(place)), "FAULT_RESOLVE");
}


static void page_fault(struct thread *thread)
{
	struct place place;
	by_status_t  status = map_lookup(thread->map, thread->fault.address, &place);

	if (status == BY_OK && access_allowed(&place, thread->fault.access))
		resolve(thread, &place);
	else if (status != BY_NOT_FOUND || !map_wait(&place, thread->map->space, &thread->waiter))
		report(thread);
}


/** First use of the FPU: the PD pays for the save area, or the thread stays stopped. */
static void fpu_fault(struct thread *thread)
{
	if (thread->fpu || alloc_fpu(thread) != BY_OK) {
		report(thread);
		return;
	}
	console_must(KCALL(THREAD_FPU, item_slot(&thread->item), (by_word_t)thread->fpu), "THREAD_FPU");
	console_must(KCALL(FAULT_RESUME, item_slot(&thread->item)), "FAULT_RESUME");
}


void thread_fault(by_word_t id, struct fault_info const *fault)
{
	struct thread *thread = (struct thread *)item_find_type(id, ITEM_THREAD);

	if (!thread)
		return;

	thread->fault         = *fault;
	thread->waiter.access = fault->access;
	if (fault->cause == BY_FAULT_PAGE)
		page_fault(thread);
	else if (fault->cause == BY_FAULT_FPU)
		fpu_fault(thread);
	else
		report(thread);
}
