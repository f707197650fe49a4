/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services: sessions of others, and the server's side of the parent protocol
 * (doc/parent.md).
 */
#include <by/assert.h>
#include <by/container.h>
#include <by/env.h>
#include <by/log.h>
#include <by/mem.h>
#include <by/service.h>
#include <by/status_name.h>
#include <by/string.h>

enum { AT_ONCE = 8 }; /* requests that are handled before others have their turn */

/* What is announced to the parent; the main thread's. */
static struct {
	struct by_list           list;
	struct by_tree           sessions;
	struct by_signal_handler handler;
} services;


void by_service_init(struct by_env *env, struct by_service *service,
                     struct by_rpc_interface const *interface, void const *ops)
{
	service->env       = env;
	service->interface = interface;
	service->ops       = ops;
	if (!service->endpoint)
		service->endpoint = env->endpoint;
}


/*
 * Sessions
 */

static void release(struct by_service_session *session)
{
	struct by_service *const service = session->service;

	by_heap_fini(&session->heap);
	by_free(service->env->heap, session, service->size);
}


static by_status_t check_price(struct by_service const *service,
                               struct by_service_request const *request)
{
	if (request->ram < service->interface->ram)
		return BY_OUT_OF_RAM;

	return request->caps < service->interface->caps ? BY_OUT_OF_CAPS : BY_OK;
}


/* Make a session that is not begun yet. Gives: out. */
static by_status_t create(struct by_service *service, struct by_service_request const *request,
                          struct by_service_session **out)
{
	struct by_alloc *const heap = service->env->heap;
	void                  *memory;
	by_status_t            status = check_price(service, request);

	if (status == BY_OK)
		status = by_alloc(heap, service->size, &memory);
	if (status != BY_OK)
		return status;

	struct by_service_session *session = memory;

	memset(memory, 0, service->size);
	session->service = service;
	by_heap_init(&session->heap, heap, 0);
	by_service_upgrade(session, (size_t)request->ram, (size_t)request->caps);
	*out = session;

	return BY_OK;
}


/* What concerns an endpoint is done by its thread. */

static void publish_job(void *arg)
{
	struct by_service_session *session = arg;
	struct by_service const   *service = session->service;

	session->status = by_object_publish(service->endpoint, &session->object,
	                                    service->interface, service->ops, session);
	session->gate   = session->object.target.cap;
}


static by_status_t publish(struct by_service_session *session)
{
	by_status_t const status = by_endpoint_run(session->service->endpoint, publish_job,
	                                           session);

	return status == BY_OK ? session->status : status;
}


/* What the client gets: the session's object, if 'open' has found nothing else. */
static by_status_t need_gate(struct by_service_session *session)
{
	return by_cap_valid(session->gate) ? BY_OK : publish(session);
}


static void withdraw_job(void *arg)
{
	struct by_service_session *session = arg;

	by_object_withdraw(&session->object);
}


by_status_t by_service_open(struct by_service *service, struct by_service_request const *request,
                            struct by_service_session **out)
{
	struct by_service_session *session;
	by_status_t                status = create(service, request, &session);

	if (status != BY_OK)
		return status;

	if (service->open)
		status = service->open(session, request);
	session->pending = status == BY_PENDING;
	session->refused = status != BY_OK && !session->pending;
	if (status == BY_OK)
		status = need_gate(session);
	if (status == BY_OK || status == BY_PENDING)
		*out = session;
	else
		by_service_close(session);

	return status;
}


void by_service_opened(struct by_service_session *session, by_status_t status)
{
	BY_ASSERT(session->pending && status != BY_PENDING);
	session->pending = false;
	session->refused = status != BY_OK;
	if (status == BY_OK)
		status = need_gate(session);
	session->opened(session, status);
}


void by_service_upgrade(struct by_service_session *session, size_t ram, size_t caps)
{
	size_t const own = session->service->size;

	session->ram  += ram;
	session->caps += caps;
	by_heap_limit_set(&session->heap, session->ram > own ? session->ram - own : 0);
}


void by_service_close(struct by_service_session *session)
{
	/* what may be lacking for this was there when the object was published */
	if (by_cap_valid(session->object.target.cap)) {
		by_status_t const status = by_endpoint_run(session->service->endpoint, withdraw_job,
		                                           session);
		BY_ASSERT(status == BY_OK);
	}
	if (session->service->close && !session->refused)
		session->service->close(session);
	release(session);
}


/*
 * Requests of the parent
 */

static struct by_service_session *session_of(struct by_tree_node const *node)
{
	return BY_CONTAINER_OF((struct by_tree_node *)(uintptr_t)node, struct by_service_session,
	                       node);
}


static int compare(void const *key, struct by_tree_node const *node)
{
	uint32_t const id = *(uint32_t const *)key;

	return id < session_of(node)->id ? -1 : id > session_of(node)->id;
}


static struct by_service_session *find_session(uint32_t id)
{
	struct by_tree_node *node = by_tree_find(&services.sessions, &id, compare);

	return node ? session_of(node) : NULL;
}


static struct by_service *find_service(char const *name)
{
	BY_LIST_EACH(&services.list, node) {
		struct by_service *service = BY_CONTAINER_OF(node, struct by_service, node);

		if (!by_strcmp(service->interface->service, name))
			return service;
	}

	return NULL;
}


/* There is no session, because of 'reason'. */
static void refuse(struct by_env *env, uint32_t id, by_status_t reason)
{
	by_status_t status = by_parent_refuse(&env->parent, id, (uint32_t)(uintptr_t)reason);

	if (status == BY_INVALID) /* nothing that clients are told */
		status = by_parent_refuse(&env->parent, id, (uint32_t)(uintptr_t)BY_DENIED);
	if (status != BY_OK)
		by_warning("the parent does not know session %u any more", id);
}


/* Hand over what is open, or refuse it. */
static void answer(struct by_service_session *session, by_status_t status)
{
	struct by_env *const env = session->service->env;
	uint32_t const       id  = session->id;

	if (status == BY_OK)
		status = by_parent_deliver(&env->parent, id, session->gate);
	if (status == BY_OK)
		return;

	by_tree_remove(&services.sessions, &session->node);
	by_service_close(session);
	refuse(env, id, status);
}


/* Open a session, whose answer may come later. */
static by_status_t open_for(uint32_t id, char const *name,
                            struct by_service_request const *request)
{
	struct by_service         *service = find_service(name);
	struct by_service_session *session;
	by_status_t                status = BY_DENIED;

	if (service)
		status = by_service_open(service, request, &session);
	if (status != BY_OK && status != BY_PENDING)
		return status;

	session->id     = id;
	session->opened = answer;
	if (by_tree_insert(&services.sessions, &session->node, &id, compare) != BY_OK) {
		by_service_close(session);
		return BY_EXISTS;
	}
	if (status == BY_OK)
		answer(session, status);

	return BY_OK;
}


static void close_for(struct by_env *env, uint32_t id)
{
	struct by_service_session *session = find_session(id);

	if (session) {
		by_tree_remove(&services.sessions, &session->node);
		by_service_close(session);
	}
	by_status_t const status = by_parent_done(&env->parent, id);

	if (status != BY_OK)
		by_warning("session %u is closed, but the parent: %s", id, by_status_name(status));
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
	struct by_service_session *const session = find_session(id);

	if (what == BY_PARENT_WORK_CLOSE)
		close_for(env, id);
	else if (what == BY_PARENT_WORK_UPGRADE && session)
		by_service_upgrade(session, (size_t)ram, (size_t)caps);
	if (what != BY_PARENT_WORK_OPEN)
		return BY_OK;

	by_status_t const refusal = open_for(id, name, &request);

	if (refusal != BY_OK)
		refuse(env, id, refusal);

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
	if (by_cap_valid(services.handler.target.cap))
		return BY_OK;

	by_list_init(&services.list);
	by_tree_init(&services.sessions, NULL);
	by_status_t status = by_signal_handler_init(&services.handler, env->endpoint,
	                                            BY_SIGNAL_APPLICATION, handle);
	if (status == BY_OK)
		status = by_parent_request_sigh(&env->parent, services.handler.target.cap);
	if (status != BY_OK)
		by_signal_handler_fini(&services.handler);

	return status;
}


by_status_t by_service_provide(struct by_env *env, struct by_service *service,
                               struct by_rpc_interface const *interface, void const *ops)
{
	by_service_init(env, service, interface, ops);
	by_status_t status = listen(env);

	if (status != BY_OK)
		return status;

	by_list_append(&services.list, &service->node);
	status = by_parent_provide(&env->parent, interface->service);
	if (status != BY_OK)
		by_list_remove(&service->node);

	return status;
}
