/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parent asks the component for as a server, one thing after the other.
 */
#include "announced.h"
#include <by/cap.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/status_name.h>
#include <by/string.h>

enum { AT_ONCE = 8 }; /* requests that are handled before others have their turn */

/* The main thread's. */
static struct {
	struct by_list           list;
	struct by_tree           sessions;
	struct by_signal_handler handler;
} all;


static struct by_announced_session *session_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct by_announced_session,
	                       node);
}


static int compare(void const *key, struct by_tree_node const *node)
{
	uint32_t const id = *(uint32_t const *)key;

	return id < session_of(node)->id ? -1 : id > session_of(node)->id;
}


static struct by_announced_session *find_session(uint32_t id)
{
	struct by_tree_node *node = by_tree_find(&all.sessions, &id, compare);

	return node ? session_of(node) : NULL;
}


static struct by_announced *find_service(char const *name)
{
	BY_LIST_EACH(&all.list, node) {
		struct by_announced *announced = BY_CONTAINER_OF(node, struct by_announced, node);

		if (!by_strcmp(announced->service, name))
			return announced;
	}

	return NULL;
}


by_status_t by_announced_enter(struct by_announced *announced, uint32_t id,
                               struct by_announced_session *session)
{
	session->announced = announced;
	session->id        = id;

	return by_tree_insert(&all.sessions, &session->node, &id, compare);
}


void by_announced_leave(struct by_announced_session *session)
{
	if (by_tree_linked(&session->node))
		by_tree_remove(&all.sessions, &session->node);
}


/*
 * What the parent is told
 */

by_status_t by_announced_deliver(struct by_env *env, uint32_t id, by_cap_t gate)
{
	return by_parent_deliver(&env->parent, id, gate);
}


void by_announced_refuse(struct by_env *env, uint32_t id, by_status_t reason)
{
	by_status_t status = by_parent_refuse(&env->parent, id, (uint32_t)(uintptr_t)reason);

	if (status == BY_INVALID) /* nothing that clients are told */
		status = by_parent_refuse(&env->parent, id, (uint32_t)(uintptr_t)BY_DENIED);
	if (status == BY_NOT_FOUND) /* but if the parent is dead we are not long either */
		by_warning("the parent does not know session %u any more", id);
}


void by_announced_done(struct by_env *env, uint32_t id)
{
	by_status_t const status = by_parent_done(&env->parent, id);

	if (status == BY_NOT_FOUND)
		by_warning("session %u is closed, but the parent: %s", id, by_status_name(status));
}


void by_announced_lost(struct by_env *env, uint32_t id)
{
	/* who has closed it meanwhile tells us so, and is answered then */
	by_status_t const status = by_parent_lost(&env->parent, id);

	(void)status;
}


/*
 * What the parent wants
 */

static void open_for(struct by_env *env, uint32_t id, char const *name,
                     struct by_service_request const *request)
{
	struct by_announced *announced = find_service(name);
	by_status_t const    status    = announced ? announced->ops->open(announced, id, request)
	                                           : BY_DENIED;
	if (status != BY_OK)
		by_announced_refuse(env, id, status);
}


static void close_for(struct by_env *env, uint32_t id)
{
	struct by_announced_session *session = find_session(id);

	if (session)
		session->announced->ops->close(session);
	else
		by_announced_done(env, id);
}


static void upgrade_for(uint32_t id, uint64_t ram, uint64_t caps)
{
	struct by_announced_session *session = find_session(id);

	if (session)
		session->announced->ops->upgrade(session, ram, caps);
}


/* Do the next thing. BY_EMPTY: there was none. */
static by_status_t handle_one(struct by_env *env)
{
	char     name[BY_PARENT_REQUEST_SERVICE_MAX + 1], label[BY_PARENT_REQUEST_LABEL_MAX + 1];
	unsigned char args[BY_PARENT_REQUEST_ARGS_MAX];
	size_t   args_len = 0;
	uint64_t ram = 0, caps = 0;
	uint32_t id = 0;
	enum by_parent_work what = BY_PARENT_WORK_OPEN;
	by_status_t const   status = by_parent_request(&env->parent, &what, &id, &ram, &caps, name,
	                                               label, args, &args_len);
	if (status != BY_OK)
		return status;

	struct by_service_request const request = {
		.label = label, .ram = ram, .caps = caps,
		.args = args, .args_len = args_len,
	};

	if (what == BY_PARENT_WORK_OPEN)
		open_for(env, id, name, &request);
	else if (what == BY_PARENT_WORK_CLOSE)
		close_for(env, id);
	else
		upgrade_for(id, ram, caps);

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


/* Let the parent signal its requests. */
static by_status_t listen(struct by_env *env)
{
	if (by_cap_valid(all.handler.target.cap))
		return BY_OK;

	by_list_init(&all.list);
	by_tree_init(&all.sessions, NULL);
	by_status_t status = by_signal_handler_init(&all.handler, env->endpoint,
	                                            BY_SIGNAL_APPLICATION, handle);
	if (status == BY_OK)
		status = by_parent_request_sigh(&env->parent, all.handler.target.cap);
	if (status != BY_OK)
		by_signal_handler_fini(&all.handler);

	return status;
}


by_status_t by_announce(struct by_env *env, struct by_announced *announced)
{
	by_status_t status = listen(env);

	if (status == BY_OK && find_service(announced->service))
		status = BY_EXISTS;
	if (status != BY_OK)
		return status;

	by_list_append(&all.list, &announced->node);
	status = by_parent_provide(&env->parent, announced->service);
	if (status == BY_EXISTS) /* we have offered it before, and have ended it */
		status = BY_OK;
	if (status != BY_OK)
		by_list_remove(&announced->node);

	return status;
}


void by_announced_end(struct by_announced *announced)
{
	if (by_list_linked(&announced->node))
		by_list_remove(&announced->node);
}
