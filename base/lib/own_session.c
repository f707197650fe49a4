/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions of a parent's own: records of sessions (child_session.c) whose client is nobody's
 * child.
 */
#include "child.h"
#include <by/own_session.h>


/* It knows nothing of us any more, nor we of it. */
static struct session *part(struct by_own_session *own)
{
	struct session *const session = own->session;

	session->own = NULL;
	own->session = NULL;
	own->gate    = BY_NO_CAP;

	return session;
}


static void end(struct by_own_session *own)
{
	by_child_session_end(part(own), CLAIM_CLOSED);
}


/* Nobody upgrades it, so an open one that changes is lost. */
static void changed(struct session *session)
{
	struct by_own_session *const own = session->own;

	if (!own)
		return;
	if (session->claim == CLAIM_OPEN && !by_cap_valid(own->gate)) {
		own->gate = by_child_session_gate(session);
		own->answered(own, BY_OK);
		return;
	}
	by_status_t const reason = session->claim == CLAIM_OPEN ? BY_GONE : session->reason;

	end(own);
	own->answered(own, reason);
}


static void ended(struct session *session)
{
	(void)session;
}


by_status_t by_own_session_open(struct by_env *env, struct by_own_session *own,
                                struct by_route const *route,
                                struct by_service_request const *request)
{
	static struct session_above const above = { .changed = changed, .ended = ended };
	struct by_route whole = *route;

	if (!whole.label)
		whole.label = request->label;

	by_status_t const status = by_child_session_forward(env, &whole, request, &above,
	                                                    &own->session);
	if (status != BY_OK && status != BY_PENDING)
		return status;

	own->session->own = own;
	own->gate = status == BY_OK ? by_child_session_gate(own->session) : BY_NO_CAP;

	return status;
}


void by_own_session_show(struct by_own_session const *own,
                         void (*each)(struct by_child_session const *session, void *arg),
                         void *arg)
{
	if (own->session)
		by_child_session_show(own->session, each, arg);
}


void by_own_session_close(struct by_own_session *own)
{
	if (own->session)
		end(own);
}
