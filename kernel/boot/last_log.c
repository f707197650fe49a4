/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log of the boot before. A memory that was switched off holds anything.
 */
#include "last_log.h"


/** Size of the text that ends at 'end'. */
static uint64_t size_of(uint64_t end)
{
	return end < BY_LOG_RING_VALID ? end : BY_LOG_RING_VALID;
}


uint64_t last_log_size(struct by_log_ring const *ring)
{
	struct by_log_state const *state = by_log_ring_state(ring);
	uint64_t sum = 0;

	if (!state)
		return 0;

	/* what was not written yet is 0, and adds nothing */
	for (uint64_t at = state->end - BY_LOG_RING_VALID; at != state->end; at++)
		sum += by_log_ring_weight(ring, at);

	return sum == state->sum ? size_of(state->end) : 0;
}


void last_log_copy(struct by_log_ring const *ring, char *to)
{
	struct by_log_state const *state = by_log_ring_state(ring);

	for (uint64_t at = state->end - size_of(state->end); at != state->end; at++) {
		char c = ring->text[at % BY_LOG_RING_TEXT];
		*to++ = (c >= ' ' && c <= '~') || c == '\n' || c == '\t' ? c : '?';
	}
}
