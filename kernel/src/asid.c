/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers that tag TLB entries with their address space.
 */
#include "asid.h"

uint64_t asid_generation = 1;
uint64_t asid_seen[CPU_MAX];

static struct lock asid_lock;
static uint32_t    next = 1;  /* owner: asid_lock */


/** Give the space a number of the current generation, or begin a new one. */
static void assign(uint64_t *tag, uint32_t max)
{
	lock_take(&asid_lock);
	if (*tag >> ASID_BITS != asid_generation) {
		if (next > max) {
			atomic_store(&asid_generation, asid_generation + 1); /* pairs with asid_renew() */
			next = 1;
		}
		atomic_store(tag, asid_generation << ASID_BITS | next++); /* pairs with asid_renew() */
	}
	lock_release(&asid_lock);
}


uint32_t asid_renew(uint64_t *tag, uint32_t max, void (*flush_all)(void))
{
	uint64_t *mine = &asid_seen[smp_self()->id];

	/* another CPU can begin a new generation in between */
	for (;;) {
		uint64_t       now   = atomic_load(&asid_generation); /* pairs with assign() */
		uint64_t const value = atomic_load(tag);

		if (value >> ASID_BITS == now && *mine == now)
			return asid_number(value);

		assign(tag, max);
		now = atomic_load(&asid_generation);
		if (*mine != now) {
			*mine = now;
			flush_all();
		}
	}
}
