/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's log, as it stands in memory that survives a reset: a ring of text, and what is
 * valid of it. The next boot may find anything there.
 *
 *     text   | ... new | gap | oldest ... newest |
 *                  end                     (characters since boot, modulo the size)
 *
 * The gap is where the next text goes, so that what is valid is never overwritten. Of how
 * far that reaches there are two descriptions, which are written in turn: one of them is
 * right at any moment.
 *
 * One writes at a time: core, and the kernel when it panics.
 */
#ifndef BY_LOG_RING_H
#define BY_LOG_RING_H

#include <by/types.h>

enum {
	BY_LOG_RING_TEXT  = 16 << 10,
	BY_LOG_RING_GAP   = 256, /* the most that is appended at once */
	BY_LOG_RING_VALID = BY_LOG_RING_TEXT - BY_LOG_RING_GAP,
};

struct by_log_state {
	uint64_t end;
	uint64_t sum;    /* of the valid text */
	uint64_t turn;   /* counts states */
	uint64_t check;  /* of the other fields */
};

struct by_log_ring {
	struct by_log_state state[2];
	char unused[4096 - 2 * sizeof(struct by_log_state)];
	char text[BY_LOG_RING_TEXT];
};

/** Of a state that is whole. */
static inline uint64_t by_log_ring_check(struct by_log_state const *state)
{
	return (state->end * 3 + state->sum) * 5 + state->turn + 0x42594e424c4f4731; /* "BYNBLOG1" */
}


/** What a character adds to the sum; that depends on its place. */
static inline uint64_t by_log_ring_weight(struct by_log_ring const *ring, uint64_t at)
{
	uint64_t const place = at % BY_LOG_RING_TEXT;

	return (place + 1) * (unsigned char)ring->text[place];
}


/** The newest state that is whole, NULL if there is none. */
static inline struct by_log_state const *by_log_ring_state(struct by_log_ring const *ring)
{
	struct by_log_state const *newest = NULL;

	for (struct by_log_state const *state = ring->state; state < ring->state + 2; state++)
		if (state->check == by_log_ring_check(state)
		    && (!newest || state->turn > newest->turn))
			newest = state;

	return newest;
}


/** Write the state that does not count yet. */
static inline void by_log_ring_advance(struct by_log_ring *ring, struct by_log_state state)
{
	state.turn++;
	state.check = by_log_ring_check(&state);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	ring->state[state.turn & 1] = state;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
}


/** Begin with an empty log, whatever was there. */
static inline void by_log_ring_init(struct by_log_ring *ring)
{
	__builtin_memset(ring, 0, sizeof(*ring));
	by_log_ring_advance(ring, (struct by_log_state) { 0 });
}


/** Append text, of at most BY_LOG_RING_GAP characters. */
static inline void by_log_ring_append(struct by_log_ring *ring, const char *text, size_t size)
{
	struct by_log_state const *now = by_log_ring_state(ring);

	if (!now)
		return;

	struct by_log_state state = *now;
	for (; size; size--, state.end++) {
		ring->text[state.end % BY_LOG_RING_TEXT] = *text++;
		state.sum += by_log_ring_weight(ring, state.end)
		             - by_log_ring_weight(ring, state.end - BY_LOG_RING_VALID);
	}
	by_log_ring_advance(ring, state);
}

#endif
