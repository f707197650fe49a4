/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page faults that core resolves, and memory from its allocation to its end.
 */
#include "bench_main.h"
#include <by/attached.h>
#include <by/cap.h>

enum { SETTLE = 20, PAGE = 4096, SIZE_1M = 1 << 20 };


/*
 * Each access is to a part of the memory that nobody has touched since it was attached.
 * It is not attached from its beginning on, so that no large page fits.
 */
static void row_fault(struct by_env *env)
{
	enum { SIZE = 8 << 20, STEP = 64 << 10, FAULTS = 64, FIRST = 4 };
	by_cap_t ds;
	uint64_t at;

	if (by_pd_ram_alloc(&env->pd, SIZE, BY_PD_CACHE_CACHED, 21, 0, &ds) != BY_OK) {
		row_fail("page_fault");
		return;
	}
	if (by_region_map_attach(&env->space, ds, PAGE, SIZE - 2 * PAGE, 0, BY_ATTACH_WRITE,
	                         &at) == BY_OK) {
		unsigned char volatile *place = (unsigned char volatile *)(by_word_t)at;

		for (unsigned i = 0; i < FIRST; i++, place += STEP)
			*place = 1;
		ROW("page_fault", BENCH_MARK_FAULT, FAULTS, (*place = 1, place += STEP));
	} else {
		row_fail("page_fault");
	}
	if (by_pd_ram_free(&env->pd, ds) != BY_OK)
		row_fail("page_fault");
	by_cap_drop(ds);
}


/* Allocate, attach, touch every page, detach, free. The memory is cleared each time. */
static bool use_memory(struct by_env *env, size_t size)
{
	struct by_attached memory;
	bool               clear = true;

	if (by_attached_ram_init(env, &memory, size, BY_PD_CACHE_CACHED) != BY_OK)
		return false;

	unsigned char volatile *const bytes = memory.base;

	for (size_t at = 0; at < size; at += PAGE) {
		clear &= bytes[at] == 0;
		bytes[at] = 1;
	}
	by_attached_fini(env, &memory);

	return clear;
}


/*
 * How much core has to divide and to join for a page depends on what is free beside it. So
 * this is a mean over some states, in each of which one more page is in use.
 */
static bool row_4k(struct by_env *env)
{
	enum { STATES = 8, COUNT = 125 };
	struct by_attached held[STATES];
	by_ticks_t         ticks = 0;
	bool               good = true;

	for (unsigned state = 0; state < STATES; state++) {
		good &= by_attached_ram_init(env, &held[state], PAGE, BY_PD_CACHE_CACHED) == BY_OK;
		by_mark_begin(BENCH_MARK_4K);
		by_ticks_t const start = by_ticks();
		for (unsigned i = 0; i < COUNT; i++)
			good &= use_memory(env, PAGE);
		ticks += by_ticks() - start;
		by_mark_end(BENCH_MARK_4K);
	}
	for (unsigned state = 0; state < STATES; state++)
		by_attached_fini(env, &held[state]);
	row_add("mem_4k", ticks, STATES * COUNT, BENCH_MARK_4K);

	return good;
}


void rows_memory(struct by_env *env)
{
	bool good = true;

	row_fault(env);
	for (unsigned i = 0; i < SETTLE; i++)
		good &= use_memory(env, PAGE) && use_memory(env, SIZE_1M);
	good &= row_4k(env);
	ROW("mem_1m", BENCH_MARK_1M, 20, good &= use_memory(env, SIZE_1M));
	if (!good)
		row_fail("mem_4k, mem_1m");
}
