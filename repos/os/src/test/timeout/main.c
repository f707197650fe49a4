/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time: the clock, sleeping, one-shot and periodic timeouts, many of them at once.
 */
#include <by/clock.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/kernel.h>
#include <by/string.h>
#include <by/timeout.h>
#include <check.h>

enum { MANY = 100, PERIODS = 3, RUN_US = 200000, RUNS_MAX = 20 };

static struct by_env *env;

struct alarm {
	struct by_timeout timeout;
	uint64_t          period, due;
	by_ticks_t        first;  /* deadline */
	unsigned          fired;
	uint64_t          latest; /* how late it was at most */
};

static struct alarm many[MANY], periodic[PERIODS], stopped, end;
static unsigned     many_fired, order_broken;
static by_ticks_t   last_deadline;
static uint64_t     started;


static struct alarm *alarm_of(struct by_timeout *timeout)
{
	struct alarm  *alarm = BY_CONTAINER_OF(timeout, struct alarm, timeout);
	uint64_t const now   = by_now_us();

	CHECK(now >= alarm->due); /* never early */
	if (now - alarm->due > alarm->latest)
		alarm->latest = now - alarm->due;
	alarm->fired++;

	return alarm;
}


static void test_clock(void)
{
	uint64_t frequency, before = by_now_us();

	check_part("clock");
	by_ticks_t const kernel = by_kernel_clock(&frequency);
	by_ticks_t const user   = by_ticks();
	CHECK(frequency > 1000);
	/* the same clock; the machine may stand still in between, if it is an emulated one */
	CHECK(user >= kernel && user - kernel < frequency);
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t const now = by_now_us();
		CHECK(now >= before);
		before = now;
	}
	by_log("%llu ticks per second", (unsigned long long)frequency);
}


static void test_sleep(void)
{
	check_part("sleeping");
	for (uint64_t us = 1; us < 20000; us *= 5) {
		uint64_t const before = by_now_us();
		by_sleep_us(us);
		uint64_t const passed = by_now_us() - before;
		CHECK(passed >= us);
		CHECK(passed < us + 1000000);
	}
}


static void fire_many(struct by_timeout *timeout)
{
	alarm_of(timeout);
	order_broken += timeout->deadline < last_deadline;
	last_deadline = timeout->deadline;
	many_fired++;
}


static void fire_periodic(struct by_timeout *timeout)
{
	struct alarm *alarm = alarm_of(timeout);

	alarm->due += alarm->period;
	/* the next one, without drift however late this one came */
	CHECK_EQ((timeout->deadline - alarm->first) % timeout->period, 0);
}


static void fire_stopped(struct by_timeout *timeout)
{
	alarm_of(timeout);
	FAIL("a stopped timeout has fired");
}


static void report(void)
{
	uint64_t const passed = by_now_us() - started;

	for (unsigned i = 0; i < PERIODS; i++) {
		unsigned const due = (unsigned)(passed / periodic[i].period);
		by_log("period %llu us: fired %u of %u times, at most %llu us late",
		       (unsigned long long)periodic[i].period, periodic[i].fired, due,
		       (unsigned long long)periodic[i].latest);
		CHECK(periodic[i].fired <= due && periodic[i].fired > 1);
	}
	CHECK_EQ(many_fired, MANY);
	CHECK_EQ(order_broken, 0);
	CHECK_EQ(stopped.fired, 0);
}


static void start(struct alarm *alarm, void (*fire)(struct by_timeout *timeout), uint64_t us,
                  bool repeat)
{
	by_timeout_init(&alarm->timeout, env->endpoint, fire);
	alarm->due    = by_now_us() + us;
	alarm->period = us;
	CHECK_STATUS(repeat ? by_timeout_repeat(&alarm->timeout, us)
	                    : by_timeout_start(&alarm->timeout, us), BY_OK);
	alarm->first = alarm->timeout.deadline;
}


/* How often a periodic one fires depends on the host, but not that it does again. */
static bool all_have_repeated(void)
{
	for (unsigned i = 0; i < PERIODS; i++)
		if (periodic[i].fired < 2)
			return false;

	return true;
}


static void fire_end(struct by_timeout *timeout)
{
	static unsigned runs;

	alarm_of(timeout);
	if (!all_have_repeated() && runs++ < RUNS_MAX) {
		start(&end, fire_end, RUN_US, false);
		return;
	}
	for (unsigned i = 0; i < PERIODS; i++)
		by_timeout_stop(&periodic[i].timeout);
	report();
	check_finish(env, "timeout");
}


void component_main(struct by_env *the_env)
{
	env = the_env;
	test_clock();
	test_sleep();
	check_part("timeouts");
	started = by_now_us();
	for (unsigned i = 0; i < MANY; i++)
		start(&many[i], fire_many, 1000 + (i * 7919) % 50000, false);
	for (unsigned i = 0; i < PERIODS; i++)
		start(&periodic[i], fire_periodic, (uint64_t)1000 << 2 * i, true);
	start(&stopped, fire_stopped, 5000, false);
	by_timeout_stop(&stopped.timeout);
	start(&end, fire_end, RUN_US, false);
}
