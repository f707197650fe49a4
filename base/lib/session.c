/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions as a client.
 *
 * Sessions that are open stand in one list, owned by a mutex; those that wait for an answer, or
 * are watched, in a tree, by number. A signal of the parent says that there are answers, and the parent then
 * says which, so that the work does not depend on how many wait.
 * Whoever waits names the signal first and asks afterwards, so no answer is missed.
 */
#include "session.h"
#include "env.h"
#include <by/assert.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/mem.h>

enum {
	AT_ONCE      = 8,        /* answers that are handled before others have their turn */
	UPGRADE_RAM  = 8 * 1024, /* what a session of core's gets if it asks for more */
	UPGRADE_CAPS = 4,
};

static struct {
	struct by_mutex          mutex;
	struct by_list           list;    /* those to be found by their gate */
	struct by_tree           hearing; /* those of which somebody is to hear; main thread's */
	uint32_t                 last_id;
	bool                     main_done;
	struct by_signal_handler handler;
} sessions;


static struct by_session *session_of(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct by_session, node);
}


void by_session_start(void)
{
	memset(&sessions, 0, sizeof(sessions));
	by_list_init(&sessions.list);
	by_tree_init(&sessions.hearing, NULL);
}


void by_session_end_of_main(void)
{
	sessions.main_done = true;
}


bool by_session_may_wait(struct by_env const *env)
{
	return !sessions.main_done && by_thread_self() == env->endpoint->thread;
}


static uint32_t new_id(void)
{
	by_mutex_lock(&sessions.mutex);
	uint32_t const id = ++sessions.last_id ? sessions.last_id : ++sessions.last_id;
	by_mutex_unlock(&sessions.mutex);

	return id;
}


static void enlist(struct by_session *session)
{
	by_mutex_lock(&sessions.mutex);
	by_list_append(&sessions.list, &session->node);
	by_mutex_unlock(&sessions.mutex);
}


static void delist(struct by_session *session)
{
	by_mutex_lock(&sessions.mutex);
	if (by_list_linked(&session->node))
		by_list_remove(&session->node);
	by_mutex_unlock(&sessions.mutex);
}


static struct by_session *hearing_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct by_session, hearing);
}


static int compare(void const *key, struct by_tree_node const *node)
{
	uint32_t const id = *(uint32_t const *)key;

	return id < hearing_of(node)->id ? -1 : id > hearing_of(node)->id;
}


static struct by_session *find_hearing(uint32_t id)
{
	struct by_tree_node *node = by_tree_find(&sessions.hearing, &id, compare);

	return node ? hearing_of(node) : NULL;
}


/* The main endpoint is to hear of what happens to it. */
static void hear(struct by_session *session)
{
	if (by_tree_linked(&session->hearing))
		return;

	by_status_t const unique = by_tree_insert(&sessions.hearing, &session->hearing, &session->id,
	                                          compare);
	BY_ASSERT(unique == BY_OK);
}


static void end_hearing(struct by_session *session)
{
	if (by_tree_linked(&session->hearing))
		by_tree_remove(&sessions.hearing, &session->hearing);
}


/* Ask the parent. What is refused is no session any more. */
static by_status_t request(struct by_env *env, struct by_session_args const *args,
                           struct by_session *session)
{
	by_status_t status;

	*session = (struct by_session){ .cap = BY_NO_CAP };
	do {
		session->id = new_id();
		status = by_parent_session(&env->parent, session->id, args->service, args->label,
		                           args->ram, args->caps, args->args, args->args_len,
		                           &session->cap);
	} while (status == BY_EXISTS);

	if (status == BY_OK)
		enlist(session);
	else if (status != BY_PENDING)
		session->id = 0;

	return status;
}


/* Ask for the answer to a pending request. */
static by_status_t fetch(struct by_env *env, struct by_session *session)
{
	by_status_t const status = by_parent_session_cap(&env->parent, session->id,
	                                                 &session->cap);
	if (status == BY_PENDING)
		return status;

	delist(session);
	if (status == BY_OK)
		enlist(session);
	else
		session->id = 0;

	return status;
}


/* Whether what was pending is so no more. */
static by_status_t ask(struct by_env *env, struct by_session *session)
{
	if (session->finishing)
		return by_parent_finish(&env->parent, session->id);
	if (by_cap_valid(session->cap))
		return by_parent_upgrade(&env->parent, session->id, 0, 0);

	return fetch(env, session);
}


/*
 * A gate may die on its way, together with its server, when nobody on the way knows it yet.
 * Who passes the session on leaves it to the client to find out, who closes it.
 */
static by_status_t check_gate(struct by_env *env, struct by_session *session, by_status_t status)
{
	if (status != BY_OK || by_cap_valid(session->cap) || session->passed)
		return status;

	by_session_close(env, session);

	return BY_GONE;
}


/* The parent has answered something. */
static void end_pending(struct by_env *env, struct by_session *session, by_status_t status)
{
	void (*answered)(struct by_session *session, by_status_t status) = session->answered;

	session->pending  = false;
	session->answered = NULL;
	if (!session->lost || !session->id)
		end_hearing(session);
	if (session->finishing) {
		*session = (struct by_session){ .cap = BY_NO_CAP };
		status   = BY_OK;
	} else {
		status = check_gate(env, session, status);
	}
	if (answered)
		answered(session, status);
}


/* With its provider dies what a session is called by. */
static bool dead(struct by_session const *session)
{
	by_word_t badge;

	return by_cap_info(session->cap, &badge) == BY_CAP_NONE;
}


/* Who watches is told once. */
static void check_life(struct by_session *session)
{
	void (*lost)(struct by_session *session) = session->lost;

	if (session->pending || !lost || !dead(session))
		return;

	session->lost = NULL;
	end_hearing(session);
	lost(session);
}


/* Hear about one session. BY_EMPTY: there is none. */
static by_status_t handle_one(struct by_env *env)
{
	uint32_t           id;
	struct by_session *session;
	by_status_t const  status = by_parent_answered(&env->parent, &id);

	if (status != BY_OK)
		return status;

	session = find_hearing(id);
	if (session && session->pending) {
		by_status_t const answer = ask(env, session);

		if (answer != BY_PENDING)
			end_pending(env, session, answer);
		session = find_hearing(id); /* which may have been closed */
	}
	if (session)
		check_life(session);

	return BY_OK;
}


static void handle(struct by_signal_handler *handler, unsigned count)
{
	struct by_env *const env = handler->target.endpoint->env;

	(void)count;
	for (unsigned i = 0; i < AT_ONCE; i++)
		if (handle_one(env) != BY_OK)
			return;
	by_signal_submit(handler->target.cap, 1);
}


by_status_t by_session_listen(struct by_env *env)
{
	if (by_cap_valid(sessions.handler.target.cap))
		return BY_OK;

	by_status_t status = by_signal_handler_init(&sessions.handler, env->endpoint,
	                                            BY_SIGNAL_IO, handle);
	if (status == BY_OK)
		status = by_parent_session_sigh(&env->parent, sessions.handler.target.cap);
	if (status != BY_OK)
		by_signal_handler_fini(&sessions.handler);

	return status;
}


/* Have 'answered' called when there is an answer, unless it is there already. */
static by_status_t expect(struct by_env *env, struct by_session *session,
                          void (*answered)(struct by_session *session, by_status_t status))
{
	by_status_t status = by_session_listen(env);

	if (status == BY_OK)
		status = ask(env, session);
	if (status != BY_PENDING)
		return status;

	session->answered = answered; /* of an earlier upgrade as well */
	session->pending  = true;
	hear(session);

	return BY_PENDING;
}


by_status_t by_session_obtain(struct by_env *env, struct by_session_args const *args,
                              struct by_session *session)
{
	by_status_t status = request(env, args, session);

	if (status != BY_PENDING)
		return check_gate(env, session, status);

	BY_ASSERT(by_session_may_wait(env));
	status = by_session_listen(env);
	if (status != BY_OK) {
		by_session_close(env, session);
		return status;
	}
	while ((status = fetch(env, session)) == BY_PENDING)
		by_endpoint_wait_io(env->endpoint);

	return check_gate(env, session, status);
}


/* Ask for a session, with the answer later. */
static by_status_t begin(struct by_env *env, struct by_session_args const *args,
                         struct by_session *session,
                         void (*answered)(struct by_session *session, by_status_t status))
{
	by_status_t status = request(env, args, session);

	if (status != BY_PENDING)
		return status;

	status = expect(env, session, answered);
	if (status != BY_PENDING && status != BY_OK)
		by_session_close(env, session);

	return status;
}


by_status_t by_session_begin(struct by_env *env, struct by_session_args const *args,
                             struct by_session *session,
                             void (*answered)(struct by_session *session, by_status_t status))
{
	return check_gate(env, session, begin(env, args, session, answered));
}


by_status_t by_session_pass(struct by_env *env, struct by_session_args const *args,
                            struct by_session *session,
                            void (*answered)(struct by_session *session, by_status_t status),
                            void (*lost)(struct by_session *session))
{
	by_status_t const status = begin(env, args, session, answered);

	session->passed = true;
	session->lost   = lost;
	if (status == BY_OK)
		hear(session);

	return status;
}


by_status_t by_session_upgrade(struct by_env *env, struct by_session *session, size_t ram,
                               size_t caps, void (*answered)(struct by_session *session,
                                                             by_status_t status))
{
	by_status_t const status = by_parent_upgrade(&env->parent, session->id, ram, caps);

	return status == BY_PENDING ? expect(env, session, answered) : status;
}


by_status_t by_session_donate(struct by_env *env, struct by_session *session, size_t ram,
                              size_t caps)
{
	by_status_t status = by_session_upgrade(env, session, ram, caps, NULL);

	while (status == BY_PENDING && by_session_may_wait(env)) {
		by_endpoint_wait_io(env->endpoint);
		status = ask(env, session);
	}

	return status;
}


by_status_t by_session_watch(struct by_env *env, struct by_session *session,
                             void (*lost)(struct by_session *session))
{
	by_status_t const status = by_session_listen(env);

	if (status != BY_OK)
		return status;
	if (dead(session))
		return BY_GONE;

	session->lost = lost;
	hear(session);

	return BY_OK;
}


static void drop(struct by_session *session)
{
	delist(session);
	end_hearing(session);
	by_cap_drop(session->cap);
	session->cap  = BY_NO_CAP;
	session->lost = NULL;
}


void by_session_close(struct by_env *env, struct by_session *session)
{
	if (!session->id)
		return;

	drop(session);

	/* the donation comes back when the provider is ready, which is not our concern */
	by_status_t const status = by_parent_close(&env->parent, session->id);

	(void)status;
	*session = (struct by_session){ .cap = BY_NO_CAP };
}


by_status_t by_session_finish(struct by_env *env, struct by_session *session,
                              void (*answered)(struct by_session *session, by_status_t status))
{
	if (!session->id)
		return BY_OK;

	drop(session);
	session->finishing = true;
	by_status_t status = by_parent_finish(&env->parent, session->id);

	if (status == BY_PENDING)
		status = expect(env, session, answered);
	if (status == BY_PENDING)
		return status;

	*session = (struct by_session){ .cap = BY_NO_CAP };

	return BY_OK;
}


/* Id of the session behind a gate if more may be donated to it, else 0. */
static uint32_t upgradable(by_cap_t gate)
{
	uint32_t id = 0;

	by_mutex_lock(&sessions.mutex);
	BY_LIST_EACH(&sessions.list, node)
		if (session_of(node)->cap.slot == gate.slot && !session_of(node)->fixed)
			id = session_of(node)->id;
	by_mutex_unlock(&sessions.mutex);

	return id;
}


bool by_rpc_upgrade(by_cap_t gate, by_status_t refusal)
{
	bool const     ram = refusal == BY_OUT_OF_RAM;
	uint32_t const id  = upgradable(gate);

	return id && by_parent_upgrade(&by_the_env.parent, id, ram ? UPGRADE_RAM : 0,
	                               ram ? 0 : UPGRADE_CAPS) == BY_OK;
}
