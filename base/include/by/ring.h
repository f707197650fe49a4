/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one ring in shared memory, for all session types: elements of a fixed
 * size from one producer to one consumer in another protection domain, neither
 * of which trusts the other. doc/ring.md has protocol, invariants and evidence.
 *
 *      0                 64                128
 *      | producer's line | consumer's line | element 0 | 1 | ... | count - 1 |
 *        index, wake_at    index, wake_at
 *
 * Indices count elements since the beginning, modulo 2^32. Zeroed memory is an
 * empty ring; it needs no other preparation.
 *
 *    producer                              consumer
 *    by_ring_put() ...                     by_ring_get() ...
 *    if (by_ring_publish()) signal         if (by_ring_release()) signal
 *    by_ring_await_space() or sleep        by_ring_await_data() or sleep
 *
 * Each side acts on its private struct and on copies of what the peer wrote. A
 * peer that writes nonsense earns BY_MALFORMED and then deserves to be closed;
 * it can also cause, or hold back, signals, as any peer can. No call loops.
 */
#ifndef BY_RING_H
#define BY_RING_H

#include <by/atomic.h>

enum {
	BY_RING_COUNT_MAX   = 1 << 20, /* elements; a power of two */
	BY_RING_ELEMENT_MAX = 1024,    /* bytes; a multiple of BY_RING_BLOCK */
	BY_RING_BLOCK       = 16,      /* bytes copied in one go */
};

/** What one side writes and the other reads. */
struct by_ring_line {
	by_atomic_u32 index;   /* elements published or released so far */
	by_atomic_u32 wake_at; /* number of the peer's element to be woken for */
	uint8_t       padding[BY_ATOMIC_LINE - 2 * sizeof(by_atomic_u32)];
};

/** Head of the shared memory; the elements follow. */
struct by_ring_shared {
	struct by_ring_line producer, consumer;
};

_Static_assert(sizeof(struct by_ring_shared) == 2 * BY_ATOMIC_LINE, "shared layout");

/** One side of a ring; private to it. */
struct by_ring_end {
	struct by_ring_line       *own;
	struct by_ring_line const *peer;
	by_shared_word            *slots;
	uint32_t                   mask;      /* elements of the ring, minus 1 */
	size_t                     words;     /* words of an element */
	uint32_t                   lead;      /* how far to run ahead of the peer: count or 0 */
	uint32_t                   next;      /* own index, with what is not committed */
	uint32_t                   committed; /* own index as the peer sees it */
	uint32_t                   limit;     /* the peer's index, checked, plus lead */
	by_status_t                none;      /* answer if nothing is available */
};

struct by_ring_producer { struct by_ring_end end; };
struct by_ring_consumer { struct by_ring_end end; };

/**
 * Return the bytes of shared memory for a ring, 0 if no such ring is possible:
 * 'count' is a power of two up to BY_RING_COUNT_MAX, 'element' a multiple of 16
 * up to BY_RING_ELEMENT_MAX.
 */
size_t by_ring_size(uint32_t count, uint32_t element);

/**
 * Take the producer's side of a ring in zeroed memory of by_ring_size() bytes,
 * which both sides map. Geometry comes from the session, never from the memory.
 *
 * Keeps: the memory, aligned to 8 bytes. Errors: BY_INVALID for such a geometry.
 */
BY_MUST_USE by_status_t by_ring_producer_init(struct by_ring_producer *producer, void *memory,
                                              uint32_t count, uint32_t element);

/** Take the consumer's side. Keeps, errors: as by_ring_producer_init(). */
BY_MUST_USE by_status_t by_ring_consumer_init(struct by_ring_consumer *consumer, void *memory,
                                              uint32_t count, uint32_t element);

/** Look at the peer's index: are 'n' elements available? Used by the functions below. */
BY_MUST_USE by_status_t by_ring_refresh(struct by_ring_end *end, uint32_t n);

/** Ask to be woken for 'n' elements, then look again. Used by the functions below. */
BY_MUST_USE by_status_t by_ring_await(struct by_ring_end *end, uint32_t n);


/* Elements that may be put or taken without looking at the peer. */
static inline uint32_t by_ring_available(struct by_ring_end const *end)
{
	return end->limit - end->next;
}


/* Where the next element stands in shared memory. */
static inline by_shared_word *by_ring_slot(struct by_ring_end const *end)
{
	return end->slots + (size_t)(end->next & end->mask) * end->words;
}


/*
 * Copy an element of so many words (not 0) to shared memory, by blocks, each
 * word written once. Runs downwards, because a counter that ends at 0 is cheaper.
 */
static inline void by_ring_copy_in(by_shared_word *to, void const *element, size_t words)
{
	char const *from = (char const *)element;
	by_word_t   block[BY_RING_BLOCK / sizeof(by_word_t)];

	do {
		words -= sizeof(block) / sizeof(block[0]);
		__builtin_memcpy(block, from + words * sizeof(block[0]), sizeof(block));
		for (size_t k = 0; k < sizeof(block) / sizeof(block[0]); k++)
			by_shared_store(to + words + k, block[k]);
	} while (words > 0);
}


/* Copy an element out of shared memory likewise, each word read once. */
static inline void by_ring_copy_out(void *element, by_shared_word const *from, size_t words)
{
	char     *to = (char *)element;
	by_word_t block[BY_RING_BLOCK / sizeof(by_word_t)];

	do {
		words -= sizeof(block) / sizeof(block[0]);
		for (size_t k = 0; k < sizeof(block) / sizeof(block[0]); k++)
			block[k] = by_shared_load(from + words + k);
		__builtin_memcpy(to + words * sizeof(block[0]), block, sizeof(block));
	} while (words > 0);
}


/*
 * Let the peer see what was put or taken; return true if it asked to be woken
 * for one of these elements.
 */
static inline bool by_ring_commit(struct by_ring_end *end)
{
	uint32_t const from = end->committed, to = end->next;

	if (from == to)
		return false;

	end->committed = to;
	by_atomic_store_release(&end->own->index, to); /* pairs with by_ring_refresh() */
	by_atomic_fence();                             /* pairs with by_ring_await() */
	uint32_t const wake_at = by_atomic_load_relaxed(&end->peer->wake_at); /* by_ring_await() */

	return wake_at - from < to - from;
}


/**
 * Is there space for 'n' more elements? Errors: BY_NO_SPACE if not now;
 * BY_MALFORMED if the consumer's index is impossible.
 */
BY_MUST_USE static inline by_status_t by_ring_room(struct by_ring_producer *producer, uint32_t n)
{
	if (by_ring_available(&producer->end) >= n)
		return BY_OK;

	return by_ring_refresh(&producer->end, n);
}


/**
 * Put an element, which the consumer will not see before by_ring_publish().
 *
 * Borrows: element. Errors: BY_NO_SPACE; BY_MALFORMED as by_ring_room().
 */
BY_MUST_USE static inline by_status_t by_ring_put(struct by_ring_producer *producer,
                                                  void const *element)
{
	struct by_ring_end *end    = &producer->end;
	by_status_t const   status = by_ring_room(producer, 1);

	if (status != BY_OK)
		return status;

	by_ring_copy_in(by_ring_slot(end), element, end->words); /* ordered by by_ring_commit() */
	end->next++;

	return BY_OK;
}


/**
 * Let the consumer see all elements put so far. Returns true if the caller
 * must signal the consumer; most often nobody waits and this is false.
 */
BY_MUST_USE static inline bool by_ring_publish(struct by_ring_producer *producer)
{
	return by_ring_commit(&producer->end);
}


/**
 * Before the producer sleeps: ask for a signal when 'n' elements fit.
 *
 * BY_NO_SPACE: sleep, the signal will come. BY_OK: they fit already. Errors:
 * BY_INVALID if n is 0 or beyond the ring, or elements are not published yet;
 * BY_MALFORMED as by_ring_room(). A signal may also come without need. A later
 * call replaces an earlier one.
 */
BY_MUST_USE static inline by_status_t by_ring_await_space(struct by_ring_producer *producer,
                                                          uint32_t n)
{
	return by_ring_await(&producer->end, n);
}


/**
 * Take an element: copied once out of shared memory, so check the copy, use the
 * copy. Its place is not free before by_ring_release().
 *
 * Errors: BY_EMPTY; BY_MALFORMED if the producer's index is impossible.
 */
BY_MUST_USE static inline by_status_t by_ring_get(struct by_ring_consumer *consumer,
                                                  void *element)
{
	struct by_ring_end *end = &consumer->end;

	if (by_ring_available(end) == 0) {
		by_status_t const status = by_ring_refresh(end, 1);

		if (status != BY_OK)
			return status;
	}

	by_ring_copy_out(element, by_ring_slot(end), end->words); /* ordered by by_ring_refresh() */
	end->next++;

	return BY_OK;
}


/**
 * Give the places of all elements taken so far back to the producer. Returns
 * true if the caller must signal the producer; most often this is false.
 */
BY_MUST_USE static inline bool by_ring_release(struct by_ring_consumer *consumer)
{
	return by_ring_commit(&consumer->end);
}


/**
 * Before the consumer sleeps: ask for a signal when there is an element.
 *
 * BY_EMPTY: sleep, the signal will come. BY_OK: there is one already. Errors:
 * BY_INVALID if elements taken are not released yet; BY_MALFORMED as
 * by_ring_get(). A signal may also come without need.
 */
BY_MUST_USE static inline by_status_t by_ring_await_data(struct by_ring_consumer *consumer)
{
	return by_ring_await(&consumer->end, 1);
}

#endif
