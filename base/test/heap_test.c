/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the heap, which is included to check its inner structure.
 */
#include "../lib/heap.c"

#include <stdlib.h>
#include <unit.h>

#include "support.h"

UNIT_MAIN("heap")

enum { MANY = 300 };

struct allocation {
	unsigned char *ptr;
	size_t         size;
};

static struct support_alloc backing;
static struct by_heap       heap;
static struct allocation    live[MANY];


static void reset(size_t limit)
{
	support_alloc_init(&backing);
	by_heap_init(&heap, &backing.alloc, limit);
	memset(live, 0, sizeof(live));
}


static by_status_t get(struct allocation *it, size_t size)
{
	void *ptr = NULL;
	by_status_t status = by_alloc(&heap.alloc, size, &ptr);

	*it = (struct allocation){ ptr, size };
	if (ptr && size <= PTRDIFF_MAX)
		memset(ptr, (int)(size * 7 & 0xff), size);

	return status;
}


static bool intact(struct allocation const *it)
{
	for (size_t i = 0; i < it->size; i++)
		if (it->ptr[i] != (it->size * 7 & 0xff))
			return false;

	return true;
}


static void put(struct allocation *it)
{
	by_free(&heap.alloc, it->ptr, it->size);
	it->ptr = NULL;
}


/* Blocks of a chunk; 0 if something is wrong. */
static size_t chunk_sound(struct by_heap_chunk *chunk, size_t *free_count,
                          size_t *used_count)
{
	struct block *block = first_block(chunk), *prev = NULL;
	size_t        total = head_size(), blocks = 0;

	for (; stride_of(block); prev = block, block = next_of(block), blocks++) {
		total += stride_of(block);
		if (total > chunk->size || block->prev != (prev ? stride_of(prev) : 0))
			return 0;
		if (prev && !used(prev) && !used(block))
			return 0;
		if (!used(block) && !by_tree_linked(payload_of(block)))
			return 0;
		*(used(block) ? used_count : free_count) += 1;
	}

	return total == chunk->size && used(block) && block->prev == stride_of(prev) ? blocks : 0;
}


static bool sound(void)
{
	size_t free_count = 0, used_count = 0, total = 0, empty = 0;

	BY_LIST_EACH(&heap.chunks, node) {
		struct by_heap_chunk *chunk = BY_CONTAINER_OF(node, struct by_heap_chunk, node);

		if (chunk->size % BY_HEAP_PAGE || !chunk_sound(chunk, &free_count, &used_count))
			return false;
		if (alone(first_block(chunk)) && !used(first_block(chunk))) {
			empty++;
			if (heap.spare != chunk)
				return false;
		}
		total += chunk->size;
	}
	for (struct by_tree_node *node = by_tree_first(&heap.free); node; node = by_tree_next(node))
		free_count--;

	return free_count == 0 && used_count == heap.used && total == heap.consumed &&
	       total == backing.consumed && empty == (heap.spare != NULL);
}


TEST(empty_costs_nothing)
{
	reset(SIZE_MAX);
	CHECK_EQ(by_consumed(&heap.alloc), 0);
	CHECK(sound());
	by_heap_fini(&heap);
	CHECK_EQ(backing.calls, 0);
}


TEST(each_size)
{
	reset(SIZE_MAX);
	for (size_t size = 0; size < 5000; size++) {
		CHECK(get(&live[0], size) == BY_OK && get(&live[1], 5000 - size) == BY_OK);
		CHECK((uintptr_t)live[0].ptr % BY_ALLOC_ALIGN == 0);
		CHECK((uintptr_t)live[1].ptr % BY_ALLOC_ALIGN == 0);
		CHECK(sound() && intact(&live[0]) && intact(&live[1]));
		put(&live[0]);
		CHECK(sound());
		put(&live[1]);
		CHECK(sound());
		CHECK_EQ(by_consumed(&heap.alloc), 0);
	}
}


TEST(page_takes_what_fits)
{
	size_t most = BY_HEAP_PAGE - head_size() - sizeof(struct block);

	reset(SIZE_MAX);
	CHECK(get(&live[0], most) == BY_OK);
	CHECK_EQ(by_consumed(&heap.alloc), BY_HEAP_PAGE);
	put(&live[0]);
	CHECK(get(&live[0], most + 1) == BY_OK);
	CHECK_EQ(by_consumed(&heap.alloc), 2 * BY_HEAP_PAGE);
	put(&live[0]);
	by_heap_fini(&heap);
}


TEST(absurd_sizes)
{
	reset(SIZE_MAX);
	backing.fail_at = 1;
	for (size_t less = 0; less < 10000; less++)
		CHECK(get(&live[0], SIZE_MAX - less) == BY_OUT_OF_RAM);
	CHECK(get(&live[0], SIZE_MAX / 2) == BY_OUT_OF_RAM);
	CHECK(get(&live[0], SIZE_MAX / 2 + 1) == BY_OUT_OF_RAM);
	CHECK(sound());
}


TEST(limit)
{
	reset(3 * BY_HEAP_PAGE);
	CHECK(get(&live[0], 2 * BY_HEAP_PAGE) == BY_OK);
	CHECK_EQ(by_consumed(&heap.alloc), 3 * BY_HEAP_PAGE);
	CHECK(get(&live[1], BY_HEAP_PAGE) == BY_OUT_OF_RAM);
	CHECK(get(&live[1], 100) == BY_OK);
	by_heap_limit_set(&heap, 5 * BY_HEAP_PAGE);
	CHECK(get(&live[2], BY_HEAP_PAGE) == BY_OK);
	by_heap_limit_set(&heap, BY_HEAP_PAGE);
	CHECK(get(&live[3], BY_HEAP_PAGE) == BY_OUT_OF_RAM);
	CHECK(get(&live[3], 64) == BY_OK && sound());
	by_heap_fini(&heap);
	CHECK_EQ(backing.live, 0);
}


TEST(limit_zero)
{
	reset(0);
	CHECK(get(&live[0], 1) == BY_OUT_OF_RAM);
	CHECK_EQ(backing.calls, 0);
}


/* Freed neighbours become one block again, in every order of freeing. */
TEST(merges_in_every_order)
{
	for (int order = 0; order < 6; order++) {
		int a = order % 3, b = (a + 1 + order / 3) % 3, c = 3 - a - b;

		reset(SIZE_MAX);
		for (int i = 0; i < 4; i++)
			CHECK(get(&live[i], 500) == BY_OK);
		unsigned char *first = live[0].ptr;

		put(&live[a]);
		CHECK(sound());
		put(&live[b]);
		CHECK(sound());
		put(&live[c]);
		CHECK(sound());
		CHECK(get(&live[0], 1500) == BY_OK && live[0].ptr == first);
		put(&live[0]);
		put(&live[3]);
		CHECK_EQ(backing.live, 0);
	}
}


TEST(best_fit)
{
	reset(SIZE_MAX);
	for (int i = 0; i < 7; i++)
		CHECK(get(&live[i], i == 1 ? 400 : i == 3 ? 200 : i == 5 ? 300 : 64) == BY_OK);
	unsigned char *place = live[3].ptr;

	put(&live[1]);
	put(&live[5]);
	put(&live[3]);
	CHECK(get(&live[7], 190) == BY_OK && live[7].ptr == place);
	by_heap_fini(&heap);
}


/* With something else alive, an object at the edge does not cost a chunk each time. */
TEST(spare_prevents_thrashing)
{
	reset(SIZE_MAX);
	CHECK(get(&live[0], 3000) == BY_OK);
	for (int i = 0; i < 10; i++) {
		CHECK(get(&live[1], 3000) == BY_OK);
		put(&live[1]);
		CHECK(heap.spare && sound());
	}
	CHECK_EQ(backing.calls, 2);
	put(&live[0]);
	CHECK_EQ(backing.live, 0);
	CHECK_EQ(by_consumed(&heap.alloc), 0);
}


/* The spare is given up before an allocation fails. */
TEST(spare_makes_room)
{
	reset(4 * BY_HEAP_PAGE);
	CHECK(get(&live[0], 3000) == BY_OK && get(&live[1], 3000) == BY_OK);
	put(&live[1]);
	CHECK(heap.spare);
	CHECK(get(&live[1], 3 * BY_HEAP_PAGE - 200) == BY_OK);
	CHECK(!heap.spare && sound());
	CHECK_EQ(by_consumed(&heap.alloc), 4 * BY_HEAP_PAGE);
	by_heap_fini(&heap);
}


TEST(large_chunk_is_no_spare)
{
	reset(SIZE_MAX);
	CHECK(get(&live[0], 10) == BY_OK && get(&live[1], SPARE_MAX) == BY_OK);
	put(&live[1]);
	CHECK(!heap.spare && sound());
	CHECK_EQ(by_consumed(&heap.alloc), BY_HEAP_PAGE);
	by_heap_fini(&heap);
}


TEST(chunks_grow_with_the_heap)
{
	reset(SIZE_MAX);
	for (int i = 0; i < MANY; i++)
		CHECK(get(&live[i], 3500) == BY_OK);
	CHECK(backing.calls < 50 && sound());
	BY_LIST_EACH(&heap.chunks, node)
		CHECK(BY_CONTAINER_OF(node, struct by_heap_chunk, node)->size <= SPARE_MAX);
	for (int i = 0; i < MANY; i++)
		put(&live[i]);
	CHECK_EQ(backing.live, 0);
}


/* A larger chunk that cannot be had is no reason to fail. */
TEST(growth_is_modest_at_the_limit)
{
	reset(20 * BY_HEAP_PAGE);
	int count = 0;

	while (get(&live[count], 3500) == BY_OK)
		count++;
	CHECK(count >= 20 && sound());
	CHECK_EQ(by_consumed(&heap.alloc), 20 * BY_HEAP_PAGE);
	by_heap_fini(&heap);
}


static void free_it(void *arg)
{
	struct allocation *it = arg;

	by_free(&heap.alloc, it->ptr, it->size);
}


TEST(misuse_asserts)
{
	reset(SIZE_MAX);
	CHECK(get(&live[0], 100) == BY_OK && get(&live[1], 100) == BY_OK);
	CHECK(get(&live[2], 100) == BY_OK);
	struct allocation twice = live[1], after = live[2], wrong = live[0];

	wrong.size = 200;
	CHECK(support_asserts(free_it, &wrong));
	wrong.size = 10;
	CHECK(support_asserts(free_it, &wrong));
	put(&live[1]);
	CHECK(support_asserts(free_it, &twice));
	put(&live[2]);
	CHECK(support_asserts(free_it, &after)); /* merged with its neighbours meanwhile */
	CHECK(sound());
	CHECK(get(&live[1], 100) == BY_OK);
	next_of(block_of(live[0].ptr))->prev ^= 16;
	CHECK(support_asserts(free_it, &live[0]));
	next_of(block_of(live[0].ptr))->prev ^= 16;
	put(&live[1]);
	CHECK(sound());
	memset(live[0].ptr, 0, 160); /* overrun */
	CHECK(support_asserts(free_it, &live[0]));
	by_heap_fini(&heap);
}


TEST(exhaustion)
{
	for (unsigned nth = 1; nth < 15; nth++) {
		uint64_t seed = nth;
		int count = 0;

		reset(SIZE_MAX);
		backing.fail_at = nth;
		while (count < MANY && get(&live[count], support_below(&seed, 6000)) == BY_OK)
			count++;
		CHECK(count < MANY && sound());
		CHECK(backing.live <= nth);
		for (int i = 0; i < count; i++) {
			CHECK(intact(&live[i]));
			put(&live[i]);
			CHECK(sound());
		}
		CHECK_EQ(backing.live, 0);
	}
}


static bool toggle(struct allocation *it, size_t size)
{
	if (it->ptr) {
		bool good = intact(it);

		put(it);
		return good;
	}

	by_status_t status = get(it, size);

	return status == BY_OK || (backing.fail_at && status == BY_OUT_OF_RAM);
}


TEST(random_against_marks)
{
	uint64_t seed = 99;

	reset(SIZE_MAX);
	for (unsigned i = 0; i < 40000; i++) {
		unsigned number = support_below(&seed, 1 + i % 8000 * MANY / 8000);
		size_t   size   = support_below(&seed, 1u << support_below(&seed, 15));

		backing.fail_at = i % 3000 < 200;
		CHECK(toggle(&live[number], size));
		CHECK(i % 16 || sound());
	}
	for (int i = 0; i < MANY; i++) {
		CHECK(!live[i].ptr || intact(&live[i]));
		if (live[i].ptr)
			put(&live[i]);
		CHECK(sound());
	}
	CHECK_EQ(backing.consumed, 0);
	CHECK_EQ(by_consumed(&heap.alloc), 0);
}


TEST(fini_frees_everything)
{
	reset(SIZE_MAX);
	for (int i = 0; i < MANY; i++)
		CHECK(get(&live[i], (size_t)i * 10) == BY_OK);
	by_heap_fini(&heap);
	CHECK_EQ(backing.live, 0);
	CHECK(get(&live[0], 10) == BY_OK && sound()); /* and it can be used again */
	by_heap_fini(&heap);
	CHECK_EQ(backing.live, 0);
}
