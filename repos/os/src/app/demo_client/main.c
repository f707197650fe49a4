/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Demo, a client: adds numbers at a counter, some at a time, and knows the totals.
 */
#include <by/endpoint.h>
#include <by/env.h>
#include <by/log.h>
#include <by/session/counter.h>
#include <by/status_name.h>
#include <by/timeout.h>

enum { NUMBER = 7, BURST = 50, PAUSE_US = 20000 };

static struct by_env     *env;
static struct by_counter  counter;
static struct by_timeout  timeout;
static uint64_t           expected;


/* Ends only if something is wrong. */
static void work(struct by_timeout *self)
{
	(void)self;
	for (unsigned i = 0; i < BURST; i++) {
		uint64_t          total  = 0;
		by_status_t const status = by_counter_add(&counter, NUMBER, &total);

		expected += NUMBER;
		if (status == BY_OK && total == expected)
			continue;
		by_error("counter: %s, total %llu instead of %llu", by_status_name(status),
		         (unsigned long long)total, (unsigned long long)expected);
		by_exit(env, 1);
	}
}


void component_main(struct by_env *the_env)
{
	env = the_env;
	by_status_t status = by_counter_open(env, "", &counter);

	by_timeout_init(&timeout, env->endpoint, work);
	if (status == BY_OK)
		status = by_timeout_repeat(&timeout, PAUSE_US);
	if (status != BY_OK) {
		by_error("no counter: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
