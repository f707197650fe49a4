/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability tables.
 */
#include "cap.h"


status_t cap_fill(struct pd *pd, word_t index, struct object *object)
{
	struct slot   *slot  = index ? cap_slot(pd, index) : NULL;
	struct object *empty = NULL;
	status_t       status = BY_OK;

	if (!slot || pd->obj.type != BY_OBJECT_PD)
		return BY_INVALID;

	lock_take(&object->lock);
	if (object->type == BY_OBJECT_NONE) {
		status = BY_GONE;
	} else if (!atomic_cas(&slot->object, &empty, object)) { /* pairs with cap_object() */
		status = BY_EXISTS;
	} else {
		slot->dead = false;
		ring_push_back(&object->refs, &slot->link);
	}
	lock_release(&object->lock);

	return status;
}


void cap_unlink(struct object *object, struct slot *slot)
{
	ring_remove(&object->refs, &slot->link);
	atomic_store(&slot->object, (struct object *)NULL); /* pairs with cap_fill() */
}


bool cap_drop(struct pd *pd, word_t index)
{
	struct slot *slot = cap_slot(pd, index);

	if (!slot)
		return false;

	struct object *object = atomic_load(&slot->object);
	bool filled = object || slot->dead;

	slot->dead = false;
	if (object) {
		lock_take(&object->lock);
		if (slot->object == object)
			cap_unlink(object, slot);
		lock_release(&object->lock);
	}

	return filled;
}
