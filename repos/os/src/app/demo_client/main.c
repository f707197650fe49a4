/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Demo, a client: adds numbers at a counter as fast as it can, and knows the totals.
 */
#include <by/env.h>
#include <by/log.h>
#include <by/session/counter.h>
#include <by/status_name.h>


/* Ends only if something is wrong. */
static void work(struct by_counter *counter, uint32_t n)
{
	uint64_t    total = 0, expected = 0;
	by_status_t status;

	do {
		expected += n;
		status = by_counter_add(counter, n, &total);
	} while (status == BY_OK && total == expected);

	by_error("counter: %s, total %llu instead of %llu", by_status_name(status),
	         (unsigned long long)total, (unsigned long long)expected);
}


void component_main(struct by_env *env)
{
	struct by_counter counter;
	by_status_t const status = by_counter_open(env, "", &counter);

	if (status == BY_OK)
		work(&counter, 7);
	else
		by_error("no counter: %s", by_status_name(status));
	by_exit(env, 1);
}
