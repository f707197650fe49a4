/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the slab allocator.
 */
#include <by/slab.h>
#include <stdlib.h>
#include <unit.h>

#include "support.h"

UNIT_MAIN("slab")

enum { BLOCK = 1024, MANY = 500 };

static struct support_alloc backing;
static struct by_slab       slab;
static unsigned char       *objects[MANY];


static void reset(size_t object_size, size_t block_size)
{
	support_alloc_init(&backing);
	by_slab_init(&slab, &backing.alloc, object_size, block_size);
	memset(objects, 0, sizeof(objects));
}


static unsigned char *get(void)
{
	void *object = NULL;

	return by_slab_alloc(&slab, &object) == BY_OK ? object : NULL;
}


/* The bytes that an allocated object is filled with depend on its place. */
static void mark(unsigned char *object, size_t size)
{
	memset(object, (int)((uintptr_t)object >> 4 & 0xff), size);
}


static bool marked(unsigned char const *object, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (object[i] != ((uintptr_t)object >> 4 & 0xff))
			return false;

	return true;
}


TEST(empty_costs_nothing)
{
	reset(24, BLOCK);
	CHECK_EQ(backing.calls, 0);
	CHECK_EQ(by_consumed(&slab.alloc), 0);
	by_slab_fini(&slab);
}


TEST(one_object)
{
	reset(24, BLOCK);
	unsigned char *object = get();

	CHECK(object && (uintptr_t)object % BY_ALLOC_ALIGN == 0);
	CHECK_EQ(by_consumed(&slab.alloc), BLOCK);
	CHECK_EQ(slab.used, 1);
	by_slab_free(&slab, object);
	CHECK_EQ(slab.used, 0);
	CHECK_EQ(backing.live, 1); /* the spare */
	by_slab_fini(&slab);
	CHECK_EQ(backing.live, 0);
	CHECK_EQ(by_consumed(&slab.alloc), 0);
}


/* All objects of a block lie in it, apart, aligned; the block is used up well. */
static bool layout_right(size_t object_size, size_t block_size)
{
	reset(object_size, block_size);
	unsigned count = slab.capacity;
	unsigned char **all = calloc(count, sizeof(*all));
	bool right = true;

	for (unsigned i = 0; i < count; i++) {
		all[i] = get();
		right &= (uintptr_t)all[i] % BY_ALLOC_ALIGN == 0 && backing.live == 1;
		mark(all[i], object_size);
	}
	for (unsigned i = 0; i < count; i++) {
		right &= marked(all[i], object_size);
		by_slab_free(&slab, all[i]);
	}
	/* one object more would not have fitted */
	right &= 32 + sizeof(struct by_tree_node) + sizeof(struct by_list_node) + 16 +
	         (count + 1 + 63) / 8 + (count + 1) * slab.stride > block_size;
	by_slab_fini(&slab);
	free(all);

	return right && backing.live == 0;
}


TEST(layouts)
{
	for (size_t size = 1; size < 900; size += size < 100 ? 1 : 13)
		CHECK(layout_right(size, BLOCK));
	for (size_t size = 1; size <= 60000; size = size * 3 + 5)
		CHECK(layout_right(size, BY_SLAB_BLOCK_MAX));
	CHECK(layout_right(16, 4096));
	CHECK(layout_right(4096 - 128, 4096));
	CHECK(layout_right(1, 128));
	CHECK(layout_right(40, 1000));
}


TEST(blocks_come_and_go)
{
	reset(100, BLOCK);
	unsigned per_block = slab.capacity;

	for (unsigned i = 0; i < 4 * per_block; i++) {
		CHECK((objects[i] = get()));
		CHECK_EQ(backing.live, i / per_block + 1);
		CHECK_EQ(by_consumed(&slab.alloc), backing.consumed);
	}
	for (unsigned i = 0; i < 4 * per_block; i++) {
		unsigned full = 4 - (i + 1) / per_block;

		by_slab_free(&slab, objects[i]);
		CHECK_EQ(backing.live, full + (i + 1 >= per_block));
		CHECK_EQ(by_consumed(&slab.alloc), backing.consumed);
	}
	by_slab_fini(&slab);
	CHECK_EQ(backing.live, 0);
}


/* An object allocated and freed in turn does not cost a block each time. */
TEST(spare_prevents_thrashing)
{
	reset(100, BLOCK);
	for (unsigned i = 0; i < slab.capacity; i++)
		CHECK(get());
	for (int i = 0; i < 10; i++)
		by_slab_free(&slab, get());
	CHECK_EQ(backing.calls, 2);
	by_slab_fini(&slab);
}


/* Used blocks are filled up first, so that the spare stays empty. */
TEST(spare_is_used_last)
{
	reset(100, BLOCK);
	unsigned per_block = slab.capacity;

	for (unsigned i = 0; i < 2 * per_block; i++)
		CHECK((objects[i] = get()));
	by_slab_free(&slab, objects[0]);
	for (unsigned i = per_block; i < 2 * per_block; i++)
		by_slab_free(&slab, objects[i]);
	CHECK(slab.spare && get() == objects[0] && slab.spare);
	CHECK(get() && !slab.spare);
	CHECK_EQ(backing.calls, 2);
	by_slab_fini(&slab);
}


TEST(exhaustion)
{
	for (unsigned nth = 1; nth <= 5; nth++) {
		reset(100, BLOCK);
		backing.fail_at = nth;
		unsigned count = 0;

		while (count < MANY && (objects[count] = get()))
			count++;
		CHECK_EQ(count, (nth - 1) * slab.capacity);
		CHECK_EQ(by_consumed(&slab.alloc), (nth - 1) * BLOCK);
		void *untouched = &count;
		CHECK(by_slab_alloc(&slab, &untouched) == BY_OUT_OF_RAM && untouched == &count);
		for (unsigned i = 0; i < count; i++)
			by_slab_free(&slab, objects[i]);
		CHECK_EQ(backing.live, nth > 1);
		by_slab_fini(&slab);
		CHECK_EQ(backing.live, 0);
	}
}


TEST(as_allocator)
{
	void *object;

	reset(40, BLOCK);
	CHECK(by_alloc(&slab.alloc, 33, &object) == BY_OK);
	CHECK_EQ(by_consumed(&slab.alloc), BLOCK);
	by_free(&slab.alloc, object, 33);
	CHECK(by_alloc(&slab.alloc, slab.stride, &object) == BY_OK);
	by_free(&slab.alloc, object, slab.stride);
	CHECK_EQ(slab.used, 0);
	by_slab_fini(&slab);
}


static void free_it(void *ptr)
{
	by_slab_free(&slab, ptr);
}


static void alloc_large(void *out)
{
	if (by_alloc(&slab.alloc, 200, out) != BY_OK)
		unit_fail(__FILE__, __LINE__, "alloc");
}


/* Object size and block size that a slab cannot work with. */
static void init_wrong(void *arg)
{
	size_t const *size = arg;

	by_slab_init(&slab, &backing.alloc, size[0], size[1]);
}


TEST(wrong_sizes_assert)
{
	reset(16, BLOCK);
	CHECK(support_asserts(init_wrong, (size_t[]){ 0, BLOCK }));
	CHECK(support_asserts(init_wrong, (size_t[]){ BLOCK + 1, BLOCK }));
	CHECK(support_asserts(init_wrong, (size_t[]){ BLOCK, BLOCK }));
	CHECK(support_asserts(init_wrong, (size_t[]){ 1, 16 }));
	CHECK(support_asserts(init_wrong, (size_t[]){ 16, BY_SLAB_BLOCK_MAX + 1 }));
	CHECK(!support_asserts(init_wrong, (size_t[]){ 16, BY_SLAB_BLOCK_MAX }));
}


/* A backing allocator that breaks its contract. */
static by_status_t misaligned(struct by_alloc *self, size_t size, void **out)
{
	static char memory[BLOCK + 32];

	(void)self;
	(void)size;
	*out = memory + 8 - (uintptr_t)memory % 16 + 16;
	return BY_OK;
}


static void alloc_misaligned(void *out)
{
	if (by_slab_alloc(&slab, out) != BY_OK)
		unit_fail(__FILE__, __LINE__, "alloc");
}


TEST(misaligned_block_asserts)
{
	void *out;

	reset(16, BLOCK);
	backing.alloc.alloc = misaligned;
	CHECK(support_asserts(alloc_misaligned, &out));
}


TEST(misuse_asserts)
{
	static char foreign[64];
	void *out;

	reset(100, BLOCK);
	CHECK(support_asserts(free_it, foreign)); /* no block at all */
	unsigned char *a = get(), *b = get(), *c = get();

	by_slab_free(&slab, b);
	CHECK(support_asserts(free_it, b));       /* twice */
	CHECK(support_asserts(free_it, a + 16));  /* inside */
	CHECK(support_asserts(free_it, a + 1));
	CHECK(support_asserts(free_it, c + 112)); /* never allocated */
	CHECK(support_asserts(free_it, foreign));
	CHECK(support_asserts(free_it, a - 16));  /* the header */
	CHECK(support_asserts(free_it, (unsigned char *)(uintptr_t)16));
	CHECK(support_asserts(free_it, (unsigned char *)(UINTPTR_MAX - 15)));
	CHECK(support_asserts(free_it, a - slab.first + BLOCK));
	CHECK(support_asserts(alloc_large, &out));
	CHECK_EQ(slab.used, 2);
	by_slab_free(&slab, a);
	by_slab_free(&slab, c);
	CHECK(support_asserts(free_it, c));       /* in the spare */
	by_slab_fini(&slab);
}


static bool toggle(unsigned at, size_t size)
{
	if (objects[at]) {
		if (!marked(objects[at], size))
			return false;
		by_slab_free(&slab, objects[at]);
		objects[at] = NULL;
		return true;
	}
	objects[at] = get();
	if (!objects[at])
		return backing.fail_at != 0;
	mark(objects[at], size);

	return true;
}


TEST(random_against_marks)
{
	uint64_t seed = 17;

	for (size_t size = 8; size < 300; size = size * 2 + 3) {
		reset(size, BLOCK);
		for (unsigned i = 0; i < 10000; i++) {
			/* bounds move, so that the number of objects goes up and down */
			unsigned range = 1 + i % 5000 / 10, used = 0;

			backing.fail_at = i % 1000 < 100;
			CHECK(toggle(support_below(&seed, range), size));
			CHECK_EQ(by_consumed(&slab.alloc), backing.consumed);
			for (unsigned k = 0; k < MANY && i % 100 == 0; k++) {
				CHECK(!objects[k] || marked(objects[k], size));
				used += objects[k] != NULL;
			}
			CHECK(i % 100 || slab.used == used);
		}
		for (unsigned k = 0; k < MANY; k++)
			if (objects[k])
				by_slab_free(&slab, objects[k]);
		CHECK_EQ(backing.live, 1);
		by_slab_fini(&slab);
		CHECK_EQ(backing.live, 0);
	}
}


TEST(fini_frees_live_objects)
{
	reset(50, BLOCK);
	for (int i = 0; i < 300; i++)
		CHECK(get());
	by_slab_fini(&slab);
	CHECK_EQ(backing.consumed, 0);
	by_slab_free(&slab, get()); /* and it can be used again */
	CHECK(slab.spare);
	by_slab_fini(&slab);
	CHECK(!slab.spare && slab.used == 0);
	by_slab_free(&slab, get());
	CHECK_EQ(backing.live, 1);
	by_slab_fini(&slab);
	CHECK_EQ(backing.live, 0);
}
