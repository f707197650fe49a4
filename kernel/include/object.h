/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What all kernel objects have in common: a type, core's number for it, and the
 * list of the slots that refer to it.
 *
 * An object lives in memory that core donates. Its destruction marks it dead
 * (type BY_OBJECT_NONE: from then on lookups fail), empties the slots in bounded
 * steps, and answers OK only after every CPU has left the kernel once, so that a
 * pointer found by a lookup stays valid until the end of that kernel entry.
 */
#ifndef KERNEL_OBJECT_H
#define KERNEL_OBJECT_H

#include "lock.h"
#include "ring.h"

struct slot;
struct pd;

struct object {
	struct ring  refs;   /* owner: lock; slots that refer to this object */
	word_t       id;     /* core's number, constant */
	struct lock  lock;
	uint8_t      type;   /* enum by_object_type; owner: see the object's module */
	uint8_t      step;   /* progress of destruction, 0: not begun; owner: core calls */
	uint16_t     ticket; /* of cpu_quiesced(); owner: core calls */
};

/** Prepare the common part of a new object. */
void object_init(struct object *object, enum by_object_type type, word_t id);

/** Steps of a type are type * OBJECT_STEPS + 1, ...: a dying object still tells its type. */
enum { OBJECT_STEPS = 16 };

/**
 * One call's part of a destruction, which goes in bounded steps. Functions called
 * x_destroy() begin with all of it in each call: what is done already takes no time.
 */
struct teardown {
	unsigned     budget; /* steps left */
	struct slot *keep;   /* core's slot that names the object until the end */
};

/** Empty slots that refer to the object; true when none is left but 'keep'. */
bool object_unlink(struct object *object, struct teardown *td);

/**
 * Whether every CPU has left the kernel since this was first asked for 'step' (1, 2) of the
 * object's destruction.
 */
bool object_quiesced(struct object *object, unsigned step);

/** Make lookups fail from now on. Called with what the type's module requires held. */
static inline void object_kill(struct object *object)
{
	if (object->step)
		return;

	object->step = (uint8_t)(object->type * OBJECT_STEPS + 1);
	atomic_store(&object->type, (uint8_t)BY_OBJECT_NONE); /* pairs with object_kind() */
}

/**
 * What the object is to a PD: BY_CAP_OWN and its badge there, BY_CAP_FOREIGN, or
 * BY_CAP_DEAD.
 */
enum by_cap_kind object_kind(struct object *object, struct pd const *pd, word_t *badge);

/** The badge that its PD knows a living object by. Called by core calls. */
word_t object_badge(struct object *object);

/** Number of objects of a type. */
word_t object_census(enum by_object_type type);

/** Account for an object whose memory goes back to core. */
void object_retire(enum by_object_type type);

#endif
