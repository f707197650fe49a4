/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Heartbeats: the main endpoint says that it still handles what arrives. By an I/O signal,
 * because who waits for an answer of others is alive; who runs in circles is not. It has no
 * badge and no handler, so that this is little code for a component whose parent never asks.
 */
#include "heartbeat.h"
#include <by/cap.h>
#include <by/endpoint.h>


static void answer(struct by_endpoint *endpoint)
{
	/* a parent that does not listen does not miss it */
	by_status_t const status = by_parent_alive(&endpoint->env->parent);

	(void)status;
}


by_status_t by_heartbeat_start(struct by_env *env)
{
	by_cap_t    signal;
	by_status_t status = by_pd_signal_create(&env->pd, env->endpoint->cap, 0, true, &signal);

	if (status != BY_OK)
		return status;

	env->endpoint->beat = answer;
	status = by_parent_heartbeat_sigh(&env->parent, signal);
	by_cap_drop(signal);

	return status;
}
