/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls within the component: who serves them, nested ones, cycles, one-way calls, the
 * largest message, capabilities.
 */
#include "parts.h"
#include <by/cap.h>
#include <by/kernel.h>
#include <by/object/dataspace.h>
#include <by/string.h>

enum { CALLERS = 3, ROUNDS = 200, CHAIN = 16 };

static struct relay first[ENDPOINTS], second[ENDPOINTS];


/*
 * Several endpoints, several objects at each, several callers
 */

static by_status_t fill_often(struct caller *caller)
{
	struct by_relay relay = relay_handle(caller->relay);
	unsigned char most[100], back[BY_RELAY_FILL_MOST_BACK_MAX];
	unsigned char rest_back[BY_RELAY_FILL_REST_BACK_MAX];

	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t len = 0, rest_len = 1;

		memset(most, (int)(caller->number + i), sizeof(most));
		by_status_t const status = by_relay_fill(&relay, most, i % 100, most, 0, back, &len,
		                                         rest_back, &rest_len);
		if (status != BY_OK)
			return status;
		if (len != i % 100 || rest_len || memcmp(most, back, len))
			return BY_MALFORMED;
	}

	return BY_OK;
}


static void test_several(void)
{
	static struct caller callers[ENDPOINTS * CALLERS];
	static char const *const names[] = { "ep0", "ep1", "ep2", "ep3" };

	check_part("several endpoints, objects, callers");
	for (unsigned i = 0; i < ENDPOINTS * CALLERS; i++) {
		callers[i].relay  = i % 2 ? &first[i % ENDPOINTS] : &second[i % ENDPOINTS];
		callers[i].call   = fill_often;
		callers[i].number = i * 50;
		caller_start(&callers[i], NULL);
	}
	for (unsigned i = 0; i < ENDPOINTS * CALLERS; i++) {
		caller_end(&callers[i]);
		CHECK_STATUS(callers[i].status, BY_OK);
		CHECK(callers[i].relay->thread
		      && !by_strcmp(callers[i].relay->thread, names[i % ENDPOINTS]));
	}
}


/*
 * Nested calls
 */

static void test_nested(void)
{
	struct by_relay one = relay_handle(&first[0]);
	uint64_t path = 0;

	check_part("nested calls, cycles refused");
	for (unsigned i = 0; i + 1 < ENDPOINTS; i++)
		first[i].next = relay_handle(&first[i + 1]);
	for (unsigned depth = 1; depth <= ENDPOINTS; depth++) {
		CHECK_STATUS(by_relay_nest(&one, depth, &path), BY_OK);
		CHECK_EQ(path, 0x4321u & ((1u << 4 * depth) - 1));
	}

	/* each way of coming back to who is waiting already, also to another object of it */
	for (unsigned i = 0; i < ENDPOINTS; i++) {
		first[ENDPOINTS - 1].next = relay_handle(i % 2 ? &first[i] : &second[i]);
		CHECK_STATUS(by_relay_nest(&one, ENDPOINTS, &path), BY_OK);
		CHECK_STATUS(by_relay_nest(&one, ENDPOINTS + 1, &path), BY_DEADLOCK);
	}
	first[0].next = relay_handle(&first[0]);
	CHECK_STATUS(by_relay_nest(&one, 2, &path), BY_DEADLOCK);
	CHECK_STATUS(by_relay_nest(&one, 1, &path), BY_OK);
}


/* A chain of more than 16 callers is refused; one of 16 is not. */
static void test_chain(void)
{
	static struct by_endpoint long_chain[CHAIN + 1];
	static struct relay       relay[CHAIN + 1];
	struct by_endpoint_args const args = { .name = "chain", .stack_size = 8192 };
	uint64_t path = 0;

	check_part("long chains");
	for (unsigned i = 0; i <= CHAIN; i++) {
		check_need(the_env, by_endpoint_init(&long_chain[i], the_env, &args), "endpoint");
		relay_make(&relay[i], &long_chain[i], i % 15 + 1);
		if (i)
			relay[i - 1].next = relay_handle(&relay[i]);
	}
	struct by_relay head = relay_handle(&relay[0]);

	CHECK_STATUS(by_relay_nest(&head, CHAIN, &path), BY_OK);
	CHECK_EQ(path, 0x1fedcba987654321);
	CHECK_STATUS(by_relay_nest(&head, CHAIN + 1, &path), BY_DEADLOCK);
	CHECK_STATUS(by_relay_nest(&head, CHAIN, &path), BY_OK);
	for (unsigned i = 0; i <= CHAIN; i++) {
		relay_end(&relay[i]);
		by_endpoint_fini(&long_chain[i]);
	}
}


/*
 * Messages
 */

static void test_largest(void)
{
	struct by_relay relay = relay_handle(&first[1]);
	unsigned char most[BY_RELAY_FILL_MOST_MAX], rest[BY_RELAY_FILL_REST_MAX];
	unsigned char most_back[sizeof(most)], rest_back[sizeof(rest)];
	size_t        most_len = 0, rest_len = 0;

	check_part("largest message");
	for (size_t i = 0; i < sizeof(most); i++)
		most[i] = (unsigned char)(i * 7 + 3);
	for (size_t i = 0; i < sizeof(rest); i++)
		rest[i] = (unsigned char)(i * 11 + 5);
	memset(most_back, 0, sizeof(most_back));
	memset(rest_back, 0, sizeof(rest_back));
	CHECK_STATUS(by_relay_fill(&relay, most, sizeof(most), rest, sizeof(rest), most_back,
	                           &most_len, rest_back, &rest_len), BY_OK);
	CHECK_EQ(most_len, sizeof(most));
	CHECK_EQ(rest_len, sizeof(rest));
	CHECK(!memcmp(most, most_back, sizeof(most)) && !memcmp(rest, rest_back, sizeof(rest)));
	CHECK_STATUS(by_relay_fill(&relay, most, sizeof(most) + 1, rest, 0, most_back, &most_len,
	                           rest_back, &rest_len), BY_INVALID);
}


static void test_caps(void)
{
	struct by_relay relay = relay_handle(&first[2]);
	by_cap_t        ds = BY_NO_CAP, dead = BY_NO_CAP, back[4] = { { 0 } };
	uint32_t        kinds = 0, flags = 0;
	uint64_t        size = 0;

	check_part("four capabilities each way");
	CHECK_STATUS(by_relay_swap(&relay, BY_NO_CAP, BY_NO_CAP, BY_NO_CAP, BY_NO_CAP, &kinds,
	                           &back[3], &back[2], &back[1], &back[0]), BY_OK);
	unsigned const slots = by_slots_free(); /* both sides have named theirs */

	check_need(the_env, by_pd_ram_alloc(&the_env->pd, 12288, BY_PD_CACHE_CACHED, 12, 0, &ds), "RAM");
	check_need(the_env, by_pd_ram_alloc(&the_env->pd, 4096, BY_PD_CACHE_CACHED, 12, 0, &dead), "RAM");
	check_need(the_env, by_pd_ram_free(&the_env->pd, dead), "RAM");
	for (unsigned i = 0; i < 50; i++) {
		CHECK_STATUS(by_relay_swap(&relay, ds, first[3].object.target.cap, BY_NO_CAP, dead,
		                           &kinds, &back[3], &back[2], &back[1], &back[0]), BY_OK);
		CHECK_EQ(kinds, BY_CAP_FOREIGN << 12 | BY_CAP_OWN << 8 | BY_CAP_NONE << 4
		                | BY_CAP_DEAD);
		/* what is ours comes back as such, in no slot */
		CHECK(!by_cap_valid(back[1]) && !by_cap_valid(back[2]) && !by_cap_valid(back[3]));
		CHECK(back[0].slot != ds.slot);
		struct by_dataspace copy = { .cap = back[0] };

		CHECK_STATUS(by_dataspace_info(&copy, &size, &flags), BY_OK);
		CHECK_EQ(size, 12288);
		by_cap_drop(back[0]);
	}
	/* four at once */
	CHECK_STATUS(by_relay_swap(&relay, ds, the_env->space.cap, the_env->pd.session.cap, ds, &kinds,
	                           &back[3], &back[2], &back[1], &back[0]), BY_OK);
	CHECK_EQ(kinds, BY_CAP_FOREIGN * 0x1111);
	for (unsigned i = 0; i < 4; i++) {
		CHECK(by_cap_valid(back[i]));
		by_cap_drop(back[i]);
	}
	CHECK_STATUS(by_relay_swap(&relay, BY_NO_CAP, BY_NO_CAP, BY_NO_CAP, BY_NO_CAP, &kinds,
	                           &back[3], &back[2], &back[1], &back[0]), BY_OK);
	CHECK_EQ(kinds, 0);
	CHECK_STATUS(by_pd_ram_free(&the_env->pd, ds), BY_OK);
	by_cap_drop(ds);
	by_cap_drop(dead);
	CHECK_EQ(by_slots_free(), slots);
}


/* The answer to a one-way call comes before the call is handled. */
static void test_one_way(void)
{
	struct relay         *slow  = &first[3];
	struct by_relay relay = relay_handle(slow);
	uint64_t path = 0;

	check_part("one-way calls");
	CHECK_STATUS(by_relay_note(&relay, 0), BY_OK); /* which waits for us */
	CHECK_EQ(by_atomic_load_acquire(&slow->notes), 0); /* note() */
	by_semaphore_up(&slow->go_on);
	for (uint32_t i = 1; i < RELAY_NOTES; i++)
		CHECK_STATUS(by_relay_note(&relay, i), BY_OK);
	CHECK_STATUS(by_relay_nest(&relay, 1, &path), BY_OK); /* comes behind all of them */
	CHECK_EQ(by_atomic_load_acquire(&slow->notes), RELAY_NOTES); /* note() */
	for (uint32_t i = 0; i < RELAY_NOTES; i++)
		CHECK_EQ(slow->note[i], i);
}


void test_calls(void)
{
	for (unsigned i = 0; i < ENDPOINTS; i++) {
		relay_make(&first[i], &endpoints[i], i + 1);
		relay_make(&second[i], &endpoints[i], i + 9);
	}
	test_several();
	test_nested();
	test_chain();
	test_largest();
	test_caps();
	test_one_way();
	for (unsigned i = 0; i < ENDPOINTS; i++) {
		relay_end(&first[i]);
		relay_end(&second[i]);
	}
}
