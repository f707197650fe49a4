/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Items: everything that core creates for somebody. An item has an id, costs one
 * capability, and is charged to an account together with its record and, if it
 * has one, its kernel object.
 *
 * The id is the badge under which the item's capability comes back to core, and
 * its index the slot of core's table that holds the kernel object.
 */
#ifndef CORE_ITEM_H
#define CORE_ITEM_H

#include "account.h"
#include "kcall.h"
#include "pool.h"
#include <by/abi.h>
#include <by/core.h>
#include <by/rpc.h>

/** The first of the slots that requests' capabilities are received in. */
enum { ITEM_RECEIVE_FIRST = BY_CORE_SLOT_FREE };

enum item_type {
	ITEM_PD, ITEM_PD_SESSION, ITEM_CPU, ITEM_THREAD, ITEM_MAP, ITEM_DS, ITEM_RM, ITEM_ROM, ITEM_LOG,
	ITEM_IO_MEM, ITEM_IO_PORT, ITEM_IRQ, ITEM_MACHINE, ITEM_PARENT,
	ITEM_PART,  /* endpoint, gate or signal of a PD */
	ITEM_INNER, /* a kernel object within the record of another item */
	ITEM_TYPES,
};

struct item {
	struct by_list_node node;    /* in account->items, unless another item has it */
	struct account     *account; /* that pays */
	by_word_t           id;
	uint16_t            size;    /* of the record */
	uint8_t             type;    /* enum item_type */
	uint8_t             kernel;  /* enum by_object_type of its kernel object */
	bool                dying;   /* nobody finds it any more; see item_doom() */
	struct block        block;   /* the kernel object's memory, if it is from a pool */
};

/** Provide room for 'count' items. Takes: store of item_store_size(count) bytes, zeroed. */
void   item_init(void *store, size_t count);
size_t item_store_size(size_t count);

/**
 * Create an item with a zeroed record of 'size' bytes that begins with it.
 * Errors: BY_OUT_OF_CAPS, BY_OUT_OF_RAM.
 */
BY_MUST_USE by_status_t item_create(struct account *account, enum item_type type,
                                    size_t size, void **record);

/** The same as an RPC object of core. */
BY_MUST_USE by_status_t item_create_object(struct account *account, enum item_type type,
                                           size_t size, void **record);

/** The same for a part of another item's record. Nobody but that one destroys it. */
BY_MUST_USE by_status_t item_register(struct item *item, struct account *account,
                                      enum item_type type);

/** The item belongs to another one from now on, which destroys it. */
void item_subordinate(struct item *item);

/** Whether it belongs to nobody but its account. */
bool item_independent(struct item const *item);

/*
 * The end of an item can be long, and is then spread over several requests. Doomed items
 * come last among those of their account. Functions called x_reap() go on with the end of
 * something, and tell whether it is over (see work.h).
 */

/**
 * Begin: nobody finds the item any more. Its capabilities die at once, unless the request
 * may not go on.
 */
void item_doom(struct item *item);

/** Go on with the ends of all that is doomed in an account. */
BY_MUST_USE bool item_reap_doomed(struct account *account);

/**
 * Requests to free what a capability names: of the repeated ones the capability is dead,
 * so 'repeats' counts what was answered BY_AGAIN. First, whether the request is to be
 * served: it names something that lives ('found'), or repeats one that did; then, its
 * answer, if what is doomed is gone by now ('done') or not.
 */
bool        item_freeable(bool found, struct by_cap_arg const *arg, unsigned const *repeats);
by_status_t item_freed(bool found, bool done, unsigned *repeats);

/** Both at once, however long it takes: for what was just made, and at boot. */
void item_close(struct item *item);

/** Go on with the end of the kernel object, if there is one. */
BY_MUST_USE bool item_drop_kernel(struct item *item);

/** Free the record, if it is the item's own, the id and the charge. Takes: item. */
void item_end(struct item *item);

/** End an item that was just made and that nothing depends on. Takes: item. */
void item_destroy(struct item *item);

/** Slot of core's table that holds the item's kernel object. */
by_word_t item_slot(struct item const *item);

/**
 * Create the item's kernel object, of any type but a PD, in memory that is charged to its
 * account. The call's own arguments are those from the fourth on. Errors: BY_OUT_OF_RAM;
 * as the call.
 */
BY_MUST_USE by_status_t item_create_kernel(struct item *item, enum by_object_type type,
                                           struct kargs args);

/** Note that the kernel object exists now, in memory that is not the item's. */
static inline void item_has_kernel(struct item *item, enum by_object_type type)
{
	item->kernel = (uint8_t)type;
}

/** Make an item that was registered an RPC object of core. Errors: BY_OUT_OF_RAM. */
BY_MUST_USE by_status_t item_publish(struct item *item);

/** Item with this id, NULL if there is none. */
struct item *item_find(by_word_t id);

/** Item of the given type with this id, NULL if there is none. */
struct item *item_find_type(by_word_t id, enum item_type type);

/** Item that a received capability names, NULL if it is none of core's. */
struct item *item_of_arg(struct by_cap_arg const *arg, enum item_type type);

/** The item's capability, as a result of a call. */
static inline by_cap_t item_cap(struct item const *item)
{
	return (by_cap_t){ (uint32_t)item_slot(item) };
}

/** Submit a signal; false if it has been destroyed since its id was noted. */
bool item_submit(by_word_t signal_id);

/** Signal that a received capability names, NULL if none. */
struct item *item_of_signal(struct by_cap_arg const *arg);

#endif
