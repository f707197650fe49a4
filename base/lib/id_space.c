/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Id space.
 *
 * A free entry holds its next id with the lower half inverted: that is the id
 * of another entry, so a lookup, which compares whole words, never matches it.
 */
#include <by/assert.h>
#include <by/id_space.h>

#define GENERATION_ONE ((by_word_t)1 << BY_ID_INDEX_BITS)
#define INDEX_MASK     (GENERATION_ONE - 1)
#define SLOT_MASK      ((by_word_t)BY_ID_CHUNK_MAX - 1)


void by_id_space_init(struct by_id_space *space)
{
	*space = (struct by_id_space){ .chunks = 0 };
}


static void put_free(struct by_id_space *space, struct by_id_entry *entry,
                     by_word_t next_id)
{
	*entry = (struct by_id_entry){ .object = NULL, .id = next_id ^ INDEX_MASK };
	if (space->first_free)
		space->last_free->object = entry;
	else
		space->first_free = entry;
	space->last_free = entry;
}


by_status_t by_id_space_add(struct by_id_space *space, struct by_id_entry *entries,
                            size_t count)
{
	by_word_t first_id = GENERATION_ONE | (by_word_t)space->chunks << BY_ID_SLOT_BITS;

	BY_ASSERT(count > 0 && count <= BY_ID_CHUNK_MAX);
	if (space->chunks == BY_ID_CHUNKS)
		return BY_LIMIT;

	space->chunk[space->chunks].entries = entries;
	space->chunk[space->chunks].count   = count;
	space->chunks++;
	for (size_t i = 0; i < count; i++)
		put_free(space, &entries[i], first_id + i);

	return BY_OK;
}


by_status_t by_id_space_alloc(struct by_id_space *space, void *object, by_word_t *id)
{
	struct by_id_entry *entry = space->first_free;

	BY_ASSERT(object);
	if (!entry)
		return BY_NO_SPACE;

	space->first_free = entry->object;
	entry->object = object;
	entry->id ^= INDEX_MASK;

	*id = entry->id;
	return BY_OK;
}


/* The entry in use for 'id', NULL if there is none. */
static struct by_id_entry *lookup(struct by_id_space const *space, by_word_t id)
{
	unsigned  chunk = (unsigned)(id >> BY_ID_SLOT_BITS) % BY_ID_CHUNKS;
	by_word_t slot  = id & SLOT_MASK;

	if (slot >= space->chunk[chunk].count)
		return NULL;

	struct by_id_entry *entry = &space->chunk[chunk].entries[slot];

	return entry->id == id ? entry : NULL;
}


static by_word_t next_generation(by_word_t id)
{
	by_word_t next = id + GENERATION_ONE;

	/* generation 0 would make an id that can be 0 */
	return next > INDEX_MASK ? next : next + GENERATION_ONE;
}


void *by_id_space_free(struct by_id_space *space, by_word_t id)
{
	struct by_id_entry *entry = lookup(space, id);

	if (!entry)
		return NULL;

	void *object = entry->object;

	put_free(space, entry, next_generation(id));

	return object;
}


void *by_id_space_find(struct by_id_space const *space, by_word_t id)
{
	struct by_id_entry const *entry = lookup(space, id);

	return entry ? entry->object : NULL;
}
