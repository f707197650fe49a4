/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the ring that are not needed for each element, see by/ring.h.
 */
#include <by/ring.h>


size_t by_ring_size(uint32_t count, uint32_t element)
{
	if (count == 0 || count > BY_RING_COUNT_MAX || (count & (count - 1)))
		return 0;

	if (element == 0 || element > BY_RING_ELEMENT_MAX || element % BY_RING_BLOCK)
		return 0;

	return sizeof(struct by_ring_shared) + (size_t)count * element;
}


static by_status_t geometry_check(void *memory, uint32_t count, uint32_t element)
{
	if (by_ring_size(count, element) == 0 || (uintptr_t)memory % 8)
		return BY_INVALID;

	return BY_OK;
}


by_status_t by_ring_producer_init(struct by_ring_producer *producer, void *memory,
                                  uint32_t count, uint32_t element)
{
	struct by_ring_shared *shared = (struct by_ring_shared *)memory;
	by_status_t const      status = geometry_check(memory, count, element);

	if (status == BY_OK)
		producer->end = (struct by_ring_end){
			.own   = &shared->producer,
			.peer  = &shared->consumer,
			.slots = (by_shared_word *)(shared + 1),
			.mask  = count - 1,
			.words = element / sizeof(by_word_t),
			.lead  = count,
			.limit = count,
			.none  = BY_NO_SPACE,
		};

	return status;
}


by_status_t by_ring_consumer_init(struct by_ring_consumer *consumer, void *memory,
                                  uint32_t count, uint32_t element)
{
	struct by_ring_shared *shared = (struct by_ring_shared *)memory;
	by_status_t const      status = geometry_check(memory, count, element);

	if (status == BY_OK)
		consumer->end = (struct by_ring_end){
			.own   = &shared->consumer,
			.peer  = &shared->producer,
			.slots = (by_shared_word *)(shared + 1),
			.mask  = count - 1,
			.words = element / sizeof(by_word_t),
			.lead  = 0,
			.none  = BY_EMPTY,
		};

	return status;
}


/*
 * The peer's index never goes back and stays within the ring: seen by the
 * producer, between what was released before and what is published; seen by
 * the consumer, between what was published before and one ring ahead of what
 * is released.
 */
by_status_t by_ring_refresh(struct by_ring_end *end, uint32_t n)
{
	uint32_t const seen  = end->limit - end->lead;
	uint32_t const most  = end->committed + end->mask + 1 - end->lead;
	uint32_t const index = by_atomic_load_acquire(&end->peer->index); /* by_ring_commit() */

	if (index - seen > most - seen)
		return BY_MALFORMED;

	end->limit = index + end->lead;

	return by_ring_available(end) >= n ? BY_OK : end->none;
}


by_status_t by_ring_await(struct by_ring_end *end, uint32_t n)
{
	if (n == 0 || n > end->mask + 1 || end->next != end->committed)
		return BY_INVALID;

	/* the number of the peer's element after whose commit 'n' are available */
	uint32_t const number = end->next + n - 1 - end->lead;

	by_atomic_store_relaxed(&end->own->wake_at, number); /* pairs with by_ring_commit() */
	by_atomic_fence();                                   /* pairs with by_ring_commit() */

	return by_ring_refresh(end, n);
}
