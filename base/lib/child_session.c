/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions of children: where they come from, and where their donations are.
 *
 * A donation goes from the child's account to ours first, and from there to whoever
 * provides the session. When the session has ended it goes the same way back. Not so
 * with a PD: what is left in its account when it ends falls to the account that it refers
 * to, and that is its client's, so nobody on the way can give it back a second time.
 */
#include "child.h"
#include "session.h"
#include <by/assert.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/mem.h>
#include <by/status_name.h>
#include <by/string.h>

/* What a record costs, with what the heap adds. */
enum { FEE = 1024 };

_Static_assert(sizeof(struct session) + 64 <= FEE, "the fee pays the record");

/* What our own parent takes, once it has been asked. */
static uint64_t fee_above;
static bool     prepared;

/* Sum over all sessions whose donation is set aside. */
static struct { uint64_t ram, caps; } aside;

/* Children that have not got back what is theirs, because we did not have it. */
static struct by_list poorer = { .head = { .next = &poorer.head, .prev = &poorer.head } };


/*
 * Donations
 */

by_status_t by_child_prepare(struct by_env *env)
{
	by_status_t status = BY_OK;

	if (prepared)
		return status;

	status = by_parent_fee(&env->parent, &fee_above);
	if (status == BY_OK)
		status = by_session_listen(env);
	prepared = status == BY_OK;

	return status;
}


uint64_t by_child_fee(void)
{
	return fee_above + FEE;
}


static by_status_t set_aside(struct by_env *env, uint64_t ram, uint64_t caps)
{
	by_status_t const status = by_pd_set_aside(&env->pd, ram, caps);

	if (status == BY_OK) {
		aside.ram  = ram;
		aside.caps = caps;
	}

	return status;
}


by_status_t by_child_set_aside(struct session *session)
{
	by_status_t const status = set_aside(session->env, aside.ram + session->ram,
	                                     aside.caps + session->caps);
	if (status == BY_OK)
		session->place = PLACE_ASIDE;

	return status;
}


void by_child_take_from_aside(struct session *session)
{
	by_status_t const status = set_aside(session->env, aside.ram - session->ram,
	                                     aside.caps - session->caps);

	BY_ASSERT(status == BY_OK && session->place == PLACE_ASIDE);
	session->place = PLACE_AWAY;
}


/* More than a size can say is more than anybody has. */
static by_status_t check_donation(uint64_t ram, uint64_t caps, uint64_t fee)
{
	if (ram > SIZE_MAX - fee)
		return BY_OUT_OF_RAM;

	return caps > SIZE_MAX ? BY_OUT_OF_CAPS : BY_OK;
}


/* From the child's account to ours. */
static by_status_t collect(struct by_child *child, uint64_t ram, uint64_t caps)
{
	return by_pd_transfer(&child->pd, child->env->pd.session.cap, ram, caps);
}


static by_status_t give(struct by_child *child, uint64_t ram, uint64_t caps)
{
	by_status_t const status = by_pd_transfer(&child->env->pd, child->pd.session.cap, ram,
	                                          caps);
	if (status == BY_OK)
		by_child_tell(child->richer);

	return status;
}


/*
 * And back. What has come back can be less than was given, because memory that a dead server
 * has shared with its client is charged to us until that one detaches it.
 */
static void refund(struct by_child *child, uint64_t ram, uint64_t caps)
{
	by_status_t const status = give(child, ram, caps);

	if (status == BY_OK)
		return;

	by_warning("child \"%s\": donation is not back yet: %s", child->name,
	           by_status_name(status));
	child->owed_ram  += ram;
	child->owed_caps += caps;
	if (!by_list_linked(&child->poorer))
		by_list_append(&poorer, &child->poorer);
}


static void owe_nothing(struct by_child *child)
{
	if (by_list_linked(&child->poorer))
		by_list_remove(&child->poorer);
	child->owed_ram = child->owed_caps = 0;
}


void by_child_pay_back(void)
{
	BY_LIST_EACH_SAFE(&poorer, node) {
		struct by_child *child = BY_CONTAINER_OF(node, struct by_child, poorer);

		if (give(child, child->owed_ram, child->owed_caps) == BY_OK)
			owe_nothing(child);
	}
}


/*
 * Records
 */

static struct session *session_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct session, by_id);
}


static int compare(void const *key, struct by_tree_node const *node)
{
	uint32_t const id = *(uint32_t const *)key;

	return id < session_of(node)->id ? -1 : id > session_of(node)->id;
}


struct session *by_child_session_find(struct by_child *child, uint32_t id)
{
	struct by_tree_node *node = by_tree_find(&child->sessions, &id, compare);

	return node ? session_of(node) : NULL;
}


by_cap_t by_child_session_gate(struct session const *session)
{
	if (session->provider)
		return session->gate;

	return session->local ? session->local->gate : session->upper.cap;
}


/* A client hears of what it has a number for. */
/* Tell the parent that by_child_sessions() shows something else. */
static void tell_parent(struct by_child *child)
{
	if (child && child->ops->sessions)
		child->ops->sessions(child);
}


void by_child_session_changed(struct session *session)
{
	bool const named = session->child && by_tree_linked(&session->by_id);

	tell_parent(session->child);
	if (named && !by_list_linked(&session->news))
		by_list_append(&session->child->news, &session->news);
	if (named)
		by_child_tell(session->child->answered);
	else if (session->above)
		session->above->changed(session);
}


static void end_news(struct session *session)
{
	if (by_list_linked(&session->news))
		by_list_remove(&session->news);
}


by_status_t by_child_session_news(struct by_child *child, uint32_t *id)
{
	struct by_list_node *node = by_list_take(&child->news);

	if (!node)
		return BY_EMPTY;

	*id = BY_CONTAINER_OF(node, struct session, news)->id;

	return BY_OK;
}


static void free_session(struct session *session)
{
	by_free(session->env->heap, session, sizeof(*session));
}


/* Make the record of a session, with its donation collected. Gives: out. */
static by_status_t create(struct by_child *child, uint32_t id, uint64_t fee,
                          struct by_service_request const *request, struct session **out)
{
	void       *memory;
	by_status_t status = check_donation(request->ram, request->caps, fee);

	if (status == BY_OK)
		status = by_alloc(child->env->heap, sizeof(**out), &memory);
	if (status != BY_OK)
		return status;

	struct session *session = memory;

	*session = (struct session){
		.env = child->env, .child = child, .id = id, .place = PLACE_AWAY,
		.ram = request->ram, .caps = request->caps, .fee = fee,
	};
	status = collect(child, session->ram + fee, session->caps);
	if (status != BY_OK)
		free_session(session);
	else
		*out = session;

	return status;
}


/* Give back what is with us: the donation, unless it is not ours to return, and the fee. */
static void give_back(struct session *session, bool donation, bool fee)
{
	bool const     all  = donation && !session->inherited;
	uint64_t const ram  = (all ? session->ram : 0) + (fee ? session->fee : 0);
	uint64_t const caps = all ? session->caps : 0;

	if (session->child && (ram || caps))
		refund(session->child, ram, caps);
}


/* Forget a session with which all is settled. Takes: session. */
static void release(struct session *session)
{
	end_news(session);
	if (session->child)
		by_list_remove(&session->record);
	if (session->child && by_tree_linked(&session->by_id))
		by_tree_remove(&session->child->sessions, &session->by_id);
	if (session->above)
		session->above->ended(session);
	tell_parent(session->child);
	free_session(session);
}


void by_child_session_settle(struct session *session)
{
	bool const closed = session->claim == CLAIM_CLOSED;

	BY_ASSERT(session->place == PLACE_AWAY);
	session->place    = PLACE_BACK;
	session->provider = NULL;
	give_back(session, true, closed);
	if (closed)
		release(session);
	else
		by_child_session_changed(session);
}


/*
 * Opening
 */

/* A PD that we have got for the child refers to the child from now on. */
static void settle_reference(struct session *session)
{
	struct by_pd pd = { .session.cap = session->upper.cap };

	if (session->pd)
		session->inherited = by_pd_reference(&pd, session->child->pd.session.cap) == BY_OK;
}


/* Our own parent has answered later, or knows of an upgrade, or has ended the session. */
static void answered(struct by_session *upper, by_status_t status)
{
	struct session *session = BY_CONTAINER_OF(upper, struct session, upper);

	if (session->claim == CLAIM_FINISHING || session->claim == CLAIM_CLOSED) {
		by_child_session_settle(session);
		return;
	}
	if (session->claim == CLAIM_ASKED && status != BY_OK) {
		session->claim  = CLAIM_REFUSED;
		session->reason = status;
		by_child_session_settle(session);
		return;
	}
	if (session->claim == CLAIM_ASKED) {
		session->claim = CLAIM_OPEN;
		settle_reference(session);
	}
	session->more_ram = session->more_caps = 0;
	by_child_session_changed(session);
}


/* Its provider is dead, above: the child hears of it and finds the gate dead. */
static void lost_above(struct by_session *upper)
{
	by_child_session_changed(BY_CONTAINER_OF(upper, struct session, upper));
}


static by_status_t open_upper(struct session *session, char const *service,
                              struct by_service_request const *request)
{
	struct by_session_args const args = {
		.service = service, .label = request->label,
		.ram = (size_t)request->ram, .caps = (size_t)request->caps,
		.args = request->args, .args_len = request->args_len,
	};

	session->pd = !by_strcmp(service, "PD");
	by_status_t const status = by_session_pass(session->env, &args, &session->upper, answered,
	                                           lost_above);

	if (status == BY_OK)
		settle_reference(session);

	return status;
}


static by_status_t open_provider(struct session *session, struct by_route const *route,
                                 struct by_service_request const *request)
{
	if (request->args_len > sizeof(session->args))
		return BY_INVALID;

	memcpy(session->args, request->args, request->args_len);
	session->args_len = request->args_len;

	by_status_t const status = by_child_set_aside(session);
	if (status != BY_OK)
		return status;

	by_provider_open(route->provider, session);

	return BY_PENDING;
}


/* A service of our own has completed what was pending. */
static void opened(struct by_service_session *local, by_status_t status)
{
	struct session *session = local->client;

	session->claim  = status == BY_OK ? CLAIM_OPEN : CLAIM_REFUSED;
	session->reason = status;
	if (status == BY_OK) {
		by_child_session_changed(session);
		return;
	}
	session->local = NULL;
	by_service_close(local);
	by_child_session_settle(session);
}


static by_status_t open_local(struct session *session, struct by_service *service,
                              struct by_service_request const *request)
{
	by_status_t const status = by_service_open(service, request, &session->local);

	if (status == BY_PENDING) {
		session->local->client = session;
		session->local->opened = opened;
	}

	return status;
}


/* What was asked for, of which the provider sees the label that the route says. */
static by_status_t note_request(struct session *session, struct by_route const *route,
                                struct by_service_request *request)
{
	if (!by_strcopy(session->service, sizeof(session->service), route->service)
	    || !by_strcopy(session->asked, sizeof(session->asked), request->label)
	    || !by_strcopy(session->label, sizeof(session->label), route->label))
		return BY_INVALID;

	request->label = session->label;

	return BY_OK;
}


static by_status_t open_route(struct session *session, struct by_route const *route,
                              struct by_service_request *request)
{
	by_status_t const status = note_request(session, route, request);

	if (status != BY_OK)
		return status;
	if (route->local)
		return open_local(session, route->local, request);
	if (route->provider)
		return open_provider(session, route, request);

	return open_upper(session, route->service, request);
}


/* A child has no more important time than its parent lets through, from whomever. */
static by_status_t clamp_cpu(struct by_child const *child, struct by_route const *route,
                             struct by_service_request *request, struct by_cpu_args *args)
{
	if (by_strcmp(route->service, "CPU"))
		return BY_OK;

	if (request->args_len != sizeof(*args))
		return BY_INVALID;

	memcpy(args, request->args, sizeof(*args)); /* a struct lies in memory as it travels */
	if (args->priority > child->highest)
		args->priority = child->highest;
	request->args = args;

	return BY_OK;
}


by_status_t by_child_session_open(struct by_child *child, uint32_t id,
                                  struct by_route const *route,
                                  struct by_service_request const *asked,
                                  struct session **out)
{
	bool const                up      = !route->local && !route->provider;
	struct by_service_request request = *asked;
	struct by_cpu_args        cpu;
	struct session           *session;
	by_status_t               status = clamp_cpu(child, route, &request, &cpu);

	by_child_pay_back();
	if (status == BY_OK)
		status = create(child, id, up ? by_child_fee() : FEE, &request, &session);
	if (status != BY_OK)
		return status;

	status = open_route(session, route, &request);
	if (status != BY_OK && status != BY_PENDING) {
		refund(child, session->ram + session->fee, session->caps);
		free_session(session);
		return status;
	}
	session->claim = status == BY_OK ? CLAIM_OPEN : CLAIM_ASKED;
	by_list_append(&child->records, &session->record);
	by_status_t const unique = by_tree_insert(&child->sessions, &session->by_id, &id, compare);

	BY_ASSERT(unique == BY_OK);
	tell_parent(child);
	*out = session;

	return status;
}


by_status_t by_child_session_forward(struct by_env *env, struct by_route const *route,
                                     struct by_service_request const *asked,
                                     struct session_above const *above, struct session **out)
{
	struct by_service_request request = *asked;
	void                     *memory;
	by_status_t               status = by_alloc(env->heap, sizeof(struct session), &memory);

	if (status != BY_OK)
		return status;

	struct session *session = memory;

	*session = (struct session){
		.env = env, .place = PLACE_AWAY, .ram = request.ram, .caps = request.caps,
	};
	status = open_route(session, route, &request);
	if (status != BY_OK && status != BY_PENDING) {
		free_session(session);
		return status;
	}
	session->claim = status == BY_OK ? CLAIM_OPEN : CLAIM_ASKED;
	session->above = above;
	*out = session;

	return status;
}


/*
 * Later
 */

by_status_t by_child_session_upgrade(struct session *session, uint64_t ram, uint64_t caps)
{
	by_status_t status = check_donation(ram, caps, 0);

	if (status == BY_OK && session->child && (ram || caps))
		status = collect(session->child, ram, caps);
	if (status != BY_OK)
		return status;

	if (session->provider)
		status = by_provider_upgrade(session, ram, caps);
	else if (session->local)
		by_service_upgrade(session->local, (size_t)ram, (size_t)caps);
	else if (ram || caps)
		status = by_session_upgrade(session->env, &session->upper, (size_t)ram, (size_t)caps,
		                            answered);
	if (status != BY_OK && status != BY_PENDING) {
		if (session->child)
			refund(session->child, ram, caps);
		return status;
	}
	session->ram  += ram;
	session->caps += caps;
	if (status == BY_PENDING) {
		session->more_ram  += ram;
		session->more_caps += caps;
	}

	return session->more_ram || session->more_caps ? BY_PENDING : BY_OK;
}


/* End it where the donation is. True: it is with us now. */
static bool end_provided(struct session *session)
{
	if (session->place == PLACE_ASIDE) {
		if (by_list_linked(&session->todo))
			by_list_remove(&session->todo);
		by_child_take_from_aside(session);
		return true;
	}
	if (session->provider) {
		by_provider_close(session);
		return false;
	}
	if (!session->local)
		return by_session_finish(session->env, &session->upper, answered) != BY_PENDING;

	by_service_close(session->local);

	return true;
}


bool by_child_session_end(struct session *session, enum claim claim)
{
	bool const ending = session->claim == CLAIM_FINISHING;

	by_child_pay_back();
	if (session->place == PLACE_BACK) {
		give_back(session, false, true);
		release(session);
		return true;
	}
	if (claim == CLAIM_CLOSED && by_tree_linked(&session->by_id)) {
		by_tree_remove(&session->child->sessions, &session->by_id);
		end_news(session);
	}
	session->claim = claim;
	if (ending || !end_provided(session))
		return false;

	session->claim = CLAIM_CLOSED;
	by_child_session_settle(session);

	return true;
}


void by_child_sessions_end(struct by_child *child)
{
	struct by_tree_node *named;
	struct by_list_node *node;

	while ((named = by_tree_first(&child->sessions)))
		by_child_session_end(session_of(named), CLAIM_CLOSED);
	while ((node = by_list_take(&child->records)))
		BY_CONTAINER_OF(node, struct session, record)->child = NULL;
	owe_nothing(child);
}


static char const *state_name(struct session const *session)
{
	static char const *const names[] = {
		[CLAIM_ASKED] = "asked", [CLAIM_OPEN] = "open", [CLAIM_REFUSED] = "refused",
		[CLAIM_LOST] = "lost", [CLAIM_FINISHING] = "closing", [CLAIM_CLOSED] = "closing",
	};

	return names[session->claim];
}


void by_child_session_show(struct session const *session,
                           void (*each)(struct by_child_session const *session, void *arg),
                           void *arg)
{
	each(&(struct by_child_session){
		.service = session->service, .label = session->label, .asked = session->asked,
		.state = state_name(session), .ram = session->ram, .caps = session->caps,
		.provider = session->provider,
		.local = session->local ? session->local->service : NULL }, arg);
}


void by_child_sessions(struct by_child const *child,
                       void (*each)(struct by_child_session const *session, void *arg),
                       void *arg)
{
	if (!child->records.head.next)
		return;

	BY_LIST_EACH(&child->records, node)
		by_child_session_show(BY_CONTAINER_OF(node, struct session, record), each, arg);
}
