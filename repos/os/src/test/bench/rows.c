/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The measurements of calls. Each does its operation once or more to settle and to check
 * that it works, then so many times between marks.
 */
#include "bench_main.h"
#include <by/attached.h>
#include <by/cap.h>
#include <by/ipc.h>
#include <by/kernel.h>
#include <by/ring.h>

enum { COUNT = 1000, SETTLE = 20 };


/*
 * Without the server
 */

static void row_syscall(void)
{
	uintptr_t statuses = (uintptr_t)BY_OK; /* all of them in one, at the cost of one instruction */

	ROW("syscall_null", BENCH_MARK_SYSCALL, COUNT, statuses |= (uintptr_t)by_kernel_null());
	if (statuses != (uintptr_t)BY_OK)
		row_fail("syscall_null");
}


static void row_core_call(struct by_env *env)
{
	struct by_pd_balance balance = { .ram_quota = 0 };

	bool good = by_pd_account(&env->pd, &balance) == BY_OK && balance.ram_quota;

	ROW("core_call", BENCH_MARK_CORE, COUNT,
	    good &= by_pd_account(&env->pd, &balance) == BY_OK);
	if (!good || !balance.ram_quota)
		row_fail("core_call");
}


void rows_alone(struct by_env *env)
{
	row_syscall();
	row_core_call(env);
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


/*
 * One round trip of the kernel's own, with what is in the registers and in the message
 * page behind them. The reply of one call is the message of the next one, so that the
 * words change without being filled in.
 */
static inline bool raw_trip(struct by_call *call, by_cap_t raw, unsigned words)
{
	call->op  = BY_CALL_IPC_CALL;
	call->cap = raw.slot;
	call->tag = by_tag(BENCH_RAW_STEP, words, 0);
	by_call(call);

	return call->tag == by_tag(0, words, 0);
}


static void fill_page(struct by_message *msg, unsigned words)
{
	for (unsigned i = BY_MSG_REGS; i < words; i++)
		msg->word[i] = 7 + i;
}


static bool words_counted(struct by_call const *call, struct by_message const *msg,
                          unsigned words)
{
	for (unsigned i = 0; i < words; i++) {
		by_word_t const word  = i < BY_MSG_REGS ? call->word[i] : msg->word[i];
		bool const      steps = i == 0 || i == words - 1;

		if (word != 7 + i + (steps ? COUNT : 0))
			return false;
	}

	return true;
}


/*
 * One row per length, because marks need constants. The first and the last word have
 * counted the trips; the others are as they were.
 */
#define IPC_ROW(words, mark) \
	do { \
		struct by_message *const msg = by_message(); \
		struct by_call call = { .word = { 7, 8, 9, 10 } }; \
		bool good = true; \
		for (unsigned i = 0; i < SETTLE; i++) \
			good &= words_travel(peer->raw, words); \
		fill_page(msg, words); \
		ROW("ipc_" #words "w", mark, COUNT, good &= raw_trip(&call, peer->raw, words)); \
		if (!good || !words_counted(&call, msg, words) || !words_travel(peer->raw, words)) \
			row_fail("ipc_" #words "w"); \
	} while (0)


static void rows_ipc(struct peer *peer)
{
	IPC_ROW(0, BENCH_MARK_IPC_0);
	IPC_ROW(4, BENCH_MARK_IPC_4);
	IPC_ROW(8, BENCH_MARK_IPC_8);
	IPC_ROW(120, BENCH_MARK_IPC_120);
}


static void row_empty(struct peer *peer)
{
	uint32_t before = 0, after = 0;
	bool     good = by_bench_server_empty(&peer->server, &before) == BY_OK;

	ROW("rpc_empty", BENCH_MARK_EMPTY, COUNT,
	    good &= by_bench_server_empty(&peer->server, &after) == BY_OK);
	if (!good || after != before + COUNT)
		row_fail("rpc_empty");
}


/* The reply is the sum of the words, one of which is the number of the trip. */
static void row_bytes(struct peer *peer)
{
	uint64_t data[BENCH_BYTES / sizeof(uint64_t)] = { 0, [1] = 1ull << 40, [7] = 99 };
	uint64_t sum = 0;
	bool     good = true;

	ROW("rpc_64b", BENCH_MARK_BYTES, COUNT,
	    (data[0] = row_i,
	     good &= by_bench_server_bytes(&peer->server, data, sizeof(data), &sum) == BY_OK
	             && sum == (1ull << 40) + 99 + row_i));
	if (!good)
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
	ROW("rpc_cap", BENCH_MARK_CAP, COUNT, good &= pass_cap(env, peer));
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
	ROW("signal_rt", BENCH_MARK_SIGNAL, COUNT, round_trip(env, peer));
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

	by_mark_begin(BENCH_MARK_RING);
	by_ticks_t const start = by_ticks();
	for (element[0] = 0; element[0] < BENCH_RING_COUNT; element[0]++)
		good &= by_ring_put(producer, element) == BY_OK;
	good &= !by_ring_publish(producer);
	*ticks += by_ticks() - start;
	by_mark_end(BENCH_MARK_RING);

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
	row_add("ring_element", ticks, BATCHES * BENCH_RING_COUNT, BENCH_MARK_RING);
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
