/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ids for objects: a word that names an object until it is freed, and nothing
 * after that. Used for the badges of RPC objects.
 *
 *      generation     | chunk | slot       32-bit: 16 + 4 + 12
 *      upper half     |   lower half       64-bit: 32 + 4 + 28
 *
 * Entries come in up to 16 chunks, so that a space grows without moving. Each
 * entry counts its generations, and freed entries queue up for reuse. An id is
 * therefore given out again at the earliest after 2^16 - 1 (2^32 - 1) further
 * uses of its entry, while all other free entries take turns. No id is 0.
 */
#ifndef BY_ID_SPACE_H
#define BY_ID_SPACE_H

#include <by/types.h>

enum {
	BY_ID_CHUNKS     = 16,
	BY_ID_INDEX_BITS = sizeof(by_word_t) * 4,
	BY_ID_SLOT_BITS  = BY_ID_INDEX_BITS - 4,
	BY_ID_CHUNK_MAX  = 1 << BY_ID_SLOT_BITS, /* entries of one chunk */
};

struct by_id_entry {
	void     *object; /* if free: the next free entry */
	by_word_t id;     /* if free: the next id to give, with its lower half inverted */
};

struct by_id_space {
	struct {
		struct by_id_entry *entries;
		size_t              count;
	} chunk[BY_ID_CHUNKS];
	unsigned            chunks;
	struct by_id_entry *first_free, *last_free;
};

/** Make 'space' an empty space without entries. */
void by_id_space_init(struct by_id_space *space);

/**
 * Provide room for 'count' (1 to BY_ID_CHUNK_MAX) more objects. Keeps: entries,
 * as long as the space is used. Errors: BY_LIMIT after BY_ID_CHUNKS chunks.
 */
BY_MUST_USE by_status_t by_id_space_add(struct by_id_space *space,
                                        struct by_id_entry *entries, size_t count);

/**
 * Give 'object' (not NULL) an id. Keeps: object. Errors: BY_NO_SPACE if there
 * is no free entry; add some and repeat.
 */
BY_MUST_USE by_status_t by_id_space_alloc(struct by_id_space *space, void *object,
                                          by_word_t *id);

/** Free 'id'. Gives: its object; NULL if 'id' names nothing. */
void *by_id_space_free(struct by_id_space *space, by_word_t id);

/** The object of 'id', NULL if it names nothing (any more). O(1), 'id' may be anything. */
void *by_id_space_find(struct by_id_space const *space, by_word_t id);

#endif
