/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all kernel objects have in common.
 */
#include "object.h"
#include "cap.h"
#include "cpu.h"
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


/** A slot that refers to the object, another one than 'keep'; NULL if there is none. */
static struct slot *other_ref(struct object const *object, struct slot const *keep)
{
	struct link *link = object->refs.first;

	if (link == &keep->link)
		link = link->next;

	return link && link != &keep->link ? container_of(link, struct slot, link) : NULL;
}


bool object_unlink(struct object *object, struct teardown *td)
{
	struct slot *slot;

	lock_take(&object->lock);
	while ((slot = other_ref(object, td->keep)) && td->budget) {
		slot->dead = true;
		cap_unlink(object, slot);
		td->budget--;
	}
	lock_release(&object->lock);

	return !slot;
}


bool object_quiesced(struct object *object, unsigned step)
{
	if (object->step % OBJECT_STEPS > step)
		return true;
	if (!cpu_quiesced(&object->ticket))
		return false;

	object->ticket = 0;
	object->step++;

	return true;
}


/** The PD that a part belongs to; NULL if its endpoint, or that one's thread, is gone. */
static struct pd *part_pd(struct object *object)
{
	struct part     *part = container_of(object, struct part, obj);
	struct endpoint *ep   = atomic_load(&part->ep); /* pairs with part_leave() */

	return ep ? atomic_load(&ep->pd) : NULL; /* pairs with ipc_orphan() */
}


enum by_cap_kind object_kind(struct object *object, struct pd const *pd, word_t *badge)
{
	/* read once: it can die at any time, and would then look like an object of core */
	uint8_t const type = atomic_load(&object->type); /* pairs with object_kill() */
	bool    const part = type == BY_OBJECT_GATE || type == BY_OBJECT_SIGNAL;

	if (type == BY_OBJECT_NONE)
		return BY_CAP_DEAD;
	if ((part ? part_pd(object) : core_pd) != pd)
		return BY_CAP_FOREIGN;

	*badge = part ? container_of(object, struct part, obj)->badge : object->id;

	return BY_CAP_OWN;
}


word_t object_badge(struct object *object)
{
	return object->type == BY_OBJECT_GATE || object->type == BY_OBJECT_SIGNAL
	       ? container_of(object, struct part, obj)->badge : object->id;
}
