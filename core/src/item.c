/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Items.
 */
#include "item.h"
#include "console.h"
#include "kcall.h"
#include "reap.h"
#include "work.h"
#include <by/assert.h>
#include <by/id_space.h>

/** Slots of core's table: received capabilities first, then one per item. */
enum { RECEIVE_COUNT = BY_MSG_CAPS,
       ITEM_FIRST = ITEM_RECEIVE_FIRST + RECEIVE_COUNT };

/** The kernel objects that live in pools: their sizes, and the calls that create them. */
static struct { uint16_t size, call; } const kernel_object[BY_OBJECT_TYPES] = {
	[BY_OBJECT_THREAD]   = { BY_THREAD_SIZE, BY_CALL_THREAD_CREATE },
	[BY_OBJECT_SHARE]    = { BY_SHARE_SIZE, BY_CALL_SHARE_CREATE },
	[BY_OBJECT_ENDPOINT] = { BY_ENDPOINT_SIZE, BY_CALL_ENDPOINT_CREATE },
	[BY_OBJECT_GATE]     = { BY_GATE_SIZE, BY_CALL_GATE_CREATE },
	[BY_OBJECT_SIGNAL]   = { BY_SIGNAL_SIZE, BY_CALL_SIGNAL_CREATE },
	[BY_OBJECT_IRQ]      = { BY_IRQ_SIZE, BY_CALL_IRQ_CREATE },
};

static struct by_id_space ids;


void item_init(void *store, size_t count)
{
	struct by_id_entry *entries = store;

	/* full chunks but for the last: slots of the kernel's table are counted through */
	by_id_space_init(&ids);
	for (size_t done = 0, part; done < count; done += part) {
		part = count - done < BY_ID_CHUNK_MAX ? count - done : BY_ID_CHUNK_MAX;
		console_must(by_id_space_add(&ids, entries + done, part), "room for items");
	}
}


size_t item_store_size(size_t count)
{
	return count * sizeof(struct by_id_entry);
}


by_word_t item_slot(struct item const *item)
{
	by_word_t const mask = ((by_word_t)1 << BY_ID_INDEX_BITS) - 1;

	return ITEM_FIRST + (item->id & mask);
}


by_status_t item_register(struct item *item, struct account *account, enum item_type type)
{
	by_status_t status = account_charge_cap(account);

	if (status != BY_OK)
		return status;

	/* there are as many ids as capabilities in all accounts */
	console_must(by_id_space_alloc(&ids, item, &item->id), "id");
	item->account = account;
	item->type    = (uint8_t)type;

	return BY_OK;
}


by_status_t item_create(struct account *account, enum item_type type, size_t size,
                        void **record)
{
	void       *memory;
	by_status_t status = pool_alloc(account->records, size, &memory);

	if (status != BY_OK)
		return status;

	struct item *item = memory;
	status = item_register(item, account, type);
	if (status != BY_OK) {
		pool_free(account->records, memory, size);
		return status;
	}
	item->size = (uint16_t)size;
	by_list_prepend(&account->items, &item->node);
	*record = memory;

	return BY_OK;
}


void item_subordinate(struct item *item)
{
	by_list_remove(&item->node);
}


bool item_independent(struct item const *item)
{
	return by_list_linked(&item->node);
}


static void free_kernel_memory(struct item *item, enum by_object_type type)
{
	pool_free_kernel(item->account->kernel, item->block, kernel_object[type].size);
	item->block = (struct block) { .page = NULL };
}


bool item_drop_kernel(struct item *item)
{
	by_status_t status = item->kernel ? BY_AGAIN : BY_OK;

	while (status == BY_AGAIN) {
		if (!work(WORK_DESTROY))
			return false;
		status = KCALL(DESTROY, item_slot(item), item->kernel);
	}
	console_must(status, "DESTROY");
	if (item->block.page)
		free_kernel_memory(item, (enum by_object_type)item->kernel);
	item->kernel = BY_OBJECT_NONE;

	return true;
}


void item_doom(struct item *item)
{
	if (item->dying)
		return;

	item->dying = true;
	if (item_independent(item)) {
		by_list_remove(&item->node);
		by_list_append(&item->account->items, &item->node);
	}
	/* what is left of it is done when the item is reaped */
	bool done = item_drop_kernel(item);
	(void)done;
}


bool item_reap_doomed(struct account *account)
{
	struct by_list_node *node;

	while ((node = by_list_last(&account->items))) {
		struct item *item = BY_CONTAINER_OF(node, struct item, node);
		if (!item->dying)
			break;
		if (!item_reap(item))
			return false;
	}

	return true;
}


bool item_freeable(bool found, struct by_cap_arg const *arg, unsigned const *repeats)
{
	return found || (arg->kind == BY_CAP_DEAD && *repeats);
}


by_status_t item_freed(bool found, bool done, unsigned *repeats)
{
	if (found && !done)
		++*repeats;
	else if (!found && done)
		--*repeats;

	return done ? BY_OK : BY_AGAIN;
}


void item_close(struct item *item)
{
	int  left = work_set(WORK_UNLIMITED);
	bool done;

	item_doom(item);
	done = item_reap(item);
	BY_ASSERT(done);
	work_set(left);
}


void item_end(struct item *item)
{
	if (item_independent(item))
		by_list_remove(&item->node);
	by_id_space_free(&ids, item->id);
	account_refund_cap(item->account);
	if (item->size)
		pool_free(item->account->records, item, item->size);
}


void item_destroy(struct item *item)
{
	int  left = work_set(WORK_UNLIMITED);
	bool done = item_drop_kernel(item);

	BY_ASSERT(done);
	work_set(left);
	item_end(item);
}


by_status_t item_create_kernel(struct item *item, enum by_object_type type, struct kargs args)
{
	by_status_t status = pool_alloc_kernel(item->account->kernel, kernel_object[type].size,
	                                       &item->block);

	if (status != BY_OK)
		return status;

	args.arg[0] = item_slot(item);
	args.arg[1] = item->id;
	args.arg[2] = (by_word_t)item->block.pa;
	status = kcall(kernel_object[type].call, &args);
	if (status == BY_OK)
		item_has_kernel(item, type);
	else
		free_kernel_memory(item, type);

	return status;
}


by_status_t item_publish(struct item *item)
{
	by_status_t status = item_create_kernel(item, BY_OBJECT_GATE,
	                     (struct kargs){ { 0, 0, 0, BY_CORE_SLOT_ENDPOINT, item->id } });

	if (status != BY_OUT_OF_RAM)
		console_must(status, "GATE_CREATE");

	return status;
}


by_status_t item_create_object(struct account *account, enum item_type type, size_t size,
                               void **record)
{
	by_status_t status = item_create(account, type, size, record);

	if (status != BY_OK)
		return status;

	status = item_publish(*record);
	if (status != BY_OK)
		item_destroy(*record);

	return status;
}


struct item *item_find(by_word_t id)
{
	struct item *item = by_id_space_find(&ids, id);

	return item && !item->dying ? item : NULL;
}


struct item *item_find_type(by_word_t id, enum item_type type)
{
	struct item *item = item_find(id);

	return item && item->type == type ? item : NULL;
}


/** Id that the kernel knows for a received capability, 0 if it is none of core's. */
static by_word_t arg_id(struct by_cap_arg const *arg)
{
	if (arg->kind == BY_CAP_OWN)
		return arg->badge;
	if (arg->kind != BY_CAP_FOREIGN)
		return 0;

	struct kargs args = { { arg->cap.slot } };
	console_must(kcall(BY_CALL_IDENTIFY, &args), "IDENTIFY");

	return args.arg[0];
}


struct item *item_of_arg(struct by_cap_arg const *arg, enum item_type type)
{
	return item_find_type(arg_id(arg), type);
}


struct item *item_of_signal(struct by_cap_arg const *arg)
{
	struct item *item = item_of_arg(arg, ITEM_PART);

	return item && item->kernel == BY_OBJECT_SIGNAL ? item : NULL;
}


bool item_submit(by_word_t signal_id)
{
	struct item *item = item_find_type(signal_id, ITEM_PART);

	if (!item)
		return false;

	console_must(KCALL(SIGNAL, item_slot(item), 1), "SIGNAL");

	return true;
}
