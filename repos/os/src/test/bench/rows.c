/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The measurements. Each does its operation once or more to settle and to check that it
 * works, then so many times between marks.
 */
#include "bench_main.h"
#include <bench.h>
#include <by/attached.h>
#include <by/cap.h>
#include <by/clock.h>
#include <by/ipc.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/mark.h>
#include <by/ring.h>
#include <by/string.h>

enum { COUNT = 1000, SETTLE = 20, PAGE = 4096 };

bool rows_failed;


/* Measure 'count' times 'operation' with mark 'id', and print the row 'name'. */
#define ROW(name, id, count, operation) \
	do { \
		by_mark_begin(id); \
		by_ticks_t const row_start = by_ticks(); \
		for (unsigned row_i = 0; row_i < (count); row_i++) \
			operation; \
		by_ticks_t const row_ticks = by_ticks() - row_start; \
		by_mark_end(id); \
		row_print(name, row_ticks, count, id); \
	} while (0)


void row_print(char const *name, by_ticks_t ticks, unsigned count, unsigned id)
{
	/* the clock of a machine that counts instructions has one per nanosecond */
	uint64_t const hundredths = by_us_of_ticks(ticks * 1000) * 100 / count;

	by_log("bench %s %llu.%02u instructions mark %u %u", name,
	       (unsigned long long)(hundredths / 100), (unsigned)(hundredths % 100), id, count);
}


void row_fail(char const *name)
{
	by_error("bench: %s has not done its work", name);
	rows_failed = true;
}


/*
 * Without the server
 */

static void row_syscall(void)
{
	ROW("syscall_null", 0, COUNT, by_kernel_null());
}


static void row_core_call(struct by_env *env)
{
	struct by_pd_balance balance = { .ram_quota = 0 };

	bool good = by_pd_account(&env->pd, &balance) == BY_OK && balance.ram_quota;

	ROW("core_call", 1, COUNT, good &= by_pd_account(&env->pd, &balance) == BY_OK);
	if (!good)
		row_fail("core_call");
}


/* Each access is to a part of the memory that nobody has touched since it was attached. */
static void row_page_fault(struct by_env *env)
{
	enum { SIZE = 8 << 20, STEP = 64 << 10, FAULTS = 64, FIRST = 4 };
	by_cap_t ds;
	uint64_t at;

	/* not from the beginning on, so that no large page fits */
	if (by_pd_ram_alloc(&env->pd, SIZE, BY_PD_CACHE_CACHED, 21, 0, &ds) != BY_OK
	    || by_region_map_attach(&env->space, ds, PAGE, SIZE - 2 * PAGE, 0, BY_ATTACH_WRITE,
	                            &at) != BY_OK) {
		row_fail("page_fault");
		return;
	}
	unsigned char volatile *const memory = (unsigned char volatile *)(by_word_t)at;

	for (unsigned i = 0; i < FIRST; i++)
		memory[i * STEP] = 1;
	unsigned char volatile *place = memory + FIRST * STEP;
	ROW("page_fault", 2, FAULTS, (*place = 1, place += STEP));
	if (by_pd_ram_free(&env->pd, ds) != BY_OK)
		row_fail("page_fault");
	by_cap_drop(ds);
}


static bool use_memory(struct by_env *env, size_t size)
{
	struct by_attached memory;

	if (by_attached_ram_init(env, &memory, size, BY_PD_CACHE_CACHED) != BY_OK)
		return false;

	unsigned char volatile *const bytes = memory.base;
	bool const                    clear = bytes[0] == 0 && bytes[size - 1] == 0;

	bytes[0] = bytes[size - 1] = 1;
	by_attached_fini(env, &memory);

	return clear;
}


static void rows_memory(struct by_env *env)
{
	bool good = true;

	for (unsigned i = 0; i < SETTLE; i++)
		good &= use_memory(env, PAGE) && use_memory(env, 1 << 20);
	ROW("mem_4k", 3, COUNT, good &= use_memory(env, PAGE));
	ROW("mem_1m", 4, 20, good &= use_memory(env, 1 << 20));
	if (!good)
		row_fail("mem_4k, mem_1m");
}


void rows_alone(struct by_env *env)
{
	row_syscall();
	row_core_call(env);
	row_page_fault(env);
	rows_memory(env);
}


/*
 * With the server
 */

/* Words that differ each time go there and come back inverted. */
static bool words_travel(by_cap_t raw, unsigned words)
{
	static by_word_t         seed = 1;
	struct by_message *const msg = by_message();
	by_word_t const          first = seed;

	for (unsigned i = 0; i < words; i++)
		msg->word[i] = seed = seed * 1103515245 + 12345;
	by_tag_t const tag = by_ipc_call(raw, by_tag(BENCH_RAW_INVERT, words, 0));

	seed = first;
	for (unsigned i = 0; i < words; i++) {
		seed = seed * 1103515245 + 12345;
		if (msg->word[i] != ~seed)
			return false;
	}

	return tag == by_tag(0, words, 0);
}


/* One row per length, because marks need constants. */
#define IPC_ROW(words, id) \
	do { \
		by_tag_t tags = 0; \
		for (unsigned i = 0; i < SETTLE; i++) \
			if (!words_travel(peer->raw, words)) \
				row_fail("ipc_" #words "w"); \
		ROW("ipc_" #words "w", id, COUNT, \
		    tags |= by_ipc_call(peer->raw, by_tag(BENCH_RAW_ECHO, words, 0))); \
		if (tags != by_tag(0, words, 0) || !words_travel(peer->raw, words)) \
			row_fail("ipc_" #words "w"); \
	} while (0)


static void rows_ipc(struct peer *peer)
{
	IPC_ROW(0, 6);
	IPC_ROW(4, 7);
	IPC_ROW(8, 8);
	IPC_ROW(120, 9);
}


static void row_empty(struct peer *peer)
{
	uint32_t before = 0, after = 0;
	bool     good = by_bench_server_empty(&peer->server, &before) == BY_OK;

	ROW("rpc_empty", 10, COUNT, good &= by_bench_server_empty(&peer->server, &after) == BY_OK);
	if (!good || after != before + COUNT)
		row_fail("rpc_empty");
}


static void row_bytes(struct peer *peer)
{
	unsigned char data[64] = { 7, [63] = 99 };
	size_t        len = sizeof(data);
	bool          good = true;

	ROW("rpc_64b", 11, COUNT, good &= by_bench_server_bytes(&peer->server, data, sizeof(data),
	                                                        data, &len) == BY_OK);
	if (!good || len != sizeof(data) || data[0] != (unsigned char)(7 + COUNT)
	    || data[63] != 99)
		row_fail("rpc_64b");
}


static bool pass_cap(struct by_env *env, struct peer *peer)
{
	by_cap_t          cap = BY_NO_CAP;
	by_status_t const status = by_bench_server_capability(&peer->server, env->space.cap, &cap);

	by_cap_drop(cap);

	return by_cap_valid(cap) && status == BY_OK;
}


static void row_cap(struct by_env *env, struct peer *peer)
{
	bool good = true;

	for (unsigned i = 0; i < SETTLE; i++)
		good &= pass_cap(env, peer);
	ROW("rpc_cap", 12, COUNT, good &= pass_cap(env, peer));
	if (!good)
		row_fail("rpc_cap");
}


static void round_trip(struct by_env *env, struct peer *peer)
{
	by_signal_submit(peer->ping, 1);
	by_endpoint_wait_io(env->endpoint);
}


static void row_signal(struct by_env *env, struct peer *peer)
{
	unsigned const before = peer_pongs;

	round_trip(env, peer);
	ROW("signal_rt", 13, COUNT, round_trip(env, peer));
	if (peer_pongs != before + COUNT + 1)
		row_fail("signal_rt");
}


/* Producer here, consumer there; what lets them take turns does not count. */
static bool fill_and_drain(struct peer *peer, struct by_ring_producer *producer,
                           by_ticks_t *ticks)
{
	uint64_t element[BENCH_RING_ELEMENT / sizeof(uint64_t)] = { 0, 99 };
	uint64_t sum = 0, drain_ticks = 0;
	uint32_t count = 0;
	bool     good = true;

	by_mark_begin(BENCH_RING_MARK);
	by_ticks_t const start = by_ticks();
	for (element[0] = 0; element[0] < BENCH_RING_COUNT; element[0]++)
		good &= by_ring_put(producer, element) == BY_OK;
	good &= !by_ring_publish(producer);
	*ticks += by_ticks() - start;
	by_mark_end(BENCH_RING_MARK);

	good &= by_bench_server_drain(&peer->server, &count, &sum, &drain_ticks) == BY_OK;
	*ticks += drain_ticks;

	return good && count == BENCH_RING_COUNT
	       && sum == (uint64_t)BENCH_RING_COUNT * (BENCH_RING_COUNT - 1) / 2;
}


static void row_ring(struct by_env *env, struct peer *peer)
{
	enum { BATCHES = 10 };
	struct by_ring_producer producer;
	struct by_attached      memory;
	by_ticks_t              ticks = 0;
	size_t const            size = by_ring_size(BENCH_RING_COUNT, BENCH_RING_ELEMENT);

	if (by_attached_ram_init(env, &memory, size, BY_PD_CACHE_CACHED) != BY_OK
	    || by_ring_producer_init(&producer, memory.base, BENCH_RING_COUNT,
	                             BENCH_RING_ELEMENT) != BY_OK
	    || by_bench_server_ring(&peer->server, memory.ds) != BY_OK) {
		row_fail("ring_element");
		return;
	}
	/* a fresh ring asks for one signal in each direction; what is marked counts, though */
	bool good = true;
	(void)fill_and_drain(peer, &producer, &ticks);
	for (unsigned i = 1; i < BATCHES; i++)
		good &= fill_and_drain(peer, &producer, &ticks);
	row_print("ring_element", ticks, BATCHES * BENCH_RING_COUNT, BENCH_RING_MARK);
	if (!good)
		row_fail("ring_element");
}


void rows_with_peer(struct by_env *env, struct peer *peer)
{
	rows_ipc(peer);
	row_empty(peer);
	row_bytes(peer);
	row_cap(env, peer);
	row_signal(env, peer);
	row_ring(env, peer);
}
