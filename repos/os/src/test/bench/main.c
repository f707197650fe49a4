/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The benchmark: prints a line "bench <row> <value> <unit> mark <id> <operations>" for
 * each figure. It is the first component, so that the way to its first message is short.
 */
#include "bench_main.h"
#include <by/clock.h>
#include <by/log.h>

static struct peer peer;


static void done(struct by_env *env)
{
	(void)env;
	by_log(rows_failed ? "bench FAILED" : "bench finished");
}


static void ready(struct by_env *env)
{
	rows_alone(env);
	rows_with_peer(env, &peer);
	row_child(env, done);
}


void component_main(struct by_env *env)
{
	by_ticks_t const now = by_ticks();

	/* the first message; the clock began with the machine */
	by_log("bench boot_first_log %llu instructions",
	       (unsigned long long)by_us_of_ticks(now * 1000));
	peer_start(env, &peer, ready);
}
