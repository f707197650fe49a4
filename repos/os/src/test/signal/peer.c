/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals between two components: as many come back as were sent, until one side ends.
 */
#include "parts.h"
#include <by/cap.h>
#include <by/clock.h>
#include <by/kernel.h>
#include <nursery.h>
#include <relay.h>

enum { ROUNDS = 100 };

static struct relay         relay;
static struct by_service    service;
static struct nursery_child child;
static struct counter       echo;


static by_status_t open(struct by_service *self, struct by_service_request const *request,
                        struct by_object **object)
{
	(void)request;
	*object = &relay.object;

	return by_service_publish(self, &relay.object, &relay);
}


static void close(struct by_service *self, struct by_object *object)
{
	(void)self;
	by_object_withdraw(object);
}


static void exited(struct by_child *who, int code)
{
	(void)who, (void)code;
	FAIL("the other component has ended");
}


static void start_job(void *arg)
{
	static struct by_child_ops const ops = { .exited = exited };
	static struct by_route const     own[] = {
		{ .service = "Relay", .local = &service },
		{ .service = NULL },
	};
	static char const text[] = "start peer | binary: signal_peer | ram: 512K | caps: 60\n-\n";
	struct by_hid_span const  document = { text, sizeof(text) - 1 };
	struct by_hid_node        node;
	struct nursery_args const args = { .node = &node, .ops = &ops, .own = own };

	(void)arg;
	check_need(the_env, by_hid_open(document, &node), "configuration");
	check_need(the_env, nursery_start(the_env, &child, &args), "peer");
}


static void end_job(void *arg)
{
	(void)arg;
	nursery_end(the_env, &child);
}


void test_peer(void)
{
	uint32_t sent = 0;

	check_part("two components");
	counter_init(&echo, BY_SIGNAL_APPLICATION);
	relay_prepare(&relay, 1);
	relay.ours = echo.handler.target.cap;
	service = (struct by_service){ .open = open, .close = close };
	check_need(the_env, relay_provide(the_env, &service), "service");
	CHECK_STATUS(by_endpoint_run(the_env->endpoint, start_job, NULL), BY_OK);
	while (by_signal_submit(relay.theirs, 1) != BY_OK) /* it has not come so far */
		by_sleep_us(200);
	sent = 1;
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_signal_submit(relay.theirs, i);
		sent += i;
		if (i % 10 == 0)
			wait_for(&echo, sent);
	}
	wait_for(&echo, sent);
	by_log("%u signals to and fro in %u deliveries", sent,
	       by_atomic_load_relaxed(&echo.wakes));

	/* it submits to one that is gone, and does not mind; then it is gone itself */
	counter_fini(&echo, 1);
	by_signal_submit(relay.theirs, 5);
	by_sleep_us(2000);
	by_signal_submit(relay.theirs, 5);
	CHECK_STATUS(by_endpoint_run(the_env->endpoint, end_job, NULL), BY_OK);
	CHECK_STATUS(by_signal_submit(relay.theirs, 1), BY_BAD_CAP);
	CHECK_EQ(count_of(&echo), sent);
	by_cap_drop(relay.theirs);
}
