/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capabilities that travel through two other components, and come home; and what those
 * have when an object or a component is gone.
 */
#include "parts.h"
#include <by/cap.h>
#include <by/clock.h>
#include <by/kernel.h>
#include <by/object/dataspace.h>
#include <by/string.h>
#include <peer.h>

enum { CYCLES = 300, SIZE = 12288 };

static struct peer peers[2];


static void ended(struct by_child *who, int code)
{
	(void)who, (void)code;
	FAIL("a child has ended");
}


static struct by_child_ops const ops = { .exited = ended };


static void start(struct peer *peer, struct by_endpoint *endpoint)
{
	static struct peer_args args = {
		.child = {
			.name = "holder", .binary = "endpoint_peer", .ram = 640 << 10, .caps = 80,
			.config = "config | role: server\n-\n", .ops = &ops,
		},
	};
	uint64_t path = 0;

	args.endpoint = endpoint;
	peer_start(the_env, peer, &args);
	while (!by_cap_valid(peer->above.next.session.cap))
		by_sleep_us(200); /* until it has offered its relay */
	CHECK_STATUS(by_relay_nest(&peer->above.next, 1, &path), BY_OK);
}


static void end(struct peer *peer)
{
	peer_end(peer);
	by_cap_drop(peer->above.next.session.cap);
}


/* Pass capabilities to a child and get them back, in order; gives their kinds there. */
static uint32_t pass(struct peer *peer, by_cap_t const *caps, by_cap_t *back)
{
	uint32_t kinds = 0;

	CHECK_STATUS(by_relay_swap(&peer->above.next, caps[0], caps[1], caps[2], caps[3], &kinds,
	                           &back[3], &back[2], &back[1], &back[0]), BY_OK);

	return kinds;
}


static void drop(by_cap_t *caps)
{
	for (unsigned i = 0; i < 4; i++)
		by_cap_drop(caps[i]);
}


/* From us to one child, back, and from there to the other one. */
static void test_way_home(by_cap_t ds)
{
	by_cap_t const own = peers[0].above.object.target.cap;
	by_cap_t const out[4] = {
		ds, own, peers[0].above.next.session.cap, peers[1].above.next.session.cap,
	};
	by_cap_t back[4] = { BY_NO_CAP }, again[4] = { BY_NO_CAP };
	uint64_t size = 0, path = 0;
	uint32_t flags;

	check_part("there and back");
	CHECK_EQ(pass(&peers[0], out, back), BY_CAP_FOREIGN << 12 | BY_CAP_FOREIGN << 8
	                                     | BY_CAP_OWN << 4 | BY_CAP_FOREIGN);
	CHECK(by_cap_valid(back[0]) && by_cap_valid(back[2]) && by_cap_valid(back[3]));
	CHECK(!by_cap_valid(back[1])); /* it is ours, and we know it */
	CHECK_EQ(pass(&peers[1], back, again), BY_CAP_FOREIGN << 12 | BY_CAP_NONE << 8
	                                       | BY_CAP_FOREIGN << 4 | BY_CAP_OWN);
	drop(back);
	CHECK_STATUS(by_dataspace_info(&(struct by_dataspace){ again[0] }, &size, &flags), BY_OK);
	CHECK_EQ(size, SIZE);
	for (unsigned i = 2; i < 4; i++)
		CHECK_STATUS(by_relay_nest(&(struct by_relay){ .session.cap = again[i] }, 1, &path),
		             BY_OK);
	drop(again);
}


/* However often: neither we nor the child have anything more afterwards. */
static void test_often(by_cap_t ds)
{
	by_cap_t const out[4] = { ds, the_env->space.cap, ds, peers[1].above.next.session.cap };
	by_cap_t       back[4] = { BY_NO_CAP };
	struct by_pd_balance here = { .ram_quota = 0 }, there = { .ram_quota = 0 };
	unsigned       slots = 0;

	check_part("to and fro, many times");
	for (unsigned i = 0; i < CYCLES + 10; i++) {
		if (i == 10) {
			here  = check_balance(&the_env->pd);
			there = check_balance(&peers[0].child.child.pd);
			slots = by_slots_free();
		}
		CHECK_EQ(pass(&peers[0], out, back), BY_CAP_FOREIGN * 0x1111);
		drop(back);
	}
	struct by_pd_balance const here_now  = check_balance(&the_env->pd);
	struct by_pd_balance const there_now = check_balance(&peers[0].child.child.pd);

	CHECK(!memcmp(&here, &here_now, sizeof(here)));
	CHECK(!memcmp(&there, &there_now, sizeof(there)));
	CHECK_EQ(by_slots_free(), slots);
}


/* The child calls what it got as its session, but that is another object by now. */
static void test_stale(struct by_endpoint *endpoint)
{
	struct relay *above = &peers[0].above;
	uint64_t      path = 0;

	check_part("a new object in the place of an old one");
	CHECK_STATUS(by_relay_nest(&above->next, 2, &path), BY_OK);
	CHECK_EQ(path, 0xae);
	by_cap_t const next = above->next.session.cap;

	for (unsigned i = 0; i < 10; i++) {
		by_object_withdraw(&above->object);
		CHECK_STATUS(by_relay_nest(&(struct by_relay){ .session.cap = next }, 2, &path),
		             BY_GONE);
		check_need(the_env, relay_init(above, endpoint, 0xb), "relay");
		CHECK_STATUS(by_relay_nest(&(struct by_relay){ .session.cap = next }, 2, &path),
		             BY_GONE);
	}
	above->next.session.cap = next;
}


/* Objects, and then a component, end while others have capabilities to them. */
static void test_ends(by_cap_t ds)
{
	by_cap_t const second = peers[1].above.next.session.cap;
	by_cap_t const out[4] = { ds, second, BY_NO_CAP, BY_NO_CAP };
	by_cap_t       back[4] = { BY_NO_CAP };
	uint64_t       path = 0;

	check_part("objects and components that end");
	CHECK_EQ(pass(&peers[0], out, back), BY_CAP_FOREIGN << 12 | BY_CAP_FOREIGN << 8);
	drop(back);
	CHECK_STATUS(by_pd_ram_free(&the_env->pd, ds), BY_OK);
	CHECK_EQ(pass(&peers[0], out, back), BY_CAP_DEAD << 12 | BY_CAP_FOREIGN << 8);
	drop(back);
	peer_end(&peers[1]);
	CHECK_STATUS(by_relay_nest(&(struct by_relay){ .session.cap = second }, 1, &path), BY_GONE);
	CHECK_EQ(pass(&peers[0], out, back), BY_CAP_DEAD << 12 | BY_CAP_DEAD << 8);
	CHECK(!by_cap_valid(back[0]) && !by_cap_valid(back[1]));
	by_cap_drop(second);

	/* who has kept the last copies of what is gone does not mind its own end either */
	CHECK_STATUS(by_relay_nest(&peers[0].above.next, 1, &path), BY_OK);
	end(&peers[0]);
}


void test_delegation(struct by_endpoint *endpoint)
{
	struct by_pd_balance before = { .ram_quota = 0 };

	for (unsigned round = 0; round < 2; round++) {
		by_cap_t ds = BY_NO_CAP;

		before = check_balance(&the_env->pd);
		start(&peers[0], endpoint);
		start(&peers[1], endpoint);
		check_need(the_env, by_pd_ram_alloc(&the_env->pd, SIZE, BY_PD_CACHE_CACHED, 12, 0, &ds),
		           "RAM");
		test_way_home(ds);
		test_often(ds);
		test_stale(endpoint);
		test_ends(ds);
		by_cap_drop(ds);
	}
	struct by_pd_balance const now = check_balance(&the_env->pd);

	CHECK(!memcmp(&before, &now, sizeof(now)));
}
