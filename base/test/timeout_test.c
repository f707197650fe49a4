/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timeouts, on the model's clock of 10^9 ticks per second.
 */
#include "fake/fake.h"
#include "support.h"
#include "unit.h"
#include <by/abi.h>
#include <by/clock.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/timeout.h>
#include <string.h>

#include "../lib/env.h"

UNIT_MAIN("timeout")

enum { COUNT = 200 };

struct alarm {
	struct by_timeout timeout;
	unsigned          fired;
	by_ticks_t        when;
	struct alarm     *stops; /* another one, when it fires */
	bool              restarts;
	unsigned          order;
};

static struct alarm alarms[COUNT];
static unsigned     order;


static void fire(struct by_timeout *timeout)
{
	struct alarm *alarm = BY_CONTAINER_OF(timeout, struct alarm, timeout);

	alarm->fired++;
	alarm->when  = fake.now;
	alarm->order = ++order;
	if (alarm->stops)
		by_timeout_stop(&alarm->stops->timeout);
	if (alarm->restarts && alarm->fired < 3 && by_timeout_start(timeout, 10) != BY_OK)
		alarm->fired = 100;
}


static void begin(void)
{
	fake_init();
	order = 0;
	memset(alarms, 0, sizeof(alarms));
	for (unsigned i = 0; i < COUNT; i++)
		by_timeout_init(&alarms[i].timeout, by_the_env.endpoint, fire);
}


static void advance_us(uint64_t us)
{
	fake_advance(us * 1000);
	fake_serve();
}


TEST(fires_once_and_not_early)
{
	begin();
	CHECK_EQ(by_timeout_start(&alarms[0].timeout, 100), BY_OK);
	CHECK(by_timeout_started(&alarms[0].timeout));
	advance_us(99);
	CHECK_EQ(alarms[0].fired, 0);
	advance_us(2);
	CHECK_EQ(alarms[0].fired, 1);
	CHECK(!by_timeout_started(&alarms[0].timeout));
	advance_us(1000);
	CHECK_EQ(alarms[0].fired, 1);
}


TEST(stopped_timeouts_do_not_fire)
{
	begin();
	by_timeout_stop(&alarms[0].timeout); /* not started: no effect */
	CHECK_EQ(by_timeout_start(&alarms[0].timeout, 100), BY_OK);
	CHECK_EQ(by_timeout_start(&alarms[1].timeout, 200), BY_OK);
	by_timeout_stop(&alarms[0].timeout);
	advance_us(1000);
	CHECK_EQ(alarms[0].fired, 0);
	CHECK_EQ(alarms[1].fired, 1);
}


TEST(starting_again_replaces)
{
	begin();
	CHECK_EQ(by_timeout_start(&alarms[0].timeout, 100), BY_OK);
	CHECK_EQ(by_timeout_start(&alarms[0].timeout, 500), BY_OK);
	advance_us(400);
	CHECK_EQ(alarms[0].fired, 0);
	advance_us(200);
	CHECK_EQ(alarms[0].fired, 1);
	CHECK_EQ(by_timeout_start(&alarms[0].timeout, 500), BY_OK);
	CHECK_EQ(by_timeout_start(&alarms[0].timeout, 100), BY_OK);
	advance_us(200);
	CHECK_EQ(alarms[0].fired, 2);
}


TEST(periodic_ones_do_not_drift)
{
	begin();
	by_ticks_t const start = fake.now;
	CHECK_EQ(by_timeout_repeat(&alarms[0].timeout, 100), BY_OK);
	by_ticks_t const first = alarms[0].timeout.deadline;
	for (unsigned i = 0; i < 50; i++) {
		advance_us(20 + i % 7);
		CHECK_EQ((alarms[0].timeout.deadline - first) % 100000, 0);
	}
	by_ticks_t const passed = fake.now - start;
	unsigned const   due    = (unsigned)(passed / 100000);
	CHECK(alarms[0].fired <= due && alarms[0].fired + 1 >= due);

	/* what was missed is left out */
	unsigned const before = alarms[0].fired;
	advance_us(10000);
	CHECK_EQ(alarms[0].fired, before + 1);
	CHECK_EQ((alarms[0].timeout.deadline - first) % 100000, 0);
	by_timeout_stop(&alarms[0].timeout);
	advance_us(10000);
	CHECK_EQ(alarms[0].fired, before + 1);
}


/* Who was stopped for ever so long goes on at once, and in step. */
TEST(missed_ones_cost_nothing)
{
	begin();
	for (uint64_t period = 1; period < 2000; period = period * 3 + 1) {
		uint64_t const start = fake.now;

		CHECK_EQ(by_timeout_repeat(&alarms[0].timeout, period), BY_OK);
		for (uint64_t us = 1; us < 1ull << 50; us = us * 5 + 3) {
			alarms[0].fired = 0;
			advance_us(us);
			CHECK_EQ(alarms[0].fired, us > period ? 1 : alarms[0].fired);
			CHECK(alarms[0].timeout.deadline > fake.now);
			CHECK_EQ((alarms[0].timeout.deadline - start) % (period * 1000), 0);
			CHECK(alarms[0].timeout.deadline - fake.now <= period * 1000);
		}
		by_timeout_stop(&alarms[0].timeout);
		fake.now = start;
	}
}


TEST(what_is_too_far_away_does_not_come)
{
	static uint64_t const far[] = { UINT64_MAX, UINT64_MAX / 1000, 1ull << 63, 1ull << 50 };

	begin();
	CHECK_EQ(by_us_of_ms(7), 7000);
	CHECK_EQ(by_us_of_ms(UINT64_MAX / 1000 + 1), UINT64_MAX);
	for (unsigned i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		CHECK_EQ(by_deadline_us(far[i]), BY_NEVER);
		CHECK_EQ(by_timeout_start(&alarms[0].timeout, far[i]), BY_OK);
		CHECK_EQ(by_timeout_repeat(&alarms[1].timeout, far[i]), BY_OK);
		advance_us(1000000000);
		CHECK_EQ(alarms[0].fired + alarms[1].fired, 0);
		CHECK(by_timeout_started(&alarms[0].timeout));
		by_timeout_stop(&alarms[0].timeout);
		by_timeout_stop(&alarms[1].timeout);
	}
	uint64_t const now = fake.now;

	fake.now = BY_NEVER - 1000; /* the clock of a machine that runs for long */
	CHECK_EQ(by_deadline_us((1ull << 50) - 1), BY_NEVER);
	fake.now = now;
}


TEST(order_is_that_of_deadlines)
{
	uint64_t seed = 5;

	begin();
	for (unsigned i = 0; i < COUNT; i++) /* some are equal */
		CHECK_EQ(by_timeout_start(&alarms[i].timeout, 10 + 10 * support_below(&seed, 50)),
		         BY_OK);
	for (unsigned i = 0; i < COUNT; i += 3)
		by_timeout_stop(&alarms[i].timeout);
	fake.auto_time = true;
	fake_serve();
	for (unsigned i = 0; i < COUNT; i++) {
		CHECK_EQ(alarms[i].fired, i % 3 != 0);
		for (unsigned k = 0; k < COUNT; k++)
			if (alarms[i].fired && alarms[k].fired
			    && alarms[i].timeout.deadline < alarms[k].timeout.deadline)
				CHECK(alarms[i].order < alarms[k].order);
		CHECK(!alarms[i].fired || alarms[i].when >= alarms[i].timeout.deadline);
	}
}


TEST(handlers_may_start_and_stop)
{
	begin();
	alarms[0].stops    = &alarms[1]; /* due at the same time */
	alarms[2].restarts = true;
	alarms[3].stops    = &alarms[3];
	CHECK_EQ(by_timeout_start(&alarms[0].timeout, 100), BY_OK);
	CHECK_EQ(by_timeout_start(&alarms[1].timeout, 110), BY_OK);
	CHECK_EQ(by_timeout_start(&alarms[2].timeout, 120), BY_OK);
	CHECK_EQ(by_timeout_repeat(&alarms[3].timeout, 130), BY_OK);
	advance_us(200);
	CHECK_EQ(alarms[0].fired, 1);
	CHECK_EQ(alarms[1].fired, 0);
	CHECK_EQ(alarms[2].fired, 1);
	CHECK_EQ(alarms[3].fired, 1);
	advance_us(20);
	advance_us(20);
	advance_us(20);
	CHECK_EQ(alarms[2].fired, 3);
	CHECK_EQ(alarms[3].fired, 1);
}


TEST(the_kernel_is_asked_only_when_the_first_changes)
{
	begin();
	CHECK_EQ(by_timeout_start(&alarms[0].timeout, 100), BY_OK);
	unsigned const before = fake_count(BY_CALL_TIMEOUT);
	for (unsigned i = 1; i < 20; i++)
		CHECK_EQ(by_timeout_start(&alarms[i].timeout, 1000 + i), BY_OK);
	CHECK_EQ(fake_count(BY_CALL_TIMEOUT), before);
	CHECK_EQ(by_timeout_start(&alarms[20].timeout, 50), BY_OK);
	CHECK_EQ(fake_count(BY_CALL_TIMEOUT), before + 1);
	for (unsigned i = 0; i <= 20; i++)
		by_timeout_stop(&alarms[i].timeout);
}
