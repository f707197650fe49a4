/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario parent: a client, which opens, uses and closes sessions for ever, whatever
 * happens to the server meanwhile, and reports each time.
 */
#include <by/session/counter.h>
#include <by/session/progress.h>
#include <check.h>

enum { CALLS = 10, SESSIONS = 3 };


/* A session of one's own has a total of one's own; a server may die in between. */
static void use(struct by_counter *counter)
{
	by_status_t status = BY_OK;
	uint64_t    total;

	for (uint64_t i = 1; i <= CALLS && status == BY_OK; i++) {
		status = by_counter_add(counter, 1, &total);
		if (status == BY_OK)
			CHECK_EQ(total, i);
		else
			CHECK_STATUS(status, BY_GONE);
	}
}


static bool round_trip(struct by_env *env)
{
	struct by_counter counter[SESSIONS];
	unsigned          count = 0;

	while (count < SESSIONS) {
		by_status_t const status = by_counter_open(env, "", &counter[count]);

		if (status != BY_OK) {
			CHECK_STATUS(status, BY_GONE); /* the server has died of something */
			break;
		}
		count++;
	}
	for (unsigned i = 0; i < count; i++)
		use(&counter[i]);
	for (unsigned i = 0; i < count; i++)
		by_counter_close(env, &counter[i]);

	return count == SESSIONS;
}


void component_main(struct by_env *env)
{
	struct by_counter  none;
	struct by_progress progress;
	uint64_t           rounds = 0;

	check_need(env, by_progress_open(env, "", &progress), "progress");
	by_status_t const status = by_counter_open(env, "nothing", &none);

	if (status != BY_GONE)
		CHECK_STATUS(status, BY_LIMIT);
	for (;;) {
		if (round_trip(env))
			check_need(env, by_progress_report(&progress, "", ++rounds), "report");
	}
}
