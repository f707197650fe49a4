/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers that tag TLB entries with their address space.
 */
#include "asid.h"
#include "cpu.h"

enum { NUMBER_BITS = 16 };

static struct lock asid_lock;
static uint64_t    generation = 1;   /* owner: asid_lock, read atomically */
static uint32_t    next       = 1;   /* owner: asid_lock */
static uint64_t    seen[CPU_MAX];    /* generation of each CPU's TLB; owner: CPU */


/** Give the space a number of the current generation, or begin a new one. */
static void assign(uint64_t *tag, uint32_t max)
{
	lock_take(&asid_lock);
	if (*tag >> NUMBER_BITS != generation) {
		if (next > max) {
			atomic_store(&generation, generation + 1); /* pairs with asid_get() */
			next = 1;
		}
		atomic_store(tag, generation << NUMBER_BITS | next++); /* pairs with asid_get() */
	}
	lock_release(&asid_lock);
}


uint32_t asid_get(uint64_t *tag, uint32_t max, void (*flush_all)(void))
{
	uint64_t *mine = &seen[smp_self()->id];
	uint64_t  now  = atomic_relaxed(&generation), value = atomic_relaxed(tag);

	/* without fences: a tag of the generation that this CPU has begun is the latest */
	if (likely(value >> NUMBER_BITS == now && *mine == now))
		return asid_number(value);

	/* another CPU can begin a new generation in between */
	for (;;) {
		now = atomic_load(&generation); /* pairs with assign() */
		value = atomic_load(tag);
		if (value >> NUMBER_BITS == now && *mine == now)
			return asid_number(value);

		assign(tag, max);
		now = atomic_load(&generation);
		if (*mine != now) {
			*mine = now;
			flush_all();
		}
	}
}


bool asid_current(uint64_t tag, unsigned id)
{
	return tag && tag >> NUMBER_BITS == generation && seen[id] == generation;
}
