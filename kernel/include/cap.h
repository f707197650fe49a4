/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability tables: two levels, the root within the PD, leaves of one page.
 *
 *     pd.leaf[ ] ──> slot[BY_LEAF_SLOTS] ──> object
 *                      ^──── refs ring ───────┘
 *
 * A filled slot is owned by the lock of the object it refers to; an empty one is
 * claimed by exchanging NULL for the object. So a lookup takes no lock and a
 * delivery only that of the object.
 */
#ifndef KERNEL_CAP_H
#define KERNEL_CAP_H

#include "object.h"
#include "pd.h"

struct slot {
	struct object *object;  /* NULL: empty */
	struct link    link;    /* in the object's refs */
	word_t         dead;    /* empty because its object was destroyed */
};

_Static_assert(sizeof(struct slot) * BY_LEAF_SLOTS == PAGE_SIZE, "a leaf is one page");

/** Slot 'index' of a PD, NULL if its table does not reach that far. */
static inline struct slot *cap_slot(struct pd const *pd, word_t index)
{
	word_t leaf = index / BY_LEAF_SLOTS;

	if (unlikely(leaf >= BY_LEAVES || !pd->leaf[leaf]))
		return NULL;

	return &pd->leaf[leaf][index % BY_LEAF_SLOTS];
}


/** Object in slot 'index', NULL if none; it can be dead already. */
static inline struct object *cap_object(struct pd const *pd, word_t index)
{
	struct slot *slot = cap_slot(pd, index);

	return slot ? atomic_load(&slot->object) : NULL; /* pairs with cap_fill() */
}


/** Living object of the given type in slot 'index', or NULL. */
static inline struct object *cap_lookup(struct pd const *pd, word_t index,
                                        enum by_object_type type)
{
	struct object *object = cap_object(pd, index);

	return likely(object && object->type == type) ? object : NULL;
}

/**
 * Let the empty slot 'index' of 'pd' refer to 'object'.
 *
 * Errors: BY_INVALID no such slot, or slot 0; BY_EXISTS not empty; BY_GONE the
 * object is dead.
 */
BY_MUST_USE status_t cap_fill(struct pd *pd, word_t index, struct object *object);

/** Empty a slot. False if it does not exist, or is empty and nothing has died in it. */
bool cap_drop(struct pd *pd, word_t index);

/** Unlink a filled slot. The object's lock is held. */
void cap_unlink(struct object *object, struct slot *slot);

#endif
