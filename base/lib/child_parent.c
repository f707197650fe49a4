/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent interface that a child talks to: what a child may say, and when.
 */
#define BY_PARENT_SELF struct by_child
#include "child.h"
#include <by/cap.h>
#include <by/kernel.h>
#include <by/label.h>
#include <by/mem.h>
#include <by/object/parent_server.h>
#include <by/string.h>


/*
 * Routes
 */

static bool route_fits(struct by_route const *route, char const *service, char const *label)
{
	return !by_strcmp(route->service, service)
	       && (!route->last || !by_strcmp(route->last, by_label_last(label)));
}


static by_status_t find_in_table(struct by_child const *child, char const *service,
                                 char const *label, struct by_route *found)
{
	struct by_route const *route = child->routes;

	while (route->service && !route_fits(route, service, label))
		route++;
	*found = *route;

	return route->service ? BY_OK : BY_DENIED;
}


/* 'label' is the child's, 'full' begins with the child's name. */
static by_status_t find_route(struct by_child *child, char const *service, char const *label,
                              char const *full, struct by_route *route)
{
	*route = (struct by_route){ .service = service };
	by_status_t const status = child->routes
		? find_in_table(child, service, label, route)
		: child->ops->route(child, service, full, route);

	if (status == BY_OK && !route->label)
		route->label = full;

	return status;
}


/*
 * The client
 */

static by_status_t op_session(struct by_child *child, uint32_t id, char const *service,
                              char const *label, uint64_t ram, uint64_t caps,
                              void const *args, size_t args_len, by_cap_t *gate)
{
	struct by_route route;
	struct session *session;
	char            full[BY_LABEL_SIZE];

	if (!by_label_valid(label))
		return BY_INVALID;
	if (by_child_session_find(child, id))
		return BY_EXISTS;

	by_status_t status = by_label_prefix(full, child->name, label);

	if (status == BY_OK)
		status = find_route(child, service, label, full, &route);
	if (status != BY_OK)
		return status;

	struct by_service_request const request = {
		.label = full, .ram = ram, .caps = caps, .args = args, .args_len = args_len,
	};

	status = by_child_session_open(child, id, &route, &request, &session);
	if (status == BY_OK)
		*gate = by_child_session_gate(session);

	return status;
}


/* Tell a refusal, after which there is no session. */
static by_status_t tell_refusal(struct session *session)
{
	by_status_t const reason = session->reason;

	by_child_session_end(session, CLAIM_CLOSED);

	return reason;
}


static by_status_t op_session_cap(struct by_child *child, uint32_t id, by_cap_t *gate)
{
	struct session *session = by_child_session_find(child, id);

	if (!session || session->claim == CLAIM_FINISHING)
		return BY_NOT_FOUND;
	if (session->claim == CLAIM_ASKED)
		return BY_PENDING;
	if (session->claim == CLAIM_REFUSED || session->claim == CLAIM_LOST)
		return tell_refusal(session);

	*gate = by_child_session_gate(session);

	return BY_OK;
}


static by_status_t op_upgrade(struct by_child *child, uint32_t id, uint64_t ram, uint64_t caps)
{
	struct session *session = by_child_session_find(child, id);

	if (!session || session->claim != CLAIM_OPEN)
		return BY_NOT_FOUND;

	return by_child_session_upgrade(session, ram, caps);
}


static by_status_t end_session(struct by_child *child, uint32_t id, enum claim claim)
{
	struct session *session = by_child_session_find(child, id);

	if (!session)
		return BY_NOT_FOUND;

	return by_child_session_end(session, claim) ? BY_OK : BY_PENDING;
}


static by_status_t op_close(struct by_child *child, uint32_t id)
{
	return end_session(child, id, CLAIM_CLOSED);
}


static by_status_t op_finish(struct by_child *child, uint32_t id)
{
	return end_session(child, id, CLAIM_FINISHING);
}


static by_status_t op_answered(struct by_child *child, uint32_t *id)
{
	return by_child_session_news(child, id);
}


static by_status_t op_fee(struct by_child *child, uint64_t *ram)
{
	(void)child;
	*ram = by_child_fee();

	return BY_OK;
}


/*
 * The server
 */

static by_status_t op_provide(struct by_child *child, char const *service)
{
	return by_provider_provide(child->provider, service);
}


static by_status_t op_request(struct by_child *child, enum by_parent_work *what, uint32_t *id,
                              uint64_t *ram, uint64_t *caps, char *service, char *label,
                              void *args, size_t *args_len)
{
	struct by_provider_work work;
	by_status_t const       status = by_provider_request(child->provider, &work);

	if (status != BY_OK)
		return status;

	struct session const *session = work.session;

	*what = work.what;
	*id   = session->number;
	*ram  = work.ram;
	*caps = work.caps;
	if (work.what != BY_PARENT_WORK_OPEN)
		return BY_OK;

	(void)!by_strcopy(service, BY_PARENT_REQUEST_SERVICE_MAX + 1, session->service);
	(void)!by_strcopy(label, BY_PARENT_REQUEST_LABEL_MAX + 1, session->label);
	memcpy(args, session->args, session->args_len);
	*args_len = session->args_len;

	return BY_OK;
}


static by_status_t op_deliver(struct by_child *child, uint32_t id, struct by_cap_arg *gate)
{
	return by_provider_deliver(child->provider, id, gate);
}


static by_status_t op_refuse(struct by_child *child, uint32_t id, uint32_t reason)
{
	return by_provider_refuse(child->provider, id, reason);
}


static by_status_t op_done(struct by_child *child, uint32_t id)
{
	return by_provider_done(child->provider, id);
}


static by_status_t op_lost(struct by_child *child, uint32_t id)
{
	return by_provider_lost(child->provider, id);
}


/*
 * Resources, life
 */

static void op_exit(struct by_child *child, int32_t code)
{
	child->ops->exited(child, code);
}


static by_status_t op_resource_request(struct by_child *child, uint64_t ram, uint64_t caps)
{
	if (child->ops->wants)
		child->ops->wants(child, ram, caps);

	return BY_OK;
}


static uint64_t lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}


static by_status_t op_yield_request(struct by_child *child, uint64_t *ram, uint64_t *caps)
{
	*ram  = child->yield_ram;
	*caps = child->yield_caps;

	return *ram || *caps ? BY_OK : BY_EMPTY;
}


/* What could be freed is taken; what is missing is not asked for again. */
static by_status_t op_yield_done(struct by_child *child)
{
	struct by_pd_balance balance;
	uint64_t ram = child->yield_ram, caps = child->yield_caps;

	if (!ram && !caps)
		return BY_EMPTY;

	child->yield_ram = child->yield_caps = 0;
	by_status_t status = by_pd_account(&child->pd, &balance);

	if (status == BY_OK) {
		ram  = lesser(ram, balance.ram_quota - balance.ram_used);
		caps = lesser(caps, balance.caps_quota - balance.caps_used);
		status = by_pd_transfer(&child->pd, child->env->pd.session.cap, ram, caps);
	}

	if (status != BY_OK)
		return BY_EMPTY;

	if (child->ops->yielded)
		child->ops->yielded(child, ram, caps);

	return BY_OK;
}


static by_status_t op_alive(struct by_child *child)
{
	child->beats = 0;

	return BY_OK;
}


/*
 * Signals
 */

static by_status_t set_signal(by_cap_t *signal, struct by_cap_arg *sigh)
{
	if (sigh->kind != BY_CAP_FOREIGN)
		return BY_BAD_CAP;

	by_cap_drop(*signal);
	*signal = by_cap_arg_take(sigh);

	return BY_OK;
}


static by_status_t op_session_sigh(struct by_child *child, struct by_cap_arg *sigh)
{
	return set_signal(&child->answered, sigh);
}


/* Who may offer nothing is told so when it offers something: 'provide'. */
static by_status_t op_request_sigh(struct by_child *child, struct by_cap_arg *sigh)
{
	if (!child->provider)
		return sigh->kind == BY_CAP_FOREIGN ? BY_OK : BY_BAD_CAP;

	return set_signal(&child->provider->ready, sigh);
}


static by_status_t op_resource_sigh(struct by_child *child, struct by_cap_arg *sigh)
{
	return set_signal(&child->richer, sigh);
}


static by_status_t op_yield_sigh(struct by_child *child, struct by_cap_arg *sigh)
{
	return set_signal(&child->yield, sigh);
}


static by_status_t op_heartbeat_sigh(struct by_child *child, struct by_cap_arg *sigh)
{
	return set_signal(&child->beat, sigh);
}


static struct by_parent_ops const ops = {
	.exit = op_exit, .session = op_session, .session_cap = op_session_cap,
	.upgrade = op_upgrade, .close = op_close, .session_sigh = op_session_sigh,
	.answered = op_answered, .fee = op_fee, .finish = op_finish,
	.provide = op_provide, .request_sigh = op_request_sigh, .request = op_request,
	.deliver = op_deliver, .refuse = op_refuse, .done = op_done, .lost = op_lost,
	.resource_request = op_resource_request, .resource_sigh = op_resource_sigh,
	.yield_sigh = op_yield_sigh, .yield_request = op_yield_request,
	.yield_done = op_yield_done,
	.heartbeat_sigh = op_heartbeat_sigh, .alive = op_alive,
};


by_status_t by_child_parent_init(struct by_child *child)
{
	return by_object_publish(child->env->endpoint, &child->parent, &by_parent_interface, &ops,
	                         child);
}


void by_child_parent_fini(struct by_child *child)
{
	by_cap_t *const signals[] = { &child->answered, &child->richer, &child->yield, &child->beat };

	by_object_withdraw(&child->parent);
	by_child_sessions_end(child);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		by_cap_drop(*signals[i]);
		*signals[i] = BY_NO_CAP;
	}
}


/*
 * The parent's own wishes
 */

by_status_t by_child_give(struct by_child *child, uint64_t ram, uint64_t caps)
{
	by_status_t const status = by_pd_transfer(&child->env->pd, child->pd.session.cap, ram,
	                                          caps);
	if (status == BY_OK)
		by_child_tell(child->richer);

	return status;
}


by_status_t by_child_take(struct by_child *child, uint64_t ram, uint64_t caps)
{
	by_status_t const status = by_pd_transfer(&child->pd, child->env->pd.session.cap, ram,
	                                          caps);
	bool const        taken = status == BY_OK;

	child->yield_ram  = taken ? 0 : ram;
	child->yield_caps = taken ? 0 : caps;
	if (!taken)
		by_child_tell(child->yield);

	return taken ? BY_OK : BY_PENDING;
}


unsigned by_child_heartbeat(struct by_child *child)
{
	unsigned const missed = child->beats;

	if (child->heartbeat || by_cap_valid(child->beat))
		child->beats++;
	by_child_tell(child->beat);

	return missed;
}
