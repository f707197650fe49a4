/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Uplinks: sessions of clients above at a child.
 *
 *     our parent ──request──> announced ──open──> uplink ──record──> provider ──> child
 *
 * The record of such a session is that of a child's session (child_session.c) with nobody but
 * us as its client. Our parent is told
 *
 *     deliver   when the child has delivered
 *     refuse    when it is not opened, and the donation is with us again
 *     lost      when it was delivered and ends by itself, and the donation is with us again
 *     done      when our parent has closed it, and the donation is with us again
 *
 * of which the last three end it.
 */
#include "announced.h"
#include "child.h"
#include <by/cap.h>
#include <by/container.h>
#include <by/string.h>
#include <by/uplink.h>


static struct session *session_of(struct by_announced_session *announced)
{
	return BY_CONTAINER_OF(announced, struct session, announced);
}


static struct session *session_at(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct session, record);
}


/* It belongs to its uplink no more. */
static void leave(struct session *session)
{
	if (!by_list_linked(&session->record))
		return;

	by_list_remove(&session->record);
	BY_CONTAINER_OF(session->announced.announced, struct by_uplink, announced)->count--;
}


static void deliver(struct session *session)
{
	by_status_t const status = by_announced_deliver(session->env, session->announced.id,
	                                                session->gate);

	session->delivered = status == BY_OK;
	if (session->delivered)
		return;

	session->reason = BY_GONE; /* the gate is dead already */
	by_child_session_end(session, CLAIM_CLOSED);
}


static void changed(struct session *session)
{
	if (session->claim == CLAIM_OPEN && !session->delivered)
		deliver(session);
	else if (session->claim == CLAIM_REFUSED || session->claim == CLAIM_LOST)
		by_child_session_end(session, CLAIM_CLOSED);
}


static void ended(struct session *session)
{
	struct by_env *const env = session->env;
	uint32_t const       id  = session->announced.id;

	leave(session);
	by_announced_leave(&session->announced);
	if (session->closed)
		by_announced_done(env, id);
	else if (session->delivered)
		by_announced_lost(env, id);
	else
		by_announced_refuse(env, id, session->reason);
}


static by_status_t find_route(struct by_uplink *uplink, char const *label,
                              struct by_route *route)
{
	*route = (struct by_route){
		.service = uplink->service, .provider = uplink->provider, .label = label,
	};
	by_status_t const status = uplink->route ? uplink->route(uplink, label, route) : BY_OK;

	return status == BY_OK && !route->provider ? BY_DENIED : status;
}


static by_status_t open(struct by_announced *announced, uint32_t id,
                        struct by_service_request const *request)
{
	static struct session_above const above = { .changed = changed, .ended = ended };
	struct by_uplink *const uplink = BY_CONTAINER_OF(announced, struct by_uplink, announced);
	struct by_route         route;
	struct session         *session;

	if (uplink->count >= uplink->limit)
		return BY_LIMIT;

	by_status_t status = find_route(uplink, request->label, &route);

	if (status != BY_OK)
		return status;

	status = by_child_session_forward(uplink->env, &route, request, &above, &session);
	if (status != BY_PENDING) /* a child answers later */
		return status;

	session->reason = BY_EXISTS;
	if (by_announced_enter(announced, id, &session->announced) != BY_OK) {
		by_child_session_end(session, CLAIM_CLOSED);
		return BY_OK;
	}
	by_list_append(&uplink->sessions, &session->record);
	uplink->count++;

	return BY_OK;
}


/* Without means to pass it on it stays with us, until it is to be given back. */
static void upgrade(struct by_announced_session *announced, uint64_t ram, uint64_t caps)
{
	struct session *session = session_of(announced);

	if (session->claim != CLAIM_OPEN)
		return;

	by_status_t const status = by_child_session_upgrade(session, ram, caps);

	(void)status;
}


static void close(struct by_announced_session *announced)
{
	struct session *session = session_of(announced);

	session->closed = true;
	by_child_session_end(session, CLAIM_CLOSED);
}


static struct by_announced_ops const ops = { open, upgrade, close };

/* Of sessions whose uplink is no more, and that are not done with. */
static struct by_announced orphaned = { .ops = &ops };


by_status_t by_uplink_init(struct by_env *env, struct by_uplink *uplink)
{
	uplink->env       = env;
	uplink->count     = 0;
	uplink->limit     = uplink->limit ? uplink->limit : BY_UPLINK_SESSIONS;
	uplink->announced = (struct by_announced){ .service = uplink->service, .ops = &ops };
	by_list_init(&uplink->sessions);

	return by_announce(env, &uplink->announced);
}


static void end(struct session *session, by_status_t reason)
{
	session->reason = reason;
	by_child_session_end(session, CLAIM_CLOSED);
}


/* Whether a session would be opened as it is. Errors: BY_GONE, and those of 'route'. */
static by_status_t review(struct by_uplink *uplink, struct session const *session)
{
	struct by_route   route;
	by_status_t const status = find_route(uplink, session->asked, &route);

	if (status != BY_OK)
		return status;

	return route.provider == session->provider
	       && !by_strcmp(route.service, session->service)
	       && !by_strcmp(route.label, session->label) ? BY_OK : BY_GONE;
}


void by_uplink_review(struct by_uplink *uplink)
{
	BY_LIST_EACH_SAFE(&uplink->sessions, node) {
		struct session *session = session_at(node);
		bool const      ending  = session->claim == CLAIM_CLOSED;
		by_status_t     status  = ending ? BY_OK : review(uplink, session);

		if (status != BY_OK)
			end(session, status);
	}
}


void by_uplink_sessions(struct by_uplink const *uplink,
                        void (*each)(struct by_child_session const *session, void *arg),
                        void *arg)
{
	BY_LIST_EACH(&uplink->sessions, node)
		by_child_session_show(session_at(node), each, arg);
}


void by_uplink_fini(struct by_uplink *uplink)
{
	if (!by_list_linked(&uplink->announced.node))
		return;

	by_announced_end(&uplink->announced);
	BY_LIST_EACH_SAFE(&uplink->sessions, node) {
		struct session *session = session_at(node);

		leave(session);
		session->announced.announced = &orphaned;
		end(session, BY_DENIED);
	}
}
