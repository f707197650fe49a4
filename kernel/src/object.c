/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all kernel objects have in common.
 */
#include "object.h"
#include "cap.h"
#include "endpoint.h"
#include "panic.h"

static word_t counts[BY_OBJECT_TYPES]; /* owner: core calls */


void object_init(struct object *object, enum by_object_type type, word_t id)
{
	*object = (struct object) { .id = id, .type = (uint8_t)type };
	counts[type]++;
}


void object_retire(enum by_object_type type)
{
	ASSERT(counts[type]);
	counts[type]--;
}


word_t object_census(enum by_object_type type)
{
	return counts[type];
}


bool object_unlink(struct object *object, struct teardown *td)
{
	bool done;

	lock_take(&object->lock);
	for (;;) {
		struct slot *slot = object->refs;
		if (slot && slot == td->keep)
			slot = slot->next;
		done = !slot || slot == td->keep;
		if (done || !td->budget)
			break;
		slot->dead = true;
		cap_unlink(object, slot);
		td->budget--;
	}
	lock_release(&object->lock);

	return done;
}


static bool object_is_part(struct object const *object)
{
	return object->type == BY_OBJECT_GATE || object->type == BY_OBJECT_SIGNAL;
}


struct pd *object_pd(struct object *object)
{
	if (!object_is_part(object))
		return core_pd;

	struct endpoint *ep = atomic_load(&container_of(object, struct part, obj)->ep);

	return ep ? ep->pd : NULL;
}


word_t object_badge(struct object *object)
{
	return object_is_part(object) ? container_of(object, struct part, obj)->badge
	                              : object->id;
}
