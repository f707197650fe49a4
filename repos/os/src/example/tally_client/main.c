/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client of the service Tally.
 */
#include <by/endpoint.h>
#include <by/env.h>
#include <by/log.h>
#include <by/session/tally.h>
#include <by/status_name.h>

static struct by_tally          tally;
static struct by_signal_handler changed;


static by_status_t use(struct by_env *env)
{
	struct by_tally_args const args = { .start = 1ull << 40, .most = (1ull << 40) + 10 };
	uint64_t                     total;

	by_status_t status = by_tally_open(env, "mine", &args, &tally);
	if (status != BY_OK)
		return status;

	status = by_tally_add(&tally, 7, &total);
	if (status != BY_OK)
		return status;

	by_log("total: %llu", (unsigned long long)total);
	status = by_tally_add(&tally, 4, &total);
	by_log("4 more: %s", by_status_name(status));

	return by_tally_note(&tally, "that was too much");
}


static void handle_change(struct by_signal_handler *handler, unsigned count)
{
	struct by_env *const env = handler->target.endpoint->env;

	by_log("the total has changed %u times", count);
	by_signal_handler_fini(&changed);
	by_tally_close(env, &tally);
	by_exit(env, 0);
}


/* The signal waits until we are back in the event loop; both changes are one signal then. */
static by_status_t watch(struct by_env *env)
{
	uint64_t    total;
	by_status_t status = by_signal_handler_init(&changed, env->endpoint,
	                                            BY_SIGNAL_APPLICATION, handle_change);
	if (status == BY_OK)
		status = by_tally_watch(&tally, changed.target.cap);
	if (status == BY_OK)
		status = by_tally_add(&tally, 1, &total);
	if (status == BY_OK)
		status = by_tally_add(&tally, 1, &total);

	return status;
}


void component_main(struct by_env *env)
{
	by_status_t status = use(env);

	if (status == BY_OK)
		status = watch(env);
	if (status != BY_OK) {
		by_error("the tally does not work: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
