/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A periodic timeout, and a signal that ends it all.
 */
#include <by/container.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/timeout.h>

enum { PERIOD_US = 10000, TICKS = 3 };

/* What handlers are called with is embedded in what they need. */
struct ticker {
	struct by_env           *env;
	struct by_timeout        tick;
	struct by_signal_handler done;
	unsigned                 ticks;
};


static void handle_tick(struct by_timeout *timeout)
{
	struct ticker *const ticker = BY_CONTAINER_OF(timeout, struct ticker, tick);

	by_log("tick %u", ++ticker->ticks);
	if (ticker->ticks < TICKS)
		return;

	by_timeout_stop(&ticker->tick);
	by_signal_submit(ticker->done.target.cap, 1);
	by_signal_submit(ticker->done.target.cap, 1);
}


static void handle_done(struct by_signal_handler *handler, unsigned count)
{
	struct ticker *const ticker = BY_CONTAINER_OF(handler, struct ticker, done);

	by_log("done, said %u times", count);
	by_signal_handler_fini(&ticker->done);
	by_exit(ticker->env, 0);
}


void component_main(struct by_env *env)
{
	static struct ticker ticker;

	ticker.env = env;
	by_timeout_init(&ticker.tick, env->endpoint, handle_tick);

	by_status_t status = by_signal_handler_init(&ticker.done, env->endpoint,
	                                            BY_SIGNAL_APPLICATION, handle_done);
	if (status == BY_OK)
		status = by_timeout_repeat(&ticker.tick, PERIOD_US);
	if (status != BY_OK) {
		by_error("no ticks: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
