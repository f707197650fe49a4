/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Large operations: each request does a bounded amount of work and answers 'again' as
 * long as there is more, nothing is forgotten in between, and what one client has begun
 * keeps nobody else from going on.
 */
#include "census.h"
#include "inside.h"
#include "../src/console.h"
#include "../src/reap.h"
#include "../src/work.h"

UNIT_MAIN("core-bound")

enum { MOST_CALLS = 16, MANY = 150, MACHINE = 48 * MIB };

static struct host_child one, two;
static struct census     before, after;
static unsigned          rounds;

#define BEGIN() do { CHECK_CENSUS(&before); CHECK(host_as(&host_init)); } while (0)
#define END()   do { host_core(); CHECK_CENSUS(&after); CHECK_SAME(&before, &after); } while (0)

/**
 * What the stubs do about 'again', but with a census after each request, and with a bound
 * for each. The last status is in 'status', the number of requests in 'rounds'.
 */
#define REPEAT(client, request) \
	do { \
		rounds = 0; \
		do { \
			sim_calls_reset(); \
			status = request; \
			rounds++; \
			CHECK(sim_calls() <= MOST_CALLS); \
			CHECK(inside_work_spent() <= WORK_REQUEST); \
			host_core(); \
			CHECK_CENSUS(NULL); \
			CHECK(host_as(client)); \
		} while (status == BY_AGAIN); \
	} while (0)

static by_status_t status;


/** A request with a capability (perhaps none) and a number, once; its status. */
static by_status_t ask(by_cap_t gate, unsigned opcode, by_cap_t cap, uint64_t word)
{
	struct by_message *msg = by_message();

	memset(msg->word, 0, sizeof(msg->word));
	memcpy(msg->word, &word, sizeof(word));
	msg->send_cap[0] = cap.slot;
	by_tag_t tag = host_request(gate, by_tag(opcode, by_rpc_words(sizeof(word)), 1));

	return by_tag_status(tag) != BY_OK ? by_tag_status(tag)
	       : BY_STATUS((uintptr_t)(uint32_t)by_message()->word[0]);
}


static by_status_t alloc(struct by_pd *pd, uint64_t size, by_cap_t *ds)
{
	return by_pd_ram_alloc(pd, size, BY_PD_CACHE_CACHED, 12, 0, ds);
}


static by_status_t attach(struct by_region_map *map, by_cap_t ds, uint64_t at, unsigned flags)
{
	uint64_t got;

	return by_region_map_attach(map, ds, 0, 0, at, flags | BY_ATTACH_AT, &got);
}


static by_status_t open_rm(uint32_t id, struct by_rm *rm)
{
	return host_open(id, "RM", "", 0, 0, NULL, 0, &rm->session.cap);
}


/** A managed dataspace; its map and its capability. */
static by_status_t managed(struct by_rm *rm, uint64_t size, struct by_region_map *map, by_cap_t *ds)
{
	by_status_t result = by_rm_create(rm, size, &map->cap);

	return result == BY_OK ? by_region_map_dataspace(map, ds) : result;
}


CORE_TEST_ON(memory_attached_in_many_places_is_freed_in_parts, .ram = MACHINE)
{
	by_cap_t ds;

	BEGIN();
	CHECK_STATUS(alloc(&host_pd, 64 * KIB, &ds), BY_OK);
	for (unsigned i = 0; i < MANY; i++)
		CHECK_STATUS(attach(&host_space, ds, 0x50000000 + i * 64 * KIB, i % 2), BY_OK);
	REPEAT(&host_init, ask(host_pd.session.cap, BY_PD_OPCODE_RAM_FREE, ds, 0));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 5 && rounds < MANY);
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_BAD_CAP);
	host_drop(&host_init, ds);
	END();
}


CORE_TEST_ON(memory_is_sealed_in_parts, .ram = MACHINE)
{
	struct by_region_map map;
	struct by_rm         rm;
	by_cap_t             ds, outer;
	by_paddr_t           pa;

	BEGIN();
	CHECK_STATUS(alloc(&host_pd, 64 * KIB, &ds), BY_OK);
	CHECK_STATUS(open_rm(1, &rm), BY_OK);
	CHECK_STATUS(managed(&rm, MIB, &map, &outer), BY_OK);
	CHECK_STATUS(attach(&map, ds, 0, BY_ATTACH_WRITE), BY_OK);
	for (unsigned i = 0; i < MANY; i++)
		CHECK_STATUS(attach(&host_space, i % 10 ? ds : outer, 0x50000000 + i * MIB,
		                    i % 3 ? BY_ATTACH_WRITE : 0), BY_OK);
	for (unsigned i = 0; i < MANY; i++)
		CHECK(host_access(0x50000000 + i * MIB, i % 3 ? BY_ACCESS_WRITE : BY_ACCESS_READ, &pa));
	REPEAT(&host_init, ask(host_pd.session.cap, BY_PD_OPCODE_RAM_SEAL, ds, 0));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 5 && rounds < MANY);
	CHECK(host_access(0x50000000 + MIB, BY_ACCESS_READ, &pa));
	CHECK(!host_access(0x50000000 + MIB, BY_ACCESS_WRITE, &pa));
}


CORE_TEST_ON(a_large_range_is_detached_in_parts, .ram = MACHINE)
{
	bool const           wide = sizeof(by_word_t) == 8;
	uint64_t const       size = (uint64_t)(wide ? 8192 : 512) << 20;
	uint64_t const       at   = (uint64_t)(wide ? 16384 : 1024) << 20;
	struct by_region_map map;
	struct by_rm         rm;
	by_cap_t             outer, ds;
	by_paddr_t           pa;

	BEGIN();
	CHECK_STATUS(open_rm(1, &rm), BY_OK);
	CHECK_STATUS(managed(&rm, size, &map, &outer), BY_OK);
	CHECK_STATUS(alloc(&host_pd, MIB, &ds), BY_OK);
	for (unsigned i = 0; i < MANY; i++)
		CHECK_STATUS(attach(&map, ds, i * (size / MANY & ~(uint64_t)0xfff), BY_ATTACH_WRITE), BY_OK);
	CHECK_STATUS(attach(&host_space, outer, at, BY_ATTACH_WRITE), BY_OK);
	for (unsigned i = 0; i < MANY; i++)
		CHECK(host_access(at + i * (size / MANY & ~(uint64_t)0xfff), BY_ACCESS_WRITE, &pa));
	REPEAT(&host_init, ask(host_space.cap, BY_REGION_MAP_OPCODE_DETACH, BY_NO_CAP, at));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 2);
	CHECK_STATUS(by_region_map_detach(&host_space, at), BY_NOT_FOUND);

	/* what is attached within, seen from nowhere, goes quickly; the map as a whole in parts */
	REPEAT(&host_init, ask(host_parent.cap, BY_PARENT_OPCODE_CLOSE, BY_NO_CAP, 1));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 5);
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_OK);
	host_drop(&host_init, ds);
	host_drop(&host_init, outer);
	host_drop(&host_init, map.cap);
	host_drop(&host_init, rm.session.cap);
	END();
}


/** Everything that a PD can have many of. */
static void fill_child(void)
{
	struct by_cpu cpu;
	by_cap_t      ds, ep, cap, thread;

	CHECK_STATUS(host_child(&one, 1, 16 * MIB, 1200), BY_OK);
	for (unsigned i = 0; i < 3; i++) {
		uint32_t slots;
		CHECK_STATUS(by_pd_slots_add(&one.init_pd, &slots), BY_OK);
	}
	CHECK_STATUS(host_open(2, "CPU", "", 0, 0, &(struct by_cpu_args){ 5, 16, 0 },
	                       sizeof(struct by_cpu_args), &cpu.session.cap), BY_OK);
	for (unsigned i = 0; i < 40; i++) {
		CHECK_STATUS(by_cpu_thread_create(&cpu, one.init_pd.session.cap, "many",
		                                  0x60000000 + i * PAGE_SIZE, false, &thread), BY_OK);
		host_drop(&host_init, thread);
	}
	CHECK_STATUS(by_pd_endpoint_create(&one.init_pd, one.init_thread, &ep), BY_OK);
	for (unsigned i = 0; i < MANY; i++) {
		CHECK_STATUS(by_pd_gate_create(&one.init_pd, ep, i, &cap), BY_OK);
		host_drop(&host_init, cap);
		CHECK_STATUS(by_pd_signal_create(&one.init_pd, ep, i, false, &cap), BY_OK);
		host_drop(&host_init, cap);
		CHECK_STATUS(by_pd_ram_alloc(&one.init_pd, PAGE_SIZE, 0, 12, 0, &ds), BY_OK);
		struct by_region_map space;
		CHECK_STATUS(by_pd_space(&one.init_pd, &space.cap), BY_OK);
		CHECK_STATUS(attach(&space, ds, 0x70000000 + i * PAGE_SIZE, BY_ATTACH_WRITE), BY_OK);
		host_drop(&host_init, space.cap);
		host_drop(&host_init, ds);
	}
	host_drop(&host_init, cpu.session.cap);
}


/** A second child with many things, whose sessions have the numbers 3 and 4. */
static void fill_other(void)
{
	uint32_t slots;
	by_cap_t ds;

	CHECK_STATUS(host_child(&two, 3, 2 * MIB, 200), BY_OK);
	CHECK_STATUS(by_pd_slots_add(&two.init_pd, &slots), BY_OK);
	for (unsigned i = 0; i < 20; i++)
		CHECK_STATUS(by_pd_ram_alloc(&two.init_pd, PAGE_SIZE, 0, 12, 0, &ds), BY_OK);
}


CORE_TEST_ON(a_pd_with_many_things_is_closed_in_parts, .ram = MACHINE)
{
	BEGIN();
	fill_child();
	REPEAT(&host_init, ask(host_parent.cap, BY_PARENT_OPCODE_CLOSE, BY_NO_CAP, 1));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 20);
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


/* Each step of the end finds the PD in another state, and the kernel's part of it, too. */
CORE_TEST_ON(a_map_is_changed_while_a_pd_that_sees_it_ends, .ram = MACHINE)
{
	struct by_region_map map, space;
	struct by_rm         rm;
	by_cap_t             outer, ds;
	unsigned             changes = 0;

	BEGIN();
	fill_child();
	CHECK_STATUS(open_rm(5, &rm), BY_OK);
	CHECK_STATUS(managed(&rm, 2 * MIB, &map, &outer), BY_OK);
	CHECK_STATUS(alloc(&host_pd, PAGE_SIZE, &ds), BY_OK);
	CHECK_STATUS(by_pd_space(&one.init_pd, &space.cap), BY_OK);
	CHECK_STATUS(attach(&space, outer, 0x50000000, BY_ATTACH_WRITE), BY_OK);
	do {
		inside_work(INSIDE_WORK_LEAST);
		status = ask(host_parent.cap, BY_PARENT_OPCODE_CLOSE, BY_NO_CAP, 1);
		inside_work(WORK_REQUEST);
		CHECK_STATUS(attach(&map, ds, 0, BY_ATTACH_WRITE), BY_OK);
		CHECK_STATUS(by_region_map_detach(&map, 0), BY_OK);
		changes++;
	} while (status == BY_AGAIN);
	CHECK_STATUS(status, BY_OK);
	CHECK(changes > 100);
	host_drop(&host_init, space.cap);
	CHECK_STATUS(host_close(2), BY_OK);
	CHECK_STATUS(host_close(5), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_OK);
	host_drop(&host_init, ds);
	host_drop(&host_init, outer);
	host_drop(&host_init, map.cap);
	host_drop(&host_init, rm.session.cap);
	END();
}


CORE_TEST_ON(a_cpu_session_with_many_threads_is_closed_in_parts, .ram = MACHINE)
{
	BEGIN();
	fill_child();
	REPEAT(&host_init, ask(host_parent.cap, BY_PARENT_OPCODE_CLOSE, BY_NO_CAP, 2));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 5);
	CHECK_STATUS(host_close(1), BY_OK);
	END();
}


enum { PIECES = 400, SMALL_MACHINE = 3 * MIB };

/** Room for the capabilities of so many pieces. */
static void more_slots(void)
{
	uint32_t slots;

	CHECK(host_as(&host_init));
	for (unsigned i = 0; i < 3; i++)
		CHECK_STATUS(by_pd_slots_add(&host_pd, &slots), BY_OK);
	host_core();
}


/** Leave init memory in pieces of two pages only. */
static void cut_memory(by_cap_t piece[PIECES])
{
	unsigned count = 0, all;

	while (count < PIECES && alloc(&host_pd, 2 * PAGE_SIZE, &piece[count]) == BY_OK)
		count++;
	CHECK(count > 100 && count < PIECES);
	all = count;
	for (unsigned i = 0; i < all; i += 2) {
		CHECK_STATUS(by_pd_ram_free(&host_pd, piece[i]), BY_OK);
		host_drop(&host_init, piece[i]);
		piece[i] = BY_NO_CAP;
	}
	/* what others have left free */
	while (count < PIECES && alloc(&host_pd, 4 * PAGE_SIZE, &piece[count]) == BY_OK)
		count++;
	CHECK(count < PIECES);
	while (count < PIECES)
		piece[count++] = BY_NO_CAP;
}


static void free_pieces(by_cap_t piece[PIECES])
{
	for (unsigned i = 0; i < PIECES; i++) {
		if (!by_cap_valid(piece[i]))
			continue;
		CHECK_STATUS(by_pd_ram_free(&host_pd, piece[i]), BY_OK);
		host_drop(&host_init, piece[i]);
	}
}


/** A request for a PD, once. */
static by_status_t ask_pd(uint32_t id, uint64_t ram, uint64_t caps)
{
	struct by_message   *msg   = by_message();
	unsigned char *const block = by_rpc_at(msg, 0);
	by_cap_t             cap;

	if (by_rpc_name_slots(msg, 1) != BY_OK)
		return BY_OUT_OF_CAPS;

	memset(msg->word, 0, sizeof(msg->word));
	by_rpc_set_u32(block, id);
	by_rpc_set_u16(block + 4, 2);
	memcpy(block + 8, &ram, 8);
	memcpy(block + 16, &caps, 8);
	size_t      end    = by_rpc_put(block, 32, "PD", 2);
	by_tag_t    tag    = host_request(host_parent.cap, by_tag(BY_PARENT_OPCODE_SESSION,
	                                                          by_rpc_words(end), 0));
	by_status_t result = by_rpc_status(msg, tag, by_rpc_words(4), 1);
	if (result == BY_OK)
		result = by_rpc_take_results(msg, tag, &cap, 1);
	if (result == BY_OK)
		host_drop(&host_init, cap);

	return result;
}


CORE_TEST_ON(a_pd_is_created_in_parts_where_memory_is_in_parts, .ram = SMALL_MACHINE)
{
	static by_cap_t piece[PIECES];
	by_cap_t        cap;

	more_slots();
	BEGIN();
	cut_memory(piece);
	REPEAT(&host_init, ask_pd(1, 256 * KIB, 20));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 2 && rounds < 10);
	CHECK_STATUS(ask_pd(1, 256 * KIB, 20), BY_EXISTS);
	CHECK_STATUS(by_parent_session_cap(&host_parent, 1, &cap), BY_OK);
	host_drop(&host_init, cap);
	CHECK_STATUS(host_close(1), BY_OK);
	free_pieces(piece);
	END();
}


CORE_TEST_ON(a_pd_that_is_not_complete_cannot_be_used_but_closed, .ram = SMALL_MACHINE)
{
	static by_cap_t piece[PIECES];
	by_cap_t        cap;

	more_slots();
	BEGIN();
	cut_memory(piece);
	CHECK_STATUS(ask_pd(1, 256 * KIB, 20), BY_AGAIN);
	CHECK_STATUS(by_parent_session_cap(&host_parent, 1, &cap), BY_NOT_FOUND);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 1, 1, 1), BY_NOT_FOUND);
	CHECK_STATUS(ask(host_parent.cap, BY_PARENT_OPCODE_CLOSE, BY_NO_CAP, 1), BY_AGAIN);
	CHECK_STATUS(ask_pd(1, 256 * KIB, 20), BY_EXISTS);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(1), BY_NOT_FOUND);
	free_pieces(piece);
	END();
}


/** Enough for all but some of its tables. */
CORE_TEST_ON(a_pd_that_cannot_be_completed_is_closed_in_parts, .ram = SMALL_MACHINE)
{
	static by_cap_t piece[PIECES];

	more_slots();
	BEGIN();
	cut_memory(piece);
	REPEAT(&host_init, ask_pd(1, 10 * PAGE_SIZE, 20));
	CHECK_STATUS(status, BY_OUT_OF_RAM);
	CHECK(rounds > 2 && rounds < 20);
	CHECK_STATUS(host_close(1), BY_NOT_FOUND);
	free_pieces(piece);
	END();
}


/** A session whose end nobody goes on with stays as it is, and so does everybody else. */
CORE_TEST_ON(an_end_that_was_begun_can_wait, .ram = MACHINE)
{
	struct by_pd_balance balance;
	by_cap_t             cap;

	BEGIN();
	fill_child();
	CHECK_STATUS(ask(host_parent.cap, BY_PARENT_OPCODE_CLOSE, BY_NO_CAP, 1), BY_AGAIN);
	host_core();
	CHECK_CENSUS(&after);
	CHECK(after.dying > 0);
	CHECK(!host_as(&one.client)); /* its access ended at once */
	host_core();
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_pd_account(&one.init_pd, &balance), BY_GONE);
	CHECK_STATUS(by_parent_session_cap(&host_parent, 1, &cap), BY_NOT_FOUND);
	CHECK_STATUS(by_parent_upgrade(&host_parent, 1, 1, 1), BY_NOT_FOUND);
	CHECK_STATUS(host_open(1, "LOG", "", 0, 0, NULL, 0, &cap), BY_EXISTS);
	CHECK_STATUS(host_child(&two, 3, 512 * KIB, 30), BY_OK);
	CHECK_STATUS(host_close(3), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	CHECK_STATUS(host_close(1), BY_NOT_FOUND);
	CHECK_STATUS(host_close(2), BY_OK);
	END();
}


/** What a thread began to free, another one completes, and both hear of it. */
CORE_TEST_ON(two_threads_free_at_the_same_time, .ram = MACHINE)
{
	by_cap_t const pd = host_pd.session.cap;
	by_cap_t       ds[3];

	BEGIN();
	for (unsigned n = 0; n < 3; n++)
		CHECK_STATUS(alloc(&host_pd, 64 * KIB, &ds[n]), BY_OK);
	for (unsigned i = 0; i < 30; i++)
		CHECK_STATUS(attach(&host_space, ds[i % 3], 0x50000000 + i * 64 * KIB, 0), BY_OK);
	CHECK_STATUS(ask(pd, BY_PD_OPCODE_RAM_FREE, ds[0], 0), BY_AGAIN);
	CHECK_STATUS(ask(pd, BY_PD_OPCODE_RAM_FREE, ds[1], 0), BY_AGAIN);
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds[2]), BY_OK);
	CHECK_STATUS(ask(pd, BY_PD_OPCODE_RAM_FREE, ds[1], 0), BY_OK);
	CHECK_STATUS(ask(pd, BY_PD_OPCODE_RAM_FREE, ds[0], 0), BY_OK);
	CHECK_STATUS(ask(pd, BY_PD_OPCODE_RAM_FREE, ds[0], 0), BY_BAD_CAP);
	for (unsigned n = 0; n < 3; n++)
		host_drop(&host_init, ds[n]);
	END();
}


/** An allocation first completes what was being freed. */
CORE_TEST_ON(memory_that_is_being_freed_can_be_allocated, .ram = MACHINE)
{
	uint64_t const most = 16 * MIB;
	by_cap_t       ds, other, rest[64];
	unsigned       count = 0;

	BEGIN();
	CHECK_STATUS(alloc(&host_pd, most, &ds), BY_OK);
	while (count < 64 && alloc(&host_pd, MIB, &rest[count]) == BY_OK)
		count++;
	CHECK(count < 64);
	for (unsigned i = 0; i < 20; i++)
		CHECK_STATUS(attach(&host_space, ds, 0x60000000 + i * (uint64_t)MACHINE, 0), BY_OK);
	CHECK_STATUS(ask(host_pd.session.cap, BY_PD_OPCODE_RAM_FREE, ds, 0), BY_AGAIN);
	CHECK_STATUS(alloc(&host_pd, most, &other), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&host_pd, other), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&host_pd, ds), BY_OK);
	host_drop(&host_init, other);
	host_drop(&host_init, ds);
	while (count--) {
		CHECK_STATUS(by_pd_ram_free(&host_pd, rest[count]), BY_OK);
		host_drop(&host_init, rest[count]);
	}
	END();
}


/*
 * Threads that wait in a map
 */

enum { WAITERS = 40 };

static struct host_client waiter[WAITERS];
static struct by_rm       rm_session;
static struct by_region_map pager;
static by_cap_t           pager_ds, pager_signal;


/** Threads of a child wait for pages of a managed dataspace whose handler is init's. */
static bool make_waiters(void)
{
	struct by_region_map space;
	by_paddr_t           pa;
	by_cap_t             ep, thread[WAITERS];

	if (host_child(&one, 1, 4 * MIB, 400) != BY_OK || open_rm(2, &rm_session) != BY_OK
	    || managed(&rm_session, MIB, &pager, &pager_ds) != BY_OK
	    || by_pd_endpoint_create(&host_pd, host_init_cap(item_find(host_init.thread)), &ep) != BY_OK
	    || by_pd_signal_create(&host_pd, ep, 7, false, &pager_signal) != BY_OK
	    || by_region_map_fault_sigh(&pager, pager_signal) != BY_OK
	    || by_pd_space(&one.init_pd, &space.cap) != BY_OK
	    || attach(&space, pager_ds, 0x50000000, BY_ATTACH_WRITE) != BY_OK)
		return false;
	for (unsigned i = 0; i < WAITERS; i++)
		if (by_cpu_thread_create(&host_cpu, one.init_pd.session.cap, "waiter",
		                         0x60000000 + i * PAGE_SIZE, false, &thread[i]) != BY_OK
		    || by_cpu_start(&host_cpu, thread[i], 0, 0, 0) != BY_OK)
			return false;
	for (unsigned i = 0; i < WAITERS; i++)
		host_client(&waiter[i], host_id(&host_init, thread[i]));
	host_core();
	for (unsigned i = 0; i < WAITERS; i++) {
		if (!host_as(&waiter[i]) || host_access(0x50000000 + i % 8 * PAGE_SIZE, BY_ACCESS_WRITE, &pa))
			return false;
		host_core();
	}
	census_take(&after);

	return after.waiting == WAITERS && host_as(&host_init);
}


CORE_TEST_ON(threads_that_wait_in_a_map_go_on_in_parts, .ram = MACHINE)
{
	uint64_t address;
	uint32_t access;
	by_cap_t ds;

	CHECK(host_as(&host_init));
	CHECK(make_waiters());
	CHECK_EQ(host_signal(), 7);
	CHECK_STATUS(by_region_map_fault(&pager, &address, &access), BY_OK);
	CHECK_STATUS(alloc(&host_pd, 64 * KIB, &ds), BY_OK);
	sim_calls_reset();
	CHECK_STATUS(attach(&pager, ds, 0, BY_ATTACH_WRITE), BY_OK);
	CHECK(sim_calls() <= MOST_CALLS);
	host_settle();
	host_core();
	CHECK_CENSUS(&after);
	CHECK(after.waiting > 0 && after.waiting < WAITERS);

	/* the handler is called once more, and sees to the rest */
	CHECK(host_as(&host_init));
	CHECK_EQ(host_signal(), 7);
	REPEAT(&host_init, ask(pager.cap, BY_REGION_MAP_OPCODE_FAULT, BY_NO_CAP, 0));
	CHECK_STATUS(status, BY_EMPTY);
	CHECK(rounds > 1);
	host_core();
	CHECK_CENSUS(&after);
	CHECK_EQ(after.waiting, 0);
	for (unsigned i = 0; i < WAITERS; i++) {
		CHECK(host_as(&waiter[i]));
		host_core();
	}
}


/** Whoever was to be asked is gone: all threads that waited are reported, in parts. */
static void check_reported(void)
{
	struct by_cpu_fault fault;
	char                name[BY_CPU_FAULT_NAME_MAX + 1];
	by_cap_t            thread;

	host_core();
	CHECK_CENSUS(&after);
	CHECK_EQ(after.waiting, 0);
	CHECK(host_as(&host_init));
	for (unsigned i = 0; i < WAITERS; i++) {
		CHECK_STATUS(by_cpu_fault(&host_cpu, &thread, name, &fault), BY_OK);
		host_drop(&host_init, thread);
	}
	CHECK_STATUS(by_cpu_fault(&host_cpu, &thread, name, &fault), BY_EMPTY);
}


CORE_TEST_ON(threads_of_a_map_without_handler_are_reported, .ram = MACHINE)
{
	CHECK(host_as(&host_init));
	CHECK(make_waiters());
	REPEAT(&host_init, ask(pager.cap, BY_REGION_MAP_OPCODE_FAULT_SIGH, BY_NO_CAP, 0));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 1);
	check_reported();
}


CORE_TEST_ON(threads_of_a_map_whose_handler_dies_are_reported, .ram = MACHINE)
{
	CHECK(host_as(&host_init));
	CHECK(make_waiters());
	REPEAT(&host_init, ask(host_pd.session.cap, BY_PD_OPCODE_OBJECT_FREE, pager_signal, 0));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 1);
	check_reported();
}


CORE_TEST_ON(threads_of_a_map_that_is_destroyed_are_reported, .ram = MACHINE)
{
	CHECK(host_as(&host_init));
	CHECK(make_waiters());
	REPEAT(&host_init, ask(rm_session.session.cap, BY_RM_OPCODE_DESTROY, pager.cap, 0));
	CHECK_STATUS(status, BY_OK);
	CHECK(rounds > 1);
	check_reported();
}


/** A handler that comes later is told of those who wait already. */
CORE_TEST_ON(a_new_handler_hears_of_old_faults, .ram = MACHINE)
{
	by_cap_t other, ep;
	uint64_t address;
	uint32_t access;

	CHECK(host_as(&host_init));
	CHECK(make_waiters());
	while (host_signal()) { }
	ep = BY_NO_CAP;
	for (uint32_t i = BY_SLOT_FREE; i < HOST_CLIENT_SLOTS && !ep.slot; i++) {
		struct item *item = host_item(&host_init, (by_cap_t){ i });
		if (item && item->kernel == BY_OBJECT_ENDPOINT)
			ep.slot = i;
	}
	CHECK_STATUS(by_pd_signal_create(&host_pd, ep, 9, false, &other), BY_OK);
	CHECK_STATUS(by_region_map_fault_sigh(&pager, other), BY_OK);
	CHECK_EQ(host_signal(), 9);
	CHECK_STATUS(by_region_map_fault(&pager, &address, &access), BY_OK);
	CHECK_EQ(address, 0);
	host_core();
	CHECK_CENSUS(&after);
	CHECK_EQ(after.waiting, WAITERS);
}


/*
 * Text
 */

CORE_TEST(a_text_of_many_lines_is_written_in_parts)
{
	static char log[CONSOLE_RING + 1];
	char        text[BY_LOG_WRITE_TEXT_MAX], *lines;

	BEGIN();
	memset(text, '\n', sizeof(text));
	for (unsigned i = 0; i < sizeof(text); i += 2)
		text[i] = (char)('a' + i / 2 % 26);
	sim_calls_reset();
	CHECK_STATUS(by_log_write(&host_log, text, sizeof(text)), BY_OK);
	CHECK(sim_calls() <= MOST_CALLS && sim_waits() > 5);
	host_core();
	snprintf(log, sizeof(log), "%s", host_log_text());
	lines = strstr(log, "[init] a\n");
	CHECK(lines);
	for (unsigned i = 0; i < sizeof(text) / 2; i++, lines += 9) {
		char line[16];
		snprintf(line, sizeof(line), "[init] %c\n", (char)('a' + i % 26));
		CHECK(!strncmp(lines, line, 9));
	}
	CHECK(!*lines);
	CHECK(host_as(&host_init));
	END();
}


CORE_TEST(the_log_is_copied_in_parts)
{
	struct by_rom rom;
	static char   text[CONSOLE_RING];
	by_cap_t      ds;
	uint64_t      size;

	for (unsigned i = 0; i < 2 * CONSOLE_RING / 16; i++)
		console_write("0123456789abcde\n", 16);
	BEGIN();
	CHECK_STATUS(host_open(1, "ROM", "core_log", 0, 0, NULL, 0, &rom.session.cap), BY_OK);
	sim_calls_reset();
	CHECK_STATUS(by_rom_dataspace(&rom, &ds, &size), BY_OK);
	CHECK(sim_calls() <= MOST_CALLS && sim_waits() > 1);
	CHECK_EQ(size, CONSOLE_RING);
	memcpy(text, sim_memory(((struct ds *)host_item(&host_init, ds))->pa), sizeof(text));
	host_core();
	CHECK(!memcmp(text, host_log_text(), sizeof(text)));
	CHECK(host_as(&host_init));
	CHECK_STATUS(by_rom_update(&rom, &size), BY_OK);
	CHECK_STATUS(host_close(1), BY_OK);
	host_drop(&host_init, ds);
	host_drop(&host_init, rom.session.cap);
	END();
}


/** Text that is overwritten while the log is copied. */
CORE_TEST(a_copy_of_the_log_is_overtaken)
{
	static char buffer[PAGE_SIZE];
	uint64_t    from, end;

	for (unsigned i = 0; i < 2 * CONSOLE_RING / 16; i++)
		console_write("0123456789abcdef", 16);
	CHECK_EQ(console_range(&from, &end), CONSOLE_RING);
	console_write("new", 3);
	CHECK_EQ(console_copy(buffer, PAGE_SIZE, from, end), PAGE_SIZE);
	CHECK(!memcmp(buffer, "\n\n\n", 3));
	CHECK(buffer[3] != '\n');
	CHECK_EQ(console_copy(buffer, PAGE_SIZE, end - 10, end), 10);
	CHECK_EQ(console_copy(buffer, PAGE_SIZE, end, end), 0);
	CHECK_EQ(console_copy(buffer, PAGE_SIZE, end + PAGE_SIZE, end), 0);
}


/*
 * The least that a request can do at once
 */

/** Everything that init can have, with contents; the rest of the world is a child's. */
static void open_all(void)
{
	struct by_io_mem_args  io_mem  = { 0xf0000000, PAGE_SIZE, 0 };
	struct by_io_port_args io_port = { 0x60, 4 };
	struct by_irq_args     irq     = { 7, 0 };
	struct by_cpu_args     cpu     = { 5, 16, 0 };
	struct { const char *service, *label; const void *args; size_t len; } other[] = {
		{ "ROM", "core_log", NULL, 0 }, { "ROM", "data", NULL, 0 }, { "LOG", "", NULL, 0 },
		{ "IO_MEM", "", &io_mem, sizeof(io_mem) }, { "IO_PORT", "", &io_port, sizeof(io_port) },
		{ "IRQ", "", &irq, sizeof(irq) }, { "CPU", "", &cpu, sizeof(cpu) },
		{ "ROM", "core_accounts", NULL, 0 }, { "Machine", "", NULL, 0 },
	};
	uint64_t size;
	by_cap_t cap, ds;

	for (unsigned i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		CHECK_STATUS(host_open(10 + i, other[i].service, other[i].label, 0, 0, other[i].args,
		                       other[i].len, &cap), BY_OK);
		if (!strcmp(other[i].service, "ROM"))
			CHECK_STATUS(by_rom_dataspace(&(struct by_rom){ { .cap = cap } }, &ds, &size), BY_OK);
		if (!strcmp(other[i].service, "IO_MEM"))
			CHECK_STATUS(by_io_mem_dataspace(&(struct by_io_mem){ { .cap = cap } }, &ds), BY_OK);
		if (cap.slot)
			CHECK_STATUS(attach(&host_space, ds, 0x40000000 + i * MIB, 0), BY_OK);
	}
}


/** Init itself, and with it all there is, so many units of work at once; core never panics. */
static void end_everything(int units)
{
	struct item *session = &host_init_pd->session;
	bool         done    = false;

	CHECK(host_as(&host_init));
	open_all();
	CHECK(make_waiters());
	fill_other();
	host_core();
	CHECK_CENSUS(&before);
	CHECK(before.waiting == WAITERS);
	work_set(units);
	item_doom(session);
	for (rounds = 0; !done; rounds++) {
		CHECK(rounds < 100000);
		work_set(units);
		done = item_reap(session);
	}
	work_set(WORK_UNLIMITED);
	CHECK(rounds > 100);
	CHECK_EQ(account_core.caps_used, 0);
}


CORE_TEST_ON(the_end_of_everything_in_the_smallest_parts, .ram = MACHINE)
{
	end_everything(INSIDE_WORK_LEAST);
}


CORE_TEST_ON(the_end_of_everything_stops_wherever_it_can, .ram = MACHINE)
{
	inside_work_halting(true);
	end_everything(WORK_UNLIMITED);
	inside_work_halting(false);
}


/*
 * What no request leads to
 */

CORE_TEST(an_undeclared_status_is_logged)
{
	by_rpc_undeclared("some_interface", 3, BY_BUSY);
	CHECK(strstr(host_log_text(), "core: some_interface, opcode 3 answers the undeclared status 21"));
}


CORE_TEST(a_parent_interface_that_cannot_be_made_leaves_nothing)
{
	struct item *parent;
	by_status_t  result = BY_OUT_OF_RAM;
	unsigned     refused;

	CHECK_CENSUS(&before);
	for (refused = 0; result != BY_OK; refused++) {
		CHECK(refused < 10);
		inside_fail_at((int)refused);
		result = parent_create(host_init_pd, &parent);
		inside_fail_at(-1);
		CHECK_CENSUS(&after);
		if (result != BY_OK)
			CHECK_SAME(&before, &after);
	}
	CHECK(refused > 2);
	item_close(parent);
	CHECK_CENSUS(&after);
	CHECK_SAME(&before, &after);
}


CORE_TEST(a_thread_whose_name_is_too_long)
{
	struct thread *init = BY_CONTAINER_OF(item_find(host_init.thread), struct thread, item);
	struct thread *made;
	struct thread_args args = { "a name that has one letter more x", 0x50000000, false };

	CHECK_CENSUS(&before);
	CHECK_STATUS(thread_create(init->cpu, init->map, &args, &made), BY_LIMIT);
	CHECK_CENSUS(&after);
	CHECK_SAME(&before, &after);
}


/** A fault of a thread that has gone meanwhile. */
CORE_TEST(a_fault_of_nobody_is_ignored)
{
	struct fault_info fault = { BY_FAULT_PAGE, BY_ACCESS_READ, 0x1000, 0, 0 };

	CHECK_CENSUS(&before);
	thread_fault(12345, &fault);
	CHECK_CENSUS(&after);
	CHECK_SAME(&before, &after);
}


/** Code behind a managed dataspace is made visible and mapped when it is used. */
CORE_TEST(code_in_a_managed_dataspace_is_mapped_by_a_fault)
{
	struct by_region_map map;
	struct by_rm         rm;
	by_cap_t             ds, outer;
	by_paddr_t           pa;

	BEGIN();
	CHECK_STATUS(alloc(&host_pd, MIB, &ds), BY_OK);
	CHECK_STATUS(open_rm(1, &rm), BY_OK);
	CHECK_STATUS(managed(&rm, MIB, &map, &outer), BY_OK);
	CHECK_STATUS(attach(&map, ds, 0, BY_ATTACH_EXEC), BY_OK);
	CHECK_STATUS(attach(&host_space, outer, 0x50000000, BY_ATTACH_EXEC), BY_OK);
	CHECK(host_access(0x50000000 + 300 * KIB, BY_ACCESS_EXEC, &pa));
	CHECK_EQ(pa & ~(by_paddr_t)0xfff, ((struct ds *)host_item(&host_init, ds))->pa + 300 * KIB);
	CHECK(!host_access(0x50000000 + 300 * KIB, BY_ACCESS_WRITE, &pa));
}
