/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls across components: to and fro, and the end of either side in the middle.
 */
#include "raw.h"
#include <by/cap.h>
#include <by/kernel.h>
#include <by/string.h>
#include <peer.h>

static struct peer           peer;
static by_atomic_u32         crashes, exits;
static struct by_pd_balance  before;
static struct by_semaphore   ended;


static void exited(struct by_child *who, int code)
{
	(void)who;
	CHECK_EQ(code, 3);
	by_atomic_fetch_add(&exits, 1);
	by_semaphore_up(&ended);
}


static void faulted(struct by_child *who, char const *thread, struct by_cpu_fault const *fault)
{
	(void)thread;
	CHECK(!by_strcmp(who->name, "peer"));
	CHECK(fault->cause == BY_FAULT_ILLEGAL || fault->cause == BY_FAULT_BREAKPOINT);
	by_atomic_fetch_add(&crashes, 1);
	by_semaphore_up(&ended);
}


static void start(bool client)
{
	static struct by_child_ops const ops  = { .exited = exited, .faulted = faulted };
	static struct peer_args          args = {
		.child = {
			.name = "peer", .binary = "endpoint_peer", .ram = 640 << 10, .caps = 80,
			.ops = &ops,
		},
	};

	args.child.config = client ? "config | role: client\n-\n" : "config | role: server\n-\n";
	args.endpoint = &endpoints[1]; /* so that the main thread remains a parent */
	before = check_balance(&the_env->pd);
	peer_start(the_env, &peer, &args);
	settle();
}


/*
 * End the child, and the thread that calls it or NULL. All that it had is back, and what
 * was passed to others is worth nothing.
 */
static void end(struct caller *caller, bool first)
{
	peer_end(&peer);
	if (by_cap_valid(peer.above.next.session.cap)) {
		CHECK_STATUS(raw_call(peer.above.next.session.cap, 1), BY_GONE);
		by_cap_drop(peer.above.next.session.cap);
	}
	if (caller)
		caller_end(caller);

	if (first)
		return;

	check_unchanged(&the_env->pd, &before);
}


/*
 * Tests
 */

static void test_both_ways(void)
{
	uint64_t path = 0;
	uint32_t kinds = 0;
	by_cap_t back[4] = { { 0 } };

	check_part("two components");
	start(false);
	struct by_relay child = peer.above.next;

	CHECK(by_cap_valid(child.session.cap));
	CHECK_STATUS(by_relay_nest(&child, 1, &path), BY_OK);
	CHECK_EQ(path, 0xe);
	CHECK_STATUS(by_relay_nest(&child, 2, &path), BY_OK); /* it calls us */
	CHECK_EQ(path, 0xae);
	CHECK_STATUS(by_relay_nest(&child, 3, &path), BY_DEADLOCK); /* and we it */

	/* what belongs to it arrives there as such; what is ours comes back as such */
	CHECK_STATUS(by_relay_swap(&child, the_env->space.cap, child.session.cap, peer.above.object.target.cap,
	                           BY_NO_CAP, &kinds, &back[3], &back[2], &back[1], &back[0]),
	             BY_OK);
	CHECK_EQ(kinds, BY_CAP_FOREIGN << 12 | BY_CAP_OWN << 8 | BY_CAP_FOREIGN << 4 | BY_CAP_NONE);
	CHECK(by_cap_valid(back[0]) && by_cap_valid(back[1]));
	CHECK(!by_cap_valid(back[2]) && !by_cap_valid(back[3]));
	CHECK_STATUS(by_relay_nest(&(struct by_relay){ .session.cap = back[1] }, 1, &path), BY_OK);
	by_cap_drop(back[0]);
	by_cap_drop(back[1]);
	end(NULL, true);
}


static by_status_t call_peer_hold(struct caller *caller)
{
	(void)caller;

	return by_relay_hold(&peer.above.next);
}


static by_status_t call_peer_quit(struct caller *caller)
{
	return by_relay_quit(&peer.above.next, caller->number);
}


/* The server ends in the middle of a call: by itself, by a crash, or by its parent. */
static void test_server_dies(struct caller *caller, bool wait)
{
	start(false);
	caller_start(caller, NULL);
	if (wait)
		by_semaphore_down(&ended);
	settle();
	CHECK(!by_atomic_load_acquire(&caller->done)); /* run_caller() */
	end(caller, false);
	CHECK_STATUS(caller->status, BY_GONE);
}


/* The client ends while it is served, and while it waits: the server does not care. */
static void test_client_dies(void)
{
	static struct relay  other;
	static struct caller holder = { .relay = &other, .call = call_hold };

	check_part("a client component ends in the middle of a call");
	start(true);
	CHECK_EQ(by_atomic_load_acquire(&peer.above.held), 1); /* wait() */
	end(NULL, false);
	by_semaphore_up(&peer.above.go_on);

	/* the same endpoint serves somebody else, and the child is in its queue */
	relay_make(&other, &endpoints[1], 1);
	caller_start(&holder, NULL);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&other.held), 1); /* wait() */
	start(true);
	end(NULL, false);
	by_semaphore_up(&other.go_on);
	caller_end(&holder);
	CHECK_STATUS(holder.status, BY_OK);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&peer.above.held), 0); /* wait() */
	relay_end(&other);
}


void test_peer(void)
{
	static struct caller holding = { .call = call_peer_hold };
	static struct caller quitting = { .call = call_peer_quit };

	by_semaphore_init(&ended, 0);
	test_both_ways();
	check_part("a server component ends in the middle of a call");
	test_server_dies(&holding, false);
	quitting.number = false;
	test_server_dies(&quitting, true);
	quitting.number = true;
	test_server_dies(&quitting, true);
	CHECK_EQ(by_atomic_load_acquire(&exits), 1);   /* exited() */
	CHECK_EQ(by_atomic_load_acquire(&crashes), 1); /* faulted() */
	test_client_dies();
}
