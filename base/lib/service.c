/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services: sessions of others, of own children and of those that the parent asks for.
 */
#include "announced.h"
#include <by/assert.h>
#include <by/container.h>
#include <by/env.h>
#include <by/mem.h>
#include <by/service.h>


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

static struct by_service_session *session_of(struct by_announced_session *announced)
{
	return BY_CONTAINER_OF(announced, struct by_service_session, announced);
}


/* Hand over what is open, or refuse it. */
static void answer(struct by_service_session *session, by_status_t status)
{
	struct by_env *const env = session->service->env;
	uint32_t const       id  = session->announced.id;

	if (status == BY_OK)
		status = by_announced_deliver(env, id, session->gate);
	if (status == BY_OK)
		return;

	by_announced_leave(&session->announced);
	by_service_close(session);
	by_announced_refuse(env, id, status);
}


/* Open a session, whose answer may come later. */
static by_status_t open_announced(struct by_announced *announced, uint32_t id,
                                  struct by_service_request const *request)
{
	struct by_service         *service = BY_CONTAINER_OF(announced, struct by_service, announced);
	struct by_service_session *session;
	by_status_t const          status = by_service_open(service, request, &session);

	if (status != BY_OK && status != BY_PENDING)
		return status;

	session->opened = answer;
	if (by_announced_enter(announced, id, &session->announced) != BY_OK) {
		by_service_close(session);
		return BY_EXISTS;
	}
	if (status == BY_OK)
		answer(session, status);

	return BY_OK;
}


static void upgrade_announced(struct by_announced_session *announced, uint64_t ram, uint64_t caps)
{
	by_service_upgrade(session_of(announced), (size_t)ram, (size_t)caps);
}


static void close_announced(struct by_announced_session *announced)
{
	struct by_service_session *session = session_of(announced);
	struct by_env *const       env     = session->service->env;
	uint32_t const             id      = announced->id;

	by_announced_leave(announced);
	by_service_close(session);
	by_announced_done(env, id);
}


by_status_t by_service_provide(struct by_env *env, struct by_service *service,
                               struct by_rpc_interface const *interface, void const *ops)
{
	static struct by_announced_ops const announced_ops = {
		.open = open_announced, .upgrade = upgrade_announced, .close = close_announced,
	};

	by_service_init(env, service, interface, ops);
	service->announced.service = interface->service;
	service->announced.ops     = &announced_ops;

	return by_announce(env, &service->announced);
}
