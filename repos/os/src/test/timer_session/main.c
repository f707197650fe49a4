/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario timer_session: many sessions of one client at the timer.
 */
#include <by/attached.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/hid.h>
#include <by/session/timer.h>
#include <check.h>

enum { GREEDY, STEADY, ONCE, SESSIONS = ONCE + 40 };
enum { PERIOD = 10000, TIMES = 40, SHORTEST = 1000 /* of the server */ };

struct alarm {
	struct by_timer          timer;
	struct by_signal_handler handler;
	uint64_t                 due;   /* by the session's clock */
	uint64_t                 fired;
};

static struct {
	struct by_env     *env;
	struct by_attached config;
	struct alarm       alarm[SESSIONS];
	bool               endless;
} test;


static uint64_t elapsed(struct alarm *alarm)
{
	uint64_t us = 0;

	check_need(test.env, by_timer_elapsed(&alarm->timer, &us), "elapsed");

	return us;
}


static void finish(void)
{
	struct alarm *const greedy = &test.alarm[GREEDY];
	by_status_t const   status = by_timer_trigger_periodic(&greedy->timer, 0);

	CHECK_STATUS(status, BY_OK);
	CHECK(greedy->fired > TIMES);
	CHECK(greedy->fired <= elapsed(greedy) / SHORTEST);
	for (unsigned i = ONCE; i < SESSIONS; i++)
		CHECK_EQ(test.alarm[i].fired, 1);
	CHECK_STATUS(by_timer_trigger_once(&greedy->timer, UINT64_MAX), BY_LIMIT);
	CHECK_STATUS(by_timer_sigh(&greedy->timer, BY_NO_CAP), BY_BAD_CAP);
	for (unsigned i = 0; i < SESSIONS; i++)
		by_timer_close(test.env, &test.alarm[i].timer);
	check_finish(test.env, "timer_session");
}


static void handle(struct by_signal_handler *handler, unsigned count)
{
	struct alarm *const alarm  = BY_CONTAINER_OF(handler, struct alarm, handler);
	bool const          steady = alarm == &test.alarm[STEADY];

	alarm->fired += count;
	if (steady)
		alarm->due = alarm->fired * PERIOD;
	CHECK(elapsed(alarm) >= alarm->due);
	if (steady && alarm->fired >= TIMES && !test.endless)
		finish();
}


static void start(unsigned number)
{
	struct alarm *const alarm = &test.alarm[number];

	check_need(test.env, by_timer_open(test.env, "", &alarm->timer), "Timer");
	check_need(test.env, by_signal_handler_init(&alarm->handler, test.env->endpoint,
	                                            BY_SIGNAL_APPLICATION, handle), "signal");
	check_need(test.env, by_timer_sigh(&alarm->timer, alarm->handler.target.cap), "signal");
	if (number == GREEDY) {
		CHECK_STATUS(by_timer_trigger_periodic(&alarm->timer, 1), BY_OK);
	} else if (number == STEADY) {
		CHECK_STATUS(by_timer_trigger_periodic(&alarm->timer, PERIOD), BY_OK);
	} else {
		uint64_t const us = (number * 7 % 40 + 1) * 5000;

		alarm->due = elapsed(alarm) + us;
		CHECK_STATUS(by_timer_trigger_once(&alarm->timer, us), BY_OK);
	}
}


void component_main(struct by_env *env)
{
	struct by_hid_node top;

	test.env = env;
	check_need(env, by_attached_rom_init(env, &test.config, "config"), "config");
	check_need(env, by_hid_open((struct by_hid_span){ test.config.base, test.config.size }, &top),
	           "config");
	test.endless = by_hid_bool(&top, "endless", false);
	for (unsigned i = 0; i < SESSIONS; i++)
		start(i);
}
