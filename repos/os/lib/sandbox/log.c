/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The LOG session that a child has before it can ask for one. It comes from where the routes of
 * the child say, so that a component can collect all that children print. The child begins
 * when it is there, and begins anew when it is lost.
 */
#include "start.h"


/* Who tells may be in the midst of ending somebody: the rest follows when all that is done. */
static void answered(struct by_own_session *log, by_status_t status)
{
	struct start *const start = BY_CONTAINER_OF(log, struct start, log);

	start->log_status = status;
	by_signal_submit(start->sandbox->retry.target.cap, 1);
}


by_status_t log_open(struct start *start)
{
	struct by_route                 route;
	struct by_service_request const request = {
		.label = start->name, .ram = BY_LOG_RAM, .caps = BY_LOG_CAPS, .args = "",
	};

	if (start->log_asked)
		return start->log_status;

	by_status_t status = route_log(start, &route);

	start->log = (struct by_own_session){ .answered = answered };
	if (status == BY_OK)
		status = by_own_session_open(start->sandbox->env, &start->log, &route, &request);
	start->log_asked  = status == BY_OK || status == BY_PENDING;
	start->log_status = status;

	return status;
}


void log_close(struct start *start)
{
	if (start->log_asked)
		by_own_session_close(&start->log);
	start->log_asked = false;
}


bool log_failed(struct start const *start)
{
	return start->log_asked && start->log_status != BY_OK && start->log_status != BY_PENDING;
}
