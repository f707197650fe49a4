/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots of the component's capability table: a bit per free one.
 */
#include "cap.h"
#include "bitmap.h"
#include "env.h"
#include <by/kernel.h>
#include <by/slots.h>

enum {
	WORDS_MAX   = BY_LEAVES * BY_LEAF_SLOTS / BITMAP_BITS,
	LEAF_WORDS  = BY_LEAF_SLOTS / BITMAP_BITS,
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
