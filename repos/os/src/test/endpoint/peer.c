/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls across components: to and fro, and the end of either side in the middle.
 */
#include "raw.h"
#include <by/cap.h>
#include <by/container.h>
#include <by/format.h>
#include <by/kernel.h>
#include <by/string.h>
#include <nursery.h>

/* What the child gets as its session 'Relay': one of ours. */
static struct relay          above;
static struct by_service     service;
static struct nursery_child  child;
static by_atomic_u32         crashes, exits;
static struct by_pd_balance  before;
static struct by_semaphore   ended;


static by_status_t open(struct by_service *self, struct by_service_request const *request,
                        struct by_object **object)
{
	(void)request;
	*object = &above.object;

	return by_service_publish(self, &above.object, &above);
}


static void close(struct by_service *self, struct by_object *object)
{
	(void)self;
	by_object_withdraw(object);
}


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


/*
 * The main thread starts and ends the child
 */

static void start_job(void *arg)
{
	static struct by_child_ops const ops = { .exited = exited, .faulted = faulted };
	static struct by_route const     own[] = {
		{ .service = "Relay", .local = &service },
		{ .service = NULL },
	};
	char const *const   role = arg;
	char                text[160];
	struct by_hid_node  node;
	struct nursery_args const args = { .node = &node, .ops = &ops, .own = own };
	size_t const len = by_format(text, sizeof(text),
	                             "start peer | binary: endpoint_peer | ram: 640K | caps: 80\n"
	                             "+ config | role: %s\n-\n", role);
	struct by_hid_span const document = { text, len };

	check_need(the_env, by_hid_open(document, &node), "configuration");
	check_need(the_env, nursery_start(the_env, &child, &args), "peer");
}


static void end_job(void *arg)
{
	(void)arg;
	nursery_end(the_env, &child);
}


static struct by_pd_balance balance(void)
{
	struct by_pd_balance result = { .ram_quota = 0 };

	CHECK_STATUS(by_pd_account(&the_env->pd, &result), BY_OK);

	return result;
}


static void start(char const *role)
{
	char text[16];

	before = balance();
	relay_prepare(&above, 0xa);
	by_format(text, sizeof(text), "%s", role);
	CHECK_STATUS(by_endpoint_run(the_env->endpoint, start_job, text), BY_OK);
	settle();
}


/*
 * End the child, and the thread that calls it or NULL. All that it had is back, and what
 * was passed to others is worth nothing.
 */
static void end(struct caller *caller, bool first)
{
	CHECK_STATUS(by_endpoint_run(the_env->endpoint, end_job, NULL), BY_OK);
	if (by_cap_valid(above.next.session.cap)) {
		CHECK_STATUS(raw_call(above.next.session.cap, 1), BY_GONE);
		by_cap_drop(above.next.session.cap);
	}
	if (caller)
		caller_end(caller);
	struct by_pd_balance const now = balance();

	if (first)
		return;

	CHECK_EQ(now.ram_used, before.ram_used);
	CHECK_EQ(now.caps_used, before.caps_used);
	CHECK_EQ(now.ram_quota, before.ram_quota);
	CHECK_EQ(now.caps_quota, before.caps_quota);
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
	start("server");
	struct by_relay peer = above.next;

	CHECK(by_cap_valid(peer.session.cap));
	CHECK_STATUS(by_relay_nest(&peer, 1, &path), BY_OK);
	CHECK_EQ(path, 0xe);
	CHECK_STATUS(by_relay_nest(&peer, 2, &path), BY_OK); /* it calls us */
	CHECK_EQ(path, 0xae);
	CHECK_STATUS(by_relay_nest(&peer, 3, &path), BY_DEADLOCK); /* and we it */

	/* what belongs to it arrives there as such; what is ours comes back as such */
	CHECK_STATUS(by_relay_swap(&peer, the_env->space.cap, peer.session.cap, above.object.target.cap,
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

	return by_relay_hold(&above.next);
}


static by_status_t call_peer_quit(struct caller *caller)
{
	return by_relay_quit(&above.next, caller->number);
}


/* The server ends in the middle of a call: by itself, by a crash, or by its parent. */
static void test_server_dies(struct caller *caller, bool wait)
{
	start("server");
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
	start("client");
	CHECK_EQ(by_atomic_load_acquire(&above.held), 1); /* wait() */
	end(NULL, false);
	by_semaphore_up(&above.go_on);

	/* the same endpoint serves somebody else, and the child is in its queue */
	relay_make(&other, &endpoints[1], 1);
	caller_start(&holder, NULL);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&other.held), 1); /* wait() */
	start("client");
	end(NULL, false);
	by_semaphore_up(&other.go_on);
	caller_end(&holder);
	CHECK_STATUS(holder.status, BY_OK);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&above.held), 0); /* wait() */
	relay_end(&other);
}


void test_peer(void)
{
	static struct caller holding = { .call = call_peer_hold };
	static struct caller quitting = { .call = call_peer_quit };

	by_semaphore_init(&ended, 0);
	service = (struct by_service){ .open = open, .close = close };
	service.endpoint = &endpoints[1]; /* so that the main thread remains a parent */
	check_need(the_env, relay_provide(the_env, &service), "service");
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
