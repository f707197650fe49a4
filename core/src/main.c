/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core: takes possession of the machine, starts the first component, and serves.
 */
#include "boot.h"
#include "console.h"
#include "cpu.h"
#include "io.h"
#include "irq.h"
#include "kcall.h"
#include "log.h"
#include "machine.h"
#include "parent.h"
#include "reap.h"
#include "region_map.h"
#include "rm.h"
#include "rom.h"
#include "start.h"
#include "work.h"
#include <by/arch/call.h>
#include <by/assert.h>
#include <by/message.h>

enum {
	CAPS_MIN = 512,
	CAPS_MAX = BY_LEAVES * BY_LEAF_SLOTS - 64,
	KEEP     = 64 << 10, /* RAM that core keeps, besides a part for tables */
	KEEP_PART = 128,
};

static by_tag_t (*const dispatchers[ITEM_TYPES])(struct item *, by_tag_t,
                                                 struct by_message *) = {
	[ITEM_PD_SESSION] = pd_dispatch,
	[ITEM_CPU]        = cpu_dispatch,
	[ITEM_MAP]        = region_map_dispatch,
	[ITEM_DS]         = ds_dispatch,
	[ITEM_RM]         = rm_dispatch,
	[ITEM_ROM]        = rom_dispatch,
	[ITEM_LOG]        = log_dispatch,
	[ITEM_IO_MEM]     = io_mem_dispatch,
	[ITEM_IO_PORT]    = io_port_dispatch,
	[ITEM_IRQ]        = irq_dispatch,
	[ITEM_MACHINE]    = machine_dispatch,
	[ITEM_PARENT]     = parent_dispatch,
};


/** Items of one gate or record only. */
static bool reap_simple(struct item *item)
{
	if (!item_drop_kernel(item) || !work(WORK_FREE))
		return false;

	item_end(item);

	return true;
}


bool item_reap(struct item *item)
{
	static bool (*const reap[ITEM_TYPES])(struct item *) = {
		[ITEM_PD_SESSION] = pd_reap,
		[ITEM_CPU]        = cpu_reap,
		[ITEM_THREAD]     = thread_reap,
		[ITEM_DS]         = ds_reap,
		[ITEM_RM]         = rm_reap,
		[ITEM_ROM]        = rom_reap,
		[ITEM_LOG]        = reap_simple,
		[ITEM_IO_MEM]     = io_reap,
		[ITEM_IO_PORT]    = io_reap,
		[ITEM_IRQ]        = irq_reap,
		[ITEM_MACHINE]    = reap_simple,
		[ITEM_PARENT]     = parent_reap,
		[ITEM_PART]       = part_reap,
	};

	return reap[item->type](item);
}


void by_assert_fail(const char *file, int line, const char *text)
{
	(void)line; /* the text is unique enough, and numbers need a formatter */
	console_emergency("core: assertion failed: ");
	console_emergency(text);
	console_emergency(" in ");
	console_emergency(file);
	console_emergency("\n");
	__builtin_trap();
}


/*
 * Memory at boot
 */

static void range_of_ram(uint64_t *base, uint64_t *end)
{
	struct by_boot_info const *info = boot_info();

	*base = UINT64_MAX;
	*end  = 0;
	for (uint32_t i = 0; i < info->ram_count; i++) {
		if (info->ram[i].base < *base)
			*base = info->ram[i].base;
		if (info->ram[i].base + info->ram[i].size > *end)
			*end = info->ram[i].base + info->ram[i].size;
	}
}


static void take_memory(void)
{
	struct by_boot_region const *zone = &boot_info()->zone;
	uint64_t base, end;

	range_of_ram(&base, &end);
	window_init(base);
	account_zone_end = zone->base + zone->size - 1;
	if (account_zone_end > window_last())
		account_zone_end = window_last();
	void *store = boot_alloc(phys_size(base, end));
	phys_init(store, base, end);
}


/** A page for what core itself cannot do without. */
static by_paddr_t core_page(const char *what)
{
	by_paddr_t pa;

	console_must(account_alloc_kernel(&account_core, 1, &pa), what);

	return pa;
}


/** Slots for core's own table, beyond the first page, which the kernel gave. */
static void grow_table(void)
{
	for (by_word_t i = 1; i < BY_LEAVES; i++) {
		if (i * BY_LEAF_SLOTS > account_core.caps_quota + BY_LEAF_SLOTS && i < BY_LEAVES - 1)
			continue;
		by_paddr_t pa = core_page("capability table");
		console_must(KCALL(PD_LEAF, BY_CORE_SLOT_PD, i, (by_word_t)pa), "PD_LEAF");
	}
}


static void start(void)
{
	struct by_boot_info const *info = boot_info();

	boot_init();
	console_init(info->framebuffer.width != 0);
	account_init(&account_core, NULL);
	take_memory();

	size_t caps = 0;
	for (uint32_t i = 0; i < info->free_count; i++)
		caps += phys_pages(info->free[i].size);
	caps = caps < CAPS_MIN ? CAPS_MIN : caps > CAPS_MAX ? CAPS_MAX : caps;
	item_init(boot_alloc(item_store_size(caps)), caps);

	for (uint32_t i = 0; i < info->free_count; i++)
		phys_free(info->free[i].base, phys_pages(info->free[i].size));
	account_core.ram_quota  = account_all_ram  = (uint64_t)phys_avail() << PAGE_SHIFT;
	account_core.caps_quota = account_all_caps = caps;
	if (account_core.ram_quota < KEEP)
		console_stop("core: too little RAM: %llu KiB are left, core keeps %u KiB\n",
		             (unsigned long long)account_core.ram_quota >> 10, KEEP >> 10);
	grow_table();
	by_paddr_t message = core_page("message page");
	console_start(message, core_page("drain thread"), info->log.base);
	rom_init();
	rom_show_previous_log();
	console_print("core: %llu KiB RAM, %zu capabilities\n",
	              (unsigned long long)account_core.ram_quota >> 10, caps);

	uint64_t avail = account_core.ram_quota - account_core.ram_used;
	uint64_t keep  = KEEP + phys_floor(avail / KEEP_PART);
	start_init(&account_core, avail > keep ? avail - keep : 0, caps - 8);
}


/*
 * Service
 */

static void serve_fault(struct by_call const *call)
{
	struct fault_info fault = {
		.cause   = (uint32_t)call->word[BY_FAULT_WORD_CAUSE] & 0xff,
		.access  = (uint32_t)call->word[BY_FAULT_WORD_CAUSE] >> 8,
		.address = call->word[BY_FAULT_WORD_ADDRESS],
		.ip      = call->word[BY_FAULT_WORD_IP],
		.sp      = call->word[BY_FAULT_WORD_SP],
	};

	thread_fault(call->cap, &fault);
}


static by_tag_t serve_request(struct by_call const *call, struct by_message *msg)
{
	struct item *item = item_find(call->cap);

	for (unsigned i = 0; i < BY_MSG_REGS; i++)
		msg->word[i] = call->word[i];

	if (!item || !dispatchers[item->type])
		return by_rpc_reject(msg, (by_tag_t)call->tag, BY_GONE);

	work_set(WORK_REQUEST);
	by_tag_t tag = dispatchers[item->type](item, (by_tag_t)call->tag, msg);
	work_set(WORK_UNLIMITED);

	return tag;
}


void core_main(void);

void core_main(void)
{
	struct by_message *msg = (struct by_message *)BY_CORE_MESSAGE;
	by_tag_t           tag = 0;
	by_word_t          reply = 0;

	start();
	for (;;) {
		struct by_call call = { .op = BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS | reply,
		                        .tag = tag };
		console_wake();
		for (unsigned i = 0; i < BY_MSG_REGS; i++) {
			call.word[i]      = msg->word[i];
			msg->recv_slot[i] = ITEM_RECEIVE_FIRST + i;
		}
		by_call(&call);
		reply = 0;
		switch (by_tag_event_of((by_tag_t)call.tag)) {
		case BY_EVENT_REQUEST:
			tag   = serve_request(&call, msg);
			reply = BY_WAIT_REPLY;
			break;
		case BY_EVENT_FAULT:
			serve_fault(&call);
			break;
		default:
			break;
		}
	}
}
