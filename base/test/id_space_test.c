/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the id space.
 */
#include <by/id_space.h>
#include <stdlib.h>
#include <unit.h>

#include "support.h"

UNIT_MAIN("id_space")

enum { COUNT = 64 };

static struct by_id_entry entries[COUNT];
static char               objects[COUNT];


static void reset(struct by_id_space *space, size_t count)
{
	memset(entries, 0xee, sizeof(entries));
	by_id_space_init(space);
	if (count && by_id_space_add(space, entries, count) != BY_OK)
		unit_fail(__FILE__, __LINE__, "add");
}


TEST(empty)
{
	struct by_id_space space;
	by_word_t id = 77;

	reset(&space, 0);
	CHECK(by_id_space_alloc(&space, objects, &id) == BY_NO_SPACE);
	CHECK_EQ(id, 77);
	CHECK(!by_id_space_find(&space, 0) && !by_id_space_free(&space, 0));
	for (by_word_t bit = 1; bit; bit <<= 1)
		CHECK(!by_id_space_find(&space, bit) && !by_id_space_find(&space, ~bit));
}


TEST(find_until_free)
{
	struct by_id_space space;
	by_word_t id, next;

	reset(&space, 2);
	CHECK(by_id_space_alloc(&space, objects, &id) == BY_OK);
	CHECK(id != 0 && by_id_space_find(&space, id) == objects);
	CHECK(by_id_space_free(&space, id) == objects);
	CHECK(!by_id_space_find(&space, id) && !by_id_space_free(&space, id));
	for (int i = 0; i < 100; i++) {
		CHECK(by_id_space_alloc(&space, objects + 1, &next) == BY_OK);
		CHECK(next != id && !by_id_space_find(&space, id));
		CHECK(by_id_space_free(&space, next) == objects + 1);
	}
}


/* An id that differs in one bit names nothing; nor does the inverted one of a free entry. */
TEST(near_misses)
{
	struct by_id_space space;
	by_word_t id;

	reset(&space, COUNT);
	for (int i = 0; i < 3 * COUNT; i++) {
		CHECK(by_id_space_alloc(&space, objects, &id) == BY_OK);
		for (by_word_t bit = 1; bit; bit <<= 1)
			CHECK(!by_id_space_find(&space, id ^ bit));
		CHECK(by_id_space_free(&space, id) == objects);
	}
	for (int i = 0; i < COUNT; i++)
		CHECK(!by_id_space_find(&space, entries[i].id));
}


/* Every id that a free entry could have, and the word that it stores, are invalid. */
TEST(free_entries_are_invisible)
{
	struct by_id_space space;

	reset(&space, COUNT);
	for (by_word_t generation = 0; generation < 4; generation++)
		for (by_word_t low = 0; low < 2 * COUNT; low++)
			CHECK(!by_id_space_find(&space, generation << BY_ID_INDEX_BITS | low));
}


TEST(entries_take_turns)
{
	struct by_id_space space;
	by_word_t id, mask = ((by_word_t)1 << BY_ID_INDEX_BITS) - 1;

	reset(&space, 8);
	for (by_word_t i = 0; i < 40; i++) {
		CHECK(by_id_space_alloc(&space, objects, &id) == BY_OK);
		CHECK_EQ(id & mask, i % 8);
		CHECK_EQ(id >> BY_ID_INDEX_BITS, 1 + i / 8);
		CHECK(by_id_space_free(&space, id) == objects);
	}
}


/* Generations wrap around from the largest to 1, so that no id is 0. */
TEST(generations_wrap)
{
	struct by_id_space space;
	by_word_t id, top = ~(by_word_t)0 << BY_ID_INDEX_BITS;

	reset(&space, 1);
	entries[0].id |= top;
	CHECK(by_id_space_alloc(&space, objects, &id) == BY_OK);
	CHECK_EQ(id, top);
	CHECK(by_id_space_find(&space, id) == objects);
	CHECK(by_id_space_free(&space, id) == objects);
	CHECK(by_id_space_alloc(&space, objects + 1, &id) == BY_OK);
	CHECK_EQ(id, (by_word_t)1 << BY_ID_INDEX_BITS);
	CHECK(by_id_space_find(&space, id) == objects + 1);
	CHECK(!by_id_space_find(&space, 0) && !by_id_space_find(&space, top));
}


TEST(generations_by_counting)
{
	struct by_id_space space;
	by_word_t id, first;
	unsigned rounds = 1, all = sizeof(by_word_t) == 4 ? 0xffff : 100000;

	reset(&space, 1);
	CHECK(by_id_space_alloc(&space, objects, &first) == BY_OK);
	CHECK(by_id_space_free(&space, first) == objects);
	do {
		CHECK(by_id_space_alloc(&space, objects, &id) == BY_OK);
		CHECK(id != 0 && by_id_space_free(&space, id) == objects);
	} while (id != first && rounds++ < all);
	CHECK_EQ(rounds, sizeof(by_word_t) == 4 ? all : all + 1);
}


TEST(grows_by_chunks)
{
	static struct by_id_entry more[BY_ID_CHUNKS][3];
	struct by_id_space space;
	by_word_t id[BY_ID_CHUNKS * 3];

	reset(&space, 0);
	for (int chunk = 0; chunk < BY_ID_CHUNKS; chunk++) {
		CHECK(by_id_space_add(&space, more[chunk], 3) == BY_OK);
		for (int i = chunk * 3; i < chunk * 3 + 3; i++)
			CHECK(by_id_space_alloc(&space, objects + i, &id[i]) == BY_OK);
		CHECK(by_id_space_alloc(&space, objects, &id[0]) == BY_NO_SPACE);
	}
	CHECK(by_id_space_add(&space, entries, 1) == BY_LIMIT);
	for (int i = 0; i < BY_ID_CHUNKS * 3; i++)
		CHECK(by_id_space_find(&space, id[i]) == objects + i);
	for (int i = 0; i < BY_ID_CHUNKS * 3; i++)
		CHECK(by_id_space_free(&space, id[i]) == objects + i);
}


TEST(chunk_of_any_size)
{
	size_t count = sizeof(by_word_t) == 4 ? BY_ID_CHUNK_MAX : 100000;
	struct by_id_entry *many = calloc(count, sizeof(*many));
	struct by_id_space space;
	by_word_t id;

	by_id_space_init(&space);
	CHECK(by_id_space_add(&space, many, count) == BY_OK);
	for (size_t i = 0; i < count; i++) {
		CHECK(by_id_space_alloc(&space, &many[i], &id) == BY_OK);
		CHECK(by_id_space_find(&space, id) == &many[i]);
	}
	CHECK(by_id_space_alloc(&space, many, &id) == BY_NO_SPACE);
	CHECK(!by_id_space_find(&space, id + 1));
	free(many);
}


static void alloc_null(void *space)
{
	by_word_t id;

	if (by_id_space_alloc(space, NULL, &id) != BY_OK)
		unit_fail(__FILE__, __LINE__, "alloc");
}


static void add_none(void *space)
{
	if (by_id_space_add(space, entries, 0) != BY_OK)
		unit_fail(__FILE__, __LINE__, "add");
}


TEST(misuse_asserts)
{
	struct by_id_space space;

	reset(&space, 1);
	CHECK(support_asserts(alloc_null, &space));
	CHECK(support_asserts(add_none, &space));
}


TEST(random_against_array)
{
	struct by_id_space space;
	by_word_t id[COUNT] = { 0 }, stale[1024] = { 0 };
	uint64_t seed = 21;
	unsigned live = 0;

	reset(&space, COUNT / 4);
	for (int i = 0; i < 20000; i++) {
		unsigned at = support_below(&seed, COUNT);

		if (i == 5000)
			CHECK(by_id_space_add(&space, entries + COUNT / 4, COUNT / 4) == BY_OK);
		if (id[at]) {
			CHECK(by_id_space_free(&space, id[at]) == &objects[at]);
			stale[i % 1024] = id[at];
			id[at] = 0;
			live--;
		} else if (live < (i < 5000 ? COUNT / 4 : COUNT / 2)) {
			CHECK(by_id_space_alloc(&space, &objects[at], &id[at]) == BY_OK);
			live++;
		} else {
			CHECK(by_id_space_alloc(&space, objects, &id[at]) == BY_NO_SPACE);
		}
		for (int k = 0; k < COUNT && i % 16 == 0; k++)
			CHECK(by_id_space_find(&space, id[k]) == (id[k] ? &objects[k] : NULL));
		for (int k = 0; k < 1024 && i % 256 == 0; k++)
			CHECK(!by_id_space_find(&space, stale[k]));
	}
}
