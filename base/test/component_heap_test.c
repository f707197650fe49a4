/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The component's heap: that it takes RAM from the account, gives it back, and bears
 * many threads.
 */
#include "fake/fake.h"
#include "support.h"
#include "unit.h"
#include <by/component_heap.h>
#include <by/alloc.h>
#include <string.h>

#include "../lib/env.h"

UNIT_MAIN("component_heap")

enum { COUNT = 300 };

static struct fake_amounts base;


static void begin(void)
{
	fake_init();
	base = fake_amounts();
}


static bool balanced(void)
{
	return fake_has(&base);
}


TEST(memory_comes_from_the_account_and_goes_back)
{
	void *ptr;

	begin();
	CHECK_EQ(by_alloc(by_the_env.heap, 100, &ptr), BY_OK);
	memset(ptr, 0xff, 100);
	CHECK(fake.pd[0].ram_used > base.ram_used);
	CHECK_EQ(by_consumed(by_the_env.heap), fake.pd[0].ram_used - base.ram_used);
	by_free(by_the_env.heap, ptr, 100);
	CHECK(balanced());
	CHECK_EQ(by_consumed(by_the_env.heap), 0);
}


TEST(blocks_in_use_are_counted)
{
	void *ptr[3];

	begin();
	for (unsigned i = 0; i < 3; i++) {
		CHECK_EQ(by_heap_used_own(), i);
		CHECK_EQ(by_alloc(by_the_env.heap, 10, &ptr[i]), BY_OK);
	}
	by_free(by_the_env.heap, ptr[1], 10);
	CHECK_EQ(by_heap_used_own(), 2);
	by_free(by_the_env.heap, ptr[0], 10);
	by_free(by_the_env.heap, ptr[2], 10);
	CHECK_EQ(by_heap_used_own(), 0);
	CHECK(balanced());
}


TEST(large_blocks_are_no_waste)
{
	void *ptr;

	begin();
	CHECK_EQ(by_alloc(by_the_env.heap, 3 << 20, &ptr), BY_OK);
	memset(ptr, 1, 3 << 20);
	CHECK(fake.pd[0].ram_used - base.ram_used <= (3 << 20) + 8192);
	by_free(by_the_env.heap, ptr, 3 << 20);
	CHECK(balanced());
}


/** Records in pages move to the static ones, as soon as those suffice and we are asked. */
TEST(pages_of_records_are_given_back)
{
	enum { PIECES = 20, KEPT = 5, SIZE = 70000 }; /* each a chunk, and a piece, of its own */
	void *ptr[PIECES];

	begin();
	for (unsigned i = 0; i < PIECES; i++)
		CHECK_EQ(by_alloc(by_the_env.heap, SIZE, &ptr[i]), BY_OK);
	for (unsigned i = 0; i < PIECES - KEPT; i++) {
		by_heap_trim_own();
		by_free(by_the_env.heap, ptr[i], SIZE);
	}
	by_heap_trim_own();
	CHECK_EQ(fake.pd[0].ram_used - base.ram_used, by_consumed(by_the_env.heap));
	for (unsigned i = PIECES - KEPT; i < PIECES; i++)
		memset(ptr[i], 1, SIZE);

	/* and again, from there on */
	for (unsigned i = 0; i < PIECES - KEPT; i++)
		CHECK_EQ(by_alloc(by_the_env.heap, SIZE, &ptr[i]), BY_OK);
	for (unsigned i = 0; i < PIECES; i++)
		by_free(by_the_env.heap, ptr[i], SIZE);
	by_heap_trim_own();
	CHECK(balanced());
}


TEST(random_use_leaves_nothing)
{
	static struct { unsigned char *ptr; size_t size; } block[COUNT];
	uint64_t seed = 9;

	begin();
	memset(block, 0, sizeof(block));
	for (unsigned step = 0; step < 6000; step++) {
		unsigned const i = support_below(&seed, COUNT);
		if (block[i].ptr) {
			for (size_t k = 0; k < block[i].size; k += 97)
				CHECK_EQ(block[i].ptr[k], (unsigned char)i);
			by_free(by_the_env.heap, block[i].ptr, block[i].size);
			block[i].ptr = NULL;
			continue;
		}
		void *ptr;
		block[i].size = 1 + support_below(&seed, step % 10 ? 200 : 40000);
		CHECK_EQ(by_alloc(by_the_env.heap, block[i].size, &ptr), BY_OK);
		block[i].ptr = ptr;
		memset(ptr, (int)i, block[i].size);
	}
	for (unsigned i = 0; i < COUNT; i++)
		if (block[i].ptr)
			by_free(by_the_env.heap, block[i].ptr, block[i].size);

	/* a page of records may stay */
	CHECK_EQ(by_consumed(by_the_env.heap), 0);
	CHECK(fake.pd[0].ram_used - base.ram_used <= 4096);
}


/* More dataspaces than the first records stand for. */
TEST(many_pieces)
{
	enum { PIECES = 40, SIZE = 100 << 10 };
	void *ptr[PIECES];

	begin();
	for (unsigned i = 0; i < PIECES; i++)
		CHECK_EQ(by_alloc(by_the_env.heap, SIZE, &ptr[i]), BY_OK);
	for (unsigned i = 0; i < PIECES; i++)
		by_free(by_the_env.heap, ptr[(i * 7) % PIECES], SIZE);
	CHECK_EQ(by_consumed(by_the_env.heap), 0);

	/* records of pieces stay for the next time, if there is one */
	by_heap_trim_own();
	uint64_t const least = fake.pd[0].ram_used;
	CHECK(least <= base.ram_used);
	for (unsigned i = 0; i < PIECES; i++)
		CHECK_EQ(by_alloc(by_the_env.heap, SIZE, &ptr[i]), BY_OK);
	by_heap_trim_own(); /* while it is in use */
	for (unsigned i = 0; i < PIECES; i++)
		by_free(by_the_env.heap, ptr[i], SIZE);
	CHECK_EQ(fake.pd[0].ram_used, least + 4096);
	by_heap_trim_own();
	CHECK_EQ(fake.pd[0].ram_used, least);
}


TEST(refusals_leave_no_trace)
{
	void *ptr;

	begin();
	for (unsigned i = 1; ; i++) {
		fake.fail_at = i;
		by_status_t const status = by_alloc(by_the_env.heap, 50 << 10, &ptr);
		fake.fail_at = 0;
		if (status == BY_OK)
			break;
		CHECK_EQ(status, BY_OUT_OF_RAM);
		CHECK(balanced());
	}
	by_free(by_the_env.heap, ptr, 50 << 10);
	CHECK(balanced());

	/* the account is the limit */
	CHECK_EQ(by_alloc(by_the_env.heap, 1 << 30, &ptr), BY_OUT_OF_RAM);
	CHECK(balanced());
}


static bool spoilt;


static void churn(void *arg)
{
	uint64_t seed = (uint64_t)(uintptr_t)arg;
	void    *ptr[20] = { NULL };

	for (unsigned step = 0; step < 600; step++) {
		unsigned const i = support_below(&seed, 20);
		if (!ptr[i]) {
			if (by_alloc(by_the_env.heap, 300, &ptr[i]) != BY_OK)
				spoilt = true;
			else
				memset(ptr[i], (int)seed & 0xff, 300);
		} else {
			by_free(by_the_env.heap, ptr[i], 300);
			ptr[i] = NULL;
		}
	}
	for (unsigned i = 0; i < 20; i++)
		if (ptr[i])
			by_free(by_the_env.heap, ptr[i], 300);
}


TEST(threads_share_it)
{
	pthread_t thread[4];

	begin();
	for (uintptr_t i = 0; i < 4; i++)
		thread[i] = fake_spawn(0, churn, (void *)(i + 1));
	for (unsigned i = 0; i < 4; i++)
		fake_join(thread[i]);
	CHECK(!spoilt);
	CHECK_EQ(by_consumed(by_the_env.heap), 0);
	CHECK(balanced());
}
