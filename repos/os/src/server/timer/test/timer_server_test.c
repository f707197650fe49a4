/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timer server: order of many timeouts, periods, limits, and what is left. The server is
 * part of this file, so that its sessions can be called.
 */
#include "../main.c"

#include "fake/fake.h"
#include "unit.h"
#include <string.h>

#include "env.h"

UNIT_MAIN("timer_server")

enum { CLIENTS = 300 };

static struct by_service_session *session[CLIENTS];
static struct by_signal_handler   handler[CLIENTS];
static unsigned                   fired[CLIENTS], order[4 * CLIENTS], order_count;
static unsigned                   base_objects, base_filled;


static void note(struct by_signal_handler *self, unsigned count)
{
	unsigned const who = (unsigned)(self - handler);

	fired[who] += count;
	if (order_count < 4 * CLIENTS)
		order[order_count++] = who;
}


static struct timer *timer(unsigned who)
{
	return BY_CONTAINER_OF(session[who], struct timer, session);
}


static void begin(void)
{
	fake_init();
	component_main(&by_the_env);
	memset(fired, 0, sizeof(fired));
	order_count = 0;
	/* the heap keeps what it has grown by */
	base_objects = base_filled = 0;
}


static bool open_one(unsigned who)
{
	struct by_service_request const request = { .label = "a", .ram = 8192, .caps = 3 };
	struct by_cap_arg               arg     = { .kind = BY_CAP_FOREIGN };

	if (by_service_open(&service, &request, &session[who]) != BY_OK
	    || by_signal_handler_init(&handler[who], by_the_env.endpoint, BY_SIGNAL_APPLICATION,
	                              note) != BY_OK
	    || by_slot_alloc(&arg.cap) != BY_OK)
		return false;

	/* as a message brings it */
	fake.pd[0].slot[arg.cap.slot] = (uint16_t)fake_object(0, handler[who].target.cap);

	return sigh(timer(who), &arg) == BY_OK;
}


static bool open_all(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (!open_one(i))
			return false;

	return true;
}


static void end(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		by_service_close(session[i]);
		by_signal_handler_fini(&handler[i]);
	}
	by_list_remove(&service.announced.node);
}


static void pass(uint64_t us)
{
	fake_advance(by_ticks_of_us(us));
	fake_serve();
}


/* Deadlines are a permutation of 1..CLIENTS milliseconds. */
TEST(many_timeouts_fire_in_order)
{
	begin();
	CHECK(open_all(CLIENTS));
	for (unsigned i = 0; i < CLIENTS; i++)
		CHECK_EQ(trigger_once(timer(i), ((i * 7u) % CLIENTS + 1) * 1000), BY_OK);
	for (unsigned i = 0; i < CLIENTS; i++) {
		CHECK_EQ(order_count, i);
		pass(1000);
	}
	CHECK_EQ(order_count, CLIENTS);
	for (unsigned i = 0; i < CLIENTS; i++) {
		CHECK_EQ(order[i] * 7u % CLIENTS, i);
		CHECK_EQ(fired[i], 1);
	}
	pass(10000000);
	CHECK_EQ(order_count, CLIENTS); /* once is once */
	end(CLIENTS);
}


TEST(the_latest_trigger_counts)
{
	begin();
	CHECK(open_all(1));
	CHECK_EQ(trigger_once(timer(0), 1000), BY_OK);
	CHECK_EQ(trigger_once(timer(0), 5000), BY_OK);
	pass(4000);
	CHECK_EQ(fired[0], 0);
	pass(1000);
	CHECK_EQ(fired[0], 1);
	CHECK_EQ(trigger_periodic(timer(0), 2000), BY_OK);
	CHECK_EQ(trigger_once(timer(0), 3000), BY_OK);
	pass(2500);
	CHECK_EQ(fired[0], 1);
	pass(500);
	CHECK_EQ(fired[0], 2);
	pass(50000);
	CHECK_EQ(fired[0], 2);
	CHECK_EQ(trigger_once(timer(0), 1000), BY_OK);
	CHECK_EQ(trigger_periodic(timer(0), 0), BY_OK);
	pass(50000);
	CHECK_EQ(fired[0], 2);
	end(1);
}


TEST(periods)
{
	begin();
	CHECK(open_all(2));
	CHECK_EQ(trigger_periodic(timer(0), 2000), BY_OK);
	CHECK_EQ(trigger_periodic(timer(1), 3000), BY_OK);
	for (unsigned ms = 1; ms <= 600; ms++) {
		pass(1000);
		CHECK_EQ(fired[0], ms / 2);
		CHECK_EQ(fired[1], ms / 3);
	}
	CHECK_EQ(trigger_periodic(timer(0), 0), BY_OK);
	pass(6000);
	CHECK_EQ(fired[0], 300);
	end(2);
}


/* A period of a microsecond is one of a millisecond, and the others get theirs. */
TEST(a_greedy_client_gets_no_more)
{
	begin();
	CHECK(open_all(2));
	CHECK_EQ(trigger_periodic(timer(0), 1), BY_OK);
	CHECK_EQ(trigger_periodic(timer(1), 10000), BY_OK);
	for (unsigned us = 0; us < 100000; us += 100)
		pass(100);
	CHECK_EQ(fired[0], 100);
	CHECK_EQ(fired[1], 10);
	end(2);
}


TEST(limits)
{
	begin();
	CHECK(open_all(1));
	CHECK_EQ(trigger_once(timer(0), US_MAX + 1), BY_LIMIT);
	CHECK_EQ(trigger_periodic(timer(0), US_MAX + 1), BY_LIMIT);
	CHECK_EQ(trigger_once(timer(0), UINT64_MAX), BY_LIMIT);
	CHECK_EQ(trigger_once(timer(0), US_MAX), BY_OK);
	CHECK_EQ(trigger_periodic(timer(0), US_MAX), BY_OK);
	pass(1000000);
	CHECK_EQ(fired[0], 0);
	end(1);
}


TEST(time_is_that_of_the_session)
{
	uint64_t us = 1;

	begin();
	fake_advance(by_ticks_of_us(5000));
	CHECK(open_all(1));
	CHECK_EQ(elapsed(timer(0), &us), BY_OK);
	CHECK_EQ(us, 0);
	fake_advance(by_ticks_of_us(1234));
	CHECK_EQ(elapsed(timer(0), &us), BY_OK);
	CHECK_EQ(us, 1234);
	end(1);
}


TEST(only_signals_are_taken)
{
	struct by_cap_arg none = { .kind = BY_CAP_NONE }, own = { .kind = BY_CAP_OWN };

	begin();
	CHECK(open_all(1));
	CHECK_EQ(sigh(timer(0), &none), BY_BAD_CAP);
	CHECK_EQ(sigh(timer(0), &own), BY_BAD_CAP);
	CHECK_EQ(trigger_once(timer(0), 1), BY_OK);
	pass(1000);
	CHECK_EQ(fired[0], 1);
	end(1);
}


/* Who closes while a timeout is running, or has no signal, leaves nothing. */
TEST(closing_leaves_nothing)
{
	begin();
	for (unsigned round = 0; round < 3; round++) {
		CHECK(open_all(20));
		for (unsigned i = 0; i < 20; i++)
			CHECK_EQ(trigger_periodic(timer(i), 1000 + i), BY_OK);
		pass(20000);
		if (round)
			CHECK_EQ(fake_live_all(), base_objects);
		base_objects = fake_live_all();
		for (unsigned i = 0; i < 20; i++) {
			by_service_close(session[i]);
			by_signal_handler_fini(&handler[i]);
		}
		if (round)
			CHECK_EQ(fake_filled(), base_filled);
		base_filled = fake_filled();
	}
	CHECK(!by_tree_first(&by_the_env.endpoint->timeouts.tree));
	by_list_remove(&service.announced.node);
}
