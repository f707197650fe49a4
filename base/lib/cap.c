/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots of the component's capability table: a bit per free one. And badges.
 */
#include "bitmap.h"
#include "runtime.h"
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/id_space.h>
#include <by/kernel.h>
#include <by/mutex.h>
#include <by/slots.h>

enum {
	WORDS_MAX   = BY_LEAVES * BY_LEAF_SLOTS / BITMAP_BITS,
	LEAF_WORDS  = BY_LEAF_SLOTS / BITMAP_BITS,
	FIRST_BADGES = 16,
};

static by_atomic_u32 slots[WORDS_MAX];
static by_atomic_u32 slot_words; /* that the table has */
static by_atomic_u32 slot_hint;  /* word in which to look first */


void by_slots_init(void)
{
	by_atomic_store_relaxed(&slot_words, LEAF_WORDS);
	for (unsigned slot = BY_SLOT_FREE; slot < BY_LEAF_SLOTS; slot++)
		bitmap_put(slots, slot);
}


/* The table has 'total' slots now, the last leaf of which is new. */
static void add_leaf(unsigned total)
{
	unsigned const words = total / BITMAP_BITS;
	uint32_t       have;

	for (unsigned i = words - LEAF_WORDS; i < words; i++)
		by_atomic_fetch_or(&slots[i], UINT32_MAX); /* pairs with bitmap_take_of() */

	while ((have = by_atomic_load_relaxed(&slot_words)) < words) /* by_slot_alloc() */
		if (by_atomic_cas(&slot_words, have, words))
			break;
}


by_status_t by_slot_alloc(by_cap_t *slot)
{
	unsigned total, number;

	/* the words themselves are what is ordered, these two are only hints */
	while (!bitmap_take(slots, by_atomic_load_relaxed(&slot_words),
	                    by_atomic_load_relaxed(&slot_hint), &number)) {
		if (by_pd_slots_add(by_own_pd(), &total) != BY_OK)
			return BY_OUT_OF_CAPS;
		add_leaf(total);
	}
	by_atomic_store_relaxed(&slot_hint, number / BITMAP_BITS); /* a hint */

	*slot = (by_cap_t){ number };
	return BY_OK;
}


void by_slot_free(by_cap_t slot)
{
	if (!by_cap_valid(slot))
		return;

	bitmap_put(slots, slot.slot);
	by_atomic_store_relaxed(&slot_hint, slot.slot / BITMAP_BITS); /* a hint */
}


void by_cap_drop(by_cap_t cap)
{
	if (!by_cap_valid(cap))
		return;

	by_kernel_drop(cap);
	by_slot_free(cap);
}


unsigned by_slots_free(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < WORDS_MAX; i++) {
		uint32_t bits = by_atomic_load_relaxed(&slots[i]); /* a snapshot of nothing */

		for (; bits; bits &= bits - 1)
			count++;
	}

	return count;
}


/*
 * Badges. Lookups take no lock: a chunk is complete before an id from it exists, and
 * what happens to other entries does not concern the one that is looked at.
 */

static struct by_id_space badges;
static struct by_mutex    badges_mutex;


void by_badges_init(void)
{
	static struct by_id_entry first[FIRST_BADGES];
	by_status_t status;

	by_id_space_init(&badges);
	status = by_id_space_add(&badges, first, FIRST_BADGES);
	(void)status;
}


static by_status_t grow(void)
{
	size_t const wanted = (size_t)FIRST_BADGES << badges.chunks;
	size_t const count = wanted < BY_ID_CHUNK_MAX ? wanted : BY_ID_CHUNK_MAX;
	size_t const size  = count * sizeof(struct by_id_entry);
	void        *entries;
	by_status_t  status = by_alloc(by_the_env.heap, size, &entries);

	if (status != BY_OK)
		return status;

	status = by_id_space_add(&badges, entries, count);
	if (status != BY_OK)
		by_free(by_the_env.heap, entries, size);

	return status == BY_LIMIT ? BY_OUT_OF_CAPS : status;
}


by_status_t by_badge_alloc(struct by_target *target)
{
	by_status_t status;

	by_mutex_lock(&badges_mutex);
	while ((status = by_id_space_alloc(&badges, target, &target->badge)) == BY_NO_SPACE) {
		status = grow();
		if (status != BY_OK)
			break;
	}
	by_mutex_unlock(&badges_mutex);

	return status;
}


void by_badge_free(struct by_target *target)
{
	by_mutex_lock(&badges_mutex);
	by_id_space_free(&badges, target->badge);
	by_mutex_unlock(&badges_mutex);
	target->badge = 0;
}


struct by_target *by_badge_find(by_word_t badge)
{
	return by_id_space_find(&badges, badge);
}
