/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the reader of the last log. Lines of the input with the letter "w" put
 * bytes into a memory of zeros, "t" into its text. If the input begins with "s", checks and
 * sums are put right, because nobody finds them by chance.
 */
#include "canary.h"
#include "changes.h"
#include "last_log.h"
#include "require.h"

#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static struct by_log_ring *ring;


static void put(char letter, unsigned long offset, uint8_t byte)
{
	if (letter == 'w')
		((uint8_t *)ring)[offset % sizeof(ring->state)] = byte;
	if (letter == 't')
		ring->text[offset % sizeof(ring->text)] = (char)byte;
}


static void seal(void)
{
	for (unsigned i = 0; i < 2; i++) {
		struct by_log_state *state = &ring->state[i];
		state->sum = 0;
		for (uint64_t at = state->end - BY_LOG_RING_VALID; at != state->end; at++)
			state->sum += by_log_ring_weight(ring, at);
		state->check = by_log_ring_check(state);
	}
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	ring = calloc(1, sizeof(*ring));
	change_all(data, size, put);
	if (size && data[0] == 's')
		seal();

	uint64_t length = last_log_size(ring);
	char    *text   = malloc(length + 1);

	REQUIRE(length <= BY_LOG_RING_VALID);
	if (length)
		last_log_copy(ring, text);
	for (uint64_t i = 0; i < length; i++)
		REQUIRE(text[i] == '\n' || text[i] == '\t' || (text[i] >= ' ' && text[i] <= '~'));
	canary(length == BY_LOG_RING_VALID && text[length - 1] == '?');
	free(text);
	free(ring);

	return 0;
}
