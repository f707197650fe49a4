/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Providers: sessions that one child has at another, seen from the one that provides.
 *
 * A session stands in 'waiting' or 'queue' until the child has fetched the request, and
 * then in the tree of those that it knows, until it is done with it. It stands in the queue
 * again whenever there is something to tell.
 */
#include "child.h"
#include <by/assert.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/kernel.h>
#include <by/string.h>


static struct session *session_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct session, by_number);
}


static struct session *session_to_do(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct session, todo);
}


static int compare(void const *key, struct by_tree_node const *node)
{
	uint32_t const number = *(uint32_t const *)key;

	return number < session_of(node)->number ? -1 : number > session_of(node)->number;
}


/* A session that the child has in this phase. */
static struct session *find(struct by_provider *provider, uint32_t number, enum phase phase)
{
	struct by_tree_node *node = by_tree_find(&provider->sessions, &number, compare);

	return node && session_of(node)->phase == phase ? session_of(node) : NULL;
}


/* A session that the child has not answered yet. */
static struct session *find_opening(struct by_provider *provider, uint32_t number)
{
	struct session *const session = find(provider, number, PHASE_OPENING);

	return session ? session : find(provider, number, PHASE_ABANDONED);
}


void by_provider_init(struct by_provider *provider,
                      bool (*allowed)(struct by_provider *provider, char const *service))
{
	*provider = (struct by_provider){ .allowed = allowed };
	by_tree_init(&provider->sessions, NULL);
	by_list_init(&provider->waiting);
	by_list_init(&provider->queue);
	by_list_init(&provider->owing);
}


/* The session is not to be had. */
static void refuse(struct session *session, by_status_t reason)
{
	if (session->claim == CLAIM_ASKED) {
		session->claim  = CLAIM_REFUSED;
		session->reason = reason;
	}
}


static void refuse_all(struct by_list *list)
{
	struct by_list_node *node;

	while ((node = by_list_take(list))) {
		struct session *session = session_to_do(node);

		refuse(session, BY_DENIED);
		by_child_take_from_aside(session);
		by_child_session_settle(session);
	}
}


void by_provider_fini(struct by_provider *provider)
{
	BY_ASSERT(!provider->child);
	refuse_all(&provider->waiting);
	refuse_all(&provider->queue);
}


/*
 * What is to be told
 */

static bool announced(struct by_provider const *provider, char const *service)
{
	for (unsigned i = 0; i < provider->services; i++)
		if (!by_strcmp(provider->service[i], service))
			return true;

	return false;
}


/* Have the child fetch something about the session. */
static void enqueue(struct session *session)
{
	if (!by_list_linked(&session->todo))
		by_list_append(&session->provider->queue, &session->todo);
	by_child_tell(session->provider->ready);
}


void by_provider_open(struct by_provider *provider, struct session *session)
{
	session->provider = provider;
	session->phase    = PHASE_QUEUED;
	if (announced(provider, session->service))
		enqueue(session);
	else
		by_list_append(&provider->waiting, &session->todo);
}


by_status_t by_provider_upgrade(struct session *session, uint64_t ram, uint64_t caps)
{
	struct by_env *const env = session->env;

	if (!ram && !caps)
		return BY_OK;

	by_status_t const status = by_pd_transfer(&env->pd, session->provider->child->pd.session.cap,
	                                          ram, caps);
	if (status != BY_OK)
		return status;

	enqueue(session);

	return BY_PENDING;
}


/* The client's access ends, if the gate is the child's own. */
static void revoke(struct session *session)
{
	by_status_t const status = by_pd_object_free(&session->provider->child->pd, session->gate);

	(void)status;
	by_cap_drop(session->gate);
	session->gate = BY_NO_CAP;
}


void by_provider_close(struct session *session)
{
	if (session->phase == PHASE_SERVED)
		revoke(session);
	else if (session->phase != PHASE_OPENING)
		return;

	session->phase = session->phase == PHASE_OPENING ? PHASE_ABANDONED : PHASE_CLOSING;
	enqueue(session);
}


/*
 * What the child says
 */

by_status_t by_provider_provide(struct by_provider *provider, char const *service)
{
	if (!provider || (provider->allowed && !provider->allowed(provider, service)))
		return BY_DENIED;
	if (announced(provider, service))
		return BY_EXISTS;
	if (provider->services == BY_PROVIDER_SERVICES)
		return BY_LIMIT;

	(void)!by_strcopy(provider->service[provider->services++], BY_SERVICE_NAME + 1, service);
	BY_LIST_EACH_SAFE(&provider->waiting, node) {
		if (by_strcmp(session_to_do(node)->service, service))
			continue;
		by_list_remove(node);
		enqueue(session_to_do(node));
	}

	return BY_OK;
}


/* Take the donation back. False: the child does not have it free. */
static bool collect(struct session *session)
{
	struct by_provider *const provider = session->provider;
	by_status_t const status = by_pd_transfer(&provider->child->pd, session->env->pd.session.cap,
	                                          session->ram, session->caps);
	if (status != BY_OK)
		return false;

	if (by_list_linked(&session->todo))
		by_list_remove(&session->todo);
	by_tree_remove(&provider->sessions, &session->by_number);
	by_child_session_settle(session);

	return true;
}


/* The child is done with the session. */
static void end(struct session *session)
{
	if (by_list_linked(&session->todo))
		by_list_remove(&session->todo);
	session->phase = PHASE_OWING;
	by_list_append(&session->provider->owing, &session->todo);
	if (!collect(session))
		by_child_session_changed(session);
}


/* The child gets the donation, and a number to name the session by. */
static by_status_t hand_over(struct by_provider *provider, struct session *session)
{
	by_status_t status;

	by_child_take_from_aside(session);
	status = by_pd_transfer(&session->env->pd, provider->child->pd.session.cap, session->ram,
	                        session->caps);
	if (status != BY_OK) {
		refuse(session, status);
		by_child_session_settle(session);
		return status;
	}
	do {
		session->number = ++provider->last_id;
		status = by_tree_insert(&provider->sessions, &session->by_number, &session->number,
		                        compare);
	} while (status != BY_OK);
	session->phase = PHASE_OPENING;

	return BY_OK;
}


/* What there is to tell about a session that is out of the queue now. */
static by_status_t tell(struct by_provider *provider, struct session *session,
                        struct by_provider_work *work)
{
	by_status_t status = BY_OK;

	*work = (struct by_provider_work){ .session = session };
	if (session->phase == PHASE_QUEUED) {
		work->what = BY_PARENT_WORK_OPEN;
		work->ram  = session->ram;
		work->caps = session->caps;
		status     = hand_over(provider, session);
	} else if (session->phase == PHASE_CLOSING || session->phase == PHASE_ABANDONED) {
		work->what     = BY_PARENT_WORK_CLOSE;
		session->phase = PHASE_ENDING;
	} else {
		work->what = BY_PARENT_WORK_UPGRADE;
		work->ram  = session->more_ram;
		work->caps = session->more_caps;
		session->more_ram = session->more_caps = 0;
		by_child_session_changed(session);
	}

	return status;
}


by_status_t by_provider_request(struct by_provider *provider, struct by_provider_work *work)
{
	struct by_list_node *node;
	by_status_t          status = BY_EMPTY;

	if (!provider)
		return BY_EMPTY;

	node = by_list_first(&provider->owing);
	if (node)
		collect(session_to_do(node));

	while (status != BY_OK && (node = by_list_take(&provider->queue)))
		status = tell(provider, session_to_do(node), work);

	return status == BY_OK ? BY_OK : BY_EMPTY;
}


by_status_t by_provider_deliver(struct by_provider *provider, uint32_t number,
                                struct by_cap_arg *gate)
{
	struct session *session = provider ? find_opening(provider, number) : NULL;

	if (!session)
		return BY_NOT_FOUND;
	if (gate->kind != BY_CAP_FOREIGN)
		return BY_BAD_CAP;

	session->gate = by_cap_arg_take(gate);
	if (session->phase == PHASE_ABANDONED) {
		revoke(session);
		session->phase = PHASE_CLOSING;
	} else {
		session->phase = PHASE_SERVED;
		session->claim = CLAIM_OPEN;
		by_child_session_changed(session);
	}

	return BY_OK;
}


static bool may_answer(by_status_t reason)
{
	return reason == BY_DENIED || reason == BY_OUT_OF_RAM || reason == BY_OUT_OF_CAPS
	       || reason == BY_INVALID || reason == BY_LIMIT || reason == BY_GONE;
}


by_status_t by_provider_refuse(struct by_provider *provider, uint32_t number, uint32_t reason)
{
	struct session *session = provider ? find_opening(provider, number) : NULL;

	if (!session)
		return BY_NOT_FOUND;
	if (!may_answer(BY_STATUS(reason)))
		return BY_INVALID;

	refuse(session, BY_STATUS(reason));
	end(session);

	return BY_OK;
}


by_status_t by_provider_done(struct by_provider *provider, uint32_t number)
{
	struct session *session = provider ? find(provider, number, PHASE_ENDING) : NULL;

	if (!session)
		return BY_NOT_FOUND;

	end(session);

	return BY_OK;
}


/* The client hears of it as if this child had died. */
by_status_t by_provider_lost(struct by_provider *provider, uint32_t number)
{
	struct session *session = provider ? find(provider, number, PHASE_SERVED) : NULL;

	if (!session)
		return BY_NOT_FOUND;

	revoke(session);
	session->claim    = CLAIM_LOST;
	session->reason   = BY_GONE;
	session->more_ram = session->more_caps = 0;
	end(session);

	return BY_OK;
}


/*
 * The child comes and goes
 */

void by_provider_attach(struct by_provider *provider, struct by_child *child)
{
	BY_ASSERT(!provider->child);
	provider->child = child;
	child->provider = provider;
}


/* The donation has come to us with the child's account. */
static void lose(struct session *session)
{
	if (by_list_linked(&session->todo))
		by_list_remove(&session->todo);
	by_cap_drop(session->gate);
	session->gate     = BY_NO_CAP;
	session->provider = NULL;
	if (session->claim == CLAIM_OPEN) {
		session->claim    = CLAIM_LOST;
		session->reason   = BY_GONE;
		session->more_ram = session->more_caps = 0;
		if (by_child_set_aside(session) == BY_OK) {
			by_child_session_changed(session);
			return;
		}
	}
	refuse(session, BY_GONE);
	by_child_session_settle(session);
}


void by_provider_detach(struct by_provider *provider)
{
	struct by_tree_node *named;
	struct by_list_node *node;

	provider->child    = NULL;
	provider->services = 0;
	by_cap_drop(provider->ready);
	provider->ready = BY_NO_CAP;
	while ((named = by_tree_first(&provider->sessions))) {
		by_tree_remove(&provider->sessions, named);
		lose(session_of(named));
	}
	while ((node = by_list_take(&provider->queue)))
		by_list_append(&provider->waiting, node);
}
