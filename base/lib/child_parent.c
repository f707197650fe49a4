/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parent interface that a child talks to.
 *
 * A donation goes from the child's account to ours first, and from there to whoever
 * provides the session. When the session is closed it goes the same way back. Not so
 * with a PD: what is left in its account when it ends falls to the account that it refers
 * to, and that is its client's, so nobody on the way can give it back a second time.
 */
#define BY_PARENT_SELF struct by_child
#include "child.h"
#include <by/assert.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/label.h>
#include <by/log.h>
#include <by/object/parent_server.h>
#include <by/status_name.h>
#include <by/string.h>

/* A session that the child has asked for. */
struct session {
	struct by_list_node node;
	struct by_child    *child;
	uint32_t            id;        /* the child's */
	uint64_t            ram, caps; /* donated */
	bool                pd;        /* its account is the child's to inherit, and */
	bool                inherited; /* will be, so that we return nothing */
	by_status_t         status;    /* BY_PENDING until there is an answer */
	struct by_session   upper;     /* from our own parent, or */
	struct by_service  *local;     /* a service of our own */
	struct by_object   *object;
};


static struct session *session_of(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct session, node);
}


static struct session *find_session(struct by_child *child, uint32_t id)
{
	BY_LIST_EACH(&child->sessions, node)
		if (session_of(node)->id == id)
			return session_of(node);

	return NULL;
}


static by_cap_t session_gate(struct session const *session)
{
	return session->local ? session->object->target.cap : session->upper.cap;
}


/*
 * Donations
 */

/* More than a size can say is more than anybody has. */
static by_status_t check_donation(uint64_t ram, uint64_t caps)
{
	if (ram > SIZE_MAX)
		return BY_OUT_OF_RAM;

	return caps > SIZE_MAX ? BY_OUT_OF_CAPS : BY_OK;
}


/* From the child's account to ours. */
static by_status_t collect(struct by_child *child, uint64_t ram, uint64_t caps)
{
	by_status_t const status = check_donation(ram, caps);

	return status == BY_OK ? by_pd_transfer(&child->pd, child->env->pd.session.cap, ram, caps)
	                       : status;
}


/* And back. */
static void refund(struct by_child *child, uint64_t ram, uint64_t caps)
{
	by_status_t const status = by_pd_transfer(&child->env->pd, child->pd.session.cap, ram,
	                                          caps);
	if (status != BY_OK)
		by_warning("child \"%s\": donation is not back: %s", child->name,
		           by_status_name(status));
}


/*
 * Opening
 */

static bool route_fits(struct by_route const *route, char const *service, char const *label)
{
	return !by_strcmp(route->service, service)
	       && (!route->last || !by_strcmp(route->last, by_label_last(label)));
}


static struct by_route const *find_route(struct by_child const *child, char const *service,
                                         char const *label)
{
	struct by_route const *route = child->routes;

	while (route->service && !route_fits(route, service, label))
		route++;

	return route->service ? route : NULL;
}


/* A PD that we have got for the child refers to the child from now on. */
static void settle_reference(struct session *session)
{
	struct by_pd pd = { .session.cap = session->upper.cap };

	if (session->pd)
		session->inherited = by_pd_reference(&pd, session->child->pd.session.cap) == BY_OK;
}


/* Our own parent has answered later. */
static void answered(struct by_session *upper, by_status_t status)
{
	struct session *session = BY_CONTAINER_OF(upper, struct session, upper);

	session->status = status;
	if (status == BY_OK)
		settle_reference(session);
	by_signal_submit(session->child->answered, 1);
}


static by_status_t open_local(struct session *session, struct by_service *service,
                              struct by_service_request const *request)
{
	struct by_rpc_interface const *const interface = service->interface;

	if (request->ram < interface->ram)
		return BY_OUT_OF_RAM;
	if (request->caps < interface->caps)
		return BY_OUT_OF_CAPS;

	session->local = service;

	return service->open(service, request, &session->object);
}


static by_status_t open_upper(struct session *session, char const *service,
                              struct by_service_request const *request)
{
	struct by_session_args const args = {
		.service = service, .label = request->label,
		.ram = request->ram, .caps = request->caps,
		.args = request->args, .args_len = request->args_len,
	};

	session->pd = !by_strcmp(service, "PD");
	by_status_t const status = by_session_begin(session->child->env, &args, &session->upper,
	                                            answered);
	if (status == BY_OK)
		settle_reference(session);

	return status;
}


static void free_session(struct session *session)
{
	by_free(session->child->env->heap, session, sizeof(*session));
}


/* Make the record of a session, with its donation collected. Gives: out. */
static by_status_t new_session(struct by_child *child, uint32_t id, uint64_t ram,
                               uint64_t caps, struct session **out)
{
	void       *record;
	by_status_t status = by_alloc(child->env->heap, sizeof(**out), &record);

	if (status != BY_OK)
		return status;

	struct session *session = record;

	*session = (struct session){ .child = child, .id = id, .ram = ram, .caps = caps };
	status = collect(child, ram, caps);
	if (status != BY_OK)
		free_session(session);
	else
		*out = session;

	return status;
}


/* End the session with its provider, and the record of it. Takes: session. */
static void end_session(struct session *session)
{
	struct by_child *child = session->child;

	if (by_list_linked(&session->node))
		by_list_remove(&session->node);
	if (session->object)
		session->local->close(session->local, session->object);
	by_session_close(child->env, &session->upper);
	if (!session->inherited)
		refund(child, session->ram, session->caps);
	free_session(session);
}


static by_status_t open_session(struct by_child *child, uint32_t id,
                                struct by_route const *route,
                                struct by_service_request const *request, by_cap_t *gate)
{
	struct session *session;
	by_status_t     status = new_session(child, id, request->ram, request->caps, &session);

	if (status != BY_OK)
		return status;

	session->status = route->local ? open_local(session, route->local, request)
	                               : open_upper(session, route->service, request);
	status = session->status;
	if (status != BY_OK && status != BY_PENDING) {
		end_session(session);
		return status;
	}
	by_list_append(&child->sessions, &session->node);
	if (status == BY_OK)
		*gate = session_gate(session);

	return status;
}


/*
 * RPC
 */

static void op_exit(struct by_child *child, int32_t code)
{
	child->ops->exited(child, code);
}


static by_status_t op_session(struct by_child *child, uint32_t id, char const *service,
                              char const *label, uint64_t ram, uint64_t caps,
                              void const *args, size_t args_len, by_cap_t *gate)
{
	struct by_route const *route = find_route(child, service, label);
	char                   full[BY_LABEL_SIZE];

	if (!by_label_valid(label))
		return BY_INVALID;
	if (find_session(child, id))
		return BY_EXISTS;
	if (!route)
		return BY_DENIED;

	by_status_t status = check_donation(ram, caps);

	if (status == BY_OK)
		status = by_label_prefix(full, child->name, label);
	if (status != BY_OK)
		return status;

	struct by_service_request const request = {
		.label = full, .ram = (size_t)ram, .caps = (size_t)caps,
		.args = args, .args_len = args_len,
	};

	return open_session(child, id, route, &request, gate);
}


static by_status_t op_session_cap(struct by_child *child, uint32_t id, by_cap_t *gate)
{
	struct session *session = find_session(child, id);

	if (!session)
		return BY_NOT_FOUND;

	by_status_t const status = session->status;

	if (status == BY_OK)
		*gate = session_gate(session);
	else if (status != BY_PENDING)
		end_session(session);

	return status;
}


static by_status_t op_upgrade(struct by_child *child, uint32_t id, uint64_t ram, uint64_t caps)
{
	struct session *session = find_session(child, id);
	by_status_t     status;

	if (!session)
		return BY_NOT_FOUND;

	status = collect(child, ram, caps);
	if (status != BY_OK)
		return status;

	if (!session->local)
		status = by_session_upgrade(child->env, &session->upper, (size_t)ram, (size_t)caps);
	if (status != BY_OK && status != BY_PENDING) {
		refund(child, ram, caps);
		return status;
	}
	session->ram  += ram;
	session->caps += caps;

	return status;
}


static by_status_t op_close(struct by_child *child, uint32_t id)
{
	struct session *session = find_session(child, id);

	if (!session)
		return BY_NOT_FOUND;

	end_session(session);

	return BY_OK;
}


static by_status_t op_session_sigh(struct by_child *child, struct by_cap_arg *sigh)
{
	if (sigh->kind != BY_CAP_FOREIGN)
		return BY_BAD_CAP;

	by_cap_drop(child->answered);
	child->answered = by_cap_arg_take(sigh);

	return BY_OK;
}


static struct by_parent_ops const ops = {
	.exit         = op_exit,
	.session      = op_session,
	.session_cap  = op_session_cap,
	.upgrade      = op_upgrade,
	.close        = op_close,
	.session_sigh = op_session_sigh,
};


by_status_t by_child_parent_init(struct by_child *child)
{
	return by_object_publish(child->env->endpoint, &child->parent, &by_parent_interface, &ops,
	                         child);
}


void by_child_parent_fini(struct by_child *child)
{
	struct by_list_node *node;

	by_object_withdraw(&child->parent);
	while ((node = by_list_first(&child->sessions)))
		end_session(session_of(node));
	by_cap_drop(child->answered);
	child->answered = BY_NO_CAP;
}
