/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intrusive circular list with a head of one pointer.
 *
 *      head ──> first <──> second <──> last
 *                 ^───────────────────────^
 *
 * All operations are O(1). A link that is in no ring has next == NULL, so that
 * membership can be asked.
 */
#ifndef KERNEL_RING_H
#define KERNEL_RING_H

#include "types.h"

struct link { struct link *next, *prev; };
struct ring { struct link *first; };

static inline bool link_used(struct link const *link)
{
	return link->next != NULL;
}


static inline bool ring_empty(struct ring const *ring)
{
	return ring->first == NULL;
}


static inline void ring_push_back(struct ring *ring, struct link *link)
{
	struct link *first = ring->first;

	if (!first) {
		ring->first = link->next = link->prev = link;
		return;
	}
	link->next = first;
	link->prev = first->prev;
	first->prev->next = link;
	first->prev = link;
}


static inline void ring_remove(struct ring *ring, struct link *link)
{
	if (link->next == link) {
		ring->first = NULL;
	} else {
		link->prev->next = link->next;
		link->next->prev = link->prev;
		if (ring->first == link)
			ring->first = link->next;
	}
	link->next = link->prev = NULL;
}


/** Make the second the first; the ring is not empty. */
static inline void ring_rotate(struct ring *ring)
{
	ring->first = ring->first->next;
}

#endif
