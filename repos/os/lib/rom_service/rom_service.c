/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ROM sessions at sources.
 */
struct rom_session;
#define BY_ROM_SELF struct rom_session

#include "rom_version.h"
#include <by/cap.h>
#include <by/container.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/session/rom_server.h>
#include <by/string.h>

enum { PAGE = 4096 };

/* A client that looks at a source. */
struct rom_session {
	struct by_service_session session;
	char                      label[BY_LABEL_SIZE];
	struct by_list_node       in_service;
	struct by_list_node       in_source;
	struct rom_source        *source; /* NULL: none any more */
	struct rom_version       *seen;   /* what the client has, NULL: nothing */
	by_cap_t                  sigh;
};


static struct rom_service *service_of(struct rom_session const *session)
{
	return BY_CONTAINER_OF(session->session.service, struct rom_service, service);
}


static struct rom_version *present(struct rom_session const *session)
{
	return session->source ? session->source->current : NULL;
}


/*
 * Source and session
 */

static void tell(struct rom_session const *session)
{
	if (by_cap_valid(session->sigh))
		by_signal_submit(session->sigh, 1);
}


void rom_session_tell(struct by_list_node *node)
{
	tell(BY_CONTAINER_OF(node, struct rom_session, in_source));
}


void rom_session_leave(struct by_list_node *node)
{
	struct rom_session *const session = BY_CONTAINER_OF(node, struct rom_session, in_source);

	by_list_remove(node);
	session->source = NULL;
	tell(session);
}


static void enter(struct rom_session *session, struct rom_source *source)
{
	if (session->source)
		by_list_remove(&session->in_source);
	session->source = source;
	if (source)
		by_list_append(&source->sessions, &session->in_source);
}


static by_status_t find(struct rom_service *service, char const *label,
                        struct rom_source **source)
{
	if (service->find)
		return service->find(service, label, source);

	*source = service->only;

	return BY_OK;
}


/*
 * Calls of clients
 */

/* Whether the donation would pay for a version that only this session holds back. */
static bool affordable(struct rom_session const *session, struct rom_version const *version)
{
	size_t const ram  = session->session.ram;
	size_t const free = ram > ROM_SERVICE_SESSION ? ram - ROM_SERVICE_SESSION : 0;

	return service_of(session)->free_of_charge || version->size <= free / PAGE * PAGE;
}


static by_status_t dataspace(struct rom_session *session, by_cap_t *ds, uint64_t *size)
{
	struct rom_version *const version = present(session);

	if (version && !affordable(session, version))
		return BY_OUT_OF_RAM;

	rom_version_get(version);
	rom_version_put(session->seen);
	session->seen = version;
	if (!version)
		return BY_NOT_FOUND;

	*ds   = version->content.ds;
	*size = version->size;

	return BY_OK;
}


/* Nothing can be taken over into a dataspace that is sealed, but what is there already. */
static by_status_t update(struct rom_session *session, uint64_t *size)
{
	struct rom_version const *const version = present(session);

	if (!session->seen || !version)
		return BY_NOT_FOUND;

	if (version != session->seen)
		return BY_NO_SPACE;

	*size = version->size;

	return BY_OK;
}


/* A change before the client could be told of it is told now. */
static by_status_t sigh(struct rom_session *session, struct by_cap_arg *signal)
{
	by_cap_t const taken = by_cap_arg_take(signal);

	if (!by_cap_valid(taken) && signal->kind != BY_CAP_NONE)
		return BY_BAD_CAP;

	by_cap_drop(session->sigh);
	session->sigh = taken;
	if (session->seen != present(session))
		tell(session);

	return BY_OK;
}


static struct by_rom_ops const ops = { .dataspace = dataspace, .update = update, .sigh = sigh };


/*
 * Sessions
 */

static by_status_t open(struct by_service_session *base, struct by_service_request const *request)
{
	struct rom_session *const session = BY_CONTAINER_OF(base, struct rom_session, session);
	struct rom_service *const service = service_of(session);
	struct rom_source        *source  = NULL;
	by_status_t const         status  = find(service, request->label, &source);

	if (status != BY_OK)
		return status;

	(void)!by_strcopy(session->label, sizeof(session->label), request->label);
	by_list_append(&service->sessions, &session->in_service);
	enter(session, source);

	return BY_OK;
}


static void close(struct by_service_session *base)
{
	struct rom_session *const session = BY_CONTAINER_OF(base, struct rom_session, session);

	by_list_remove(&session->in_service);
	enter(session, NULL);
	rom_version_put(session->seen);
	by_cap_drop(session->sigh);
}


static void prepare(struct rom_service *service)
{
	service->service.size  = sizeof(struct rom_session);
	service->service.open  = open;
	service->service.close = close;
	by_list_init(&service->sessions);
}


void rom_service_local(struct by_env *env, struct rom_service *service)
{
	prepare(service);
	by_rom_local(env, &service->service, &ops);
}


by_status_t rom_service_provide(struct by_env *env, struct rom_service *service)
{
	prepare(service);

	return by_rom_provide(env, &service->service, &ops);
}


void rom_service_find_again(struct rom_service *service)
{
	BY_LIST_EACH(&service->sessions, node) {
		struct rom_session *const       session = BY_CONTAINER_OF(node, struct rom_session,
		                                                          in_service);
		struct rom_version const *const before  = present(session);
		struct rom_source              *source  = NULL;

		if (find(service, session->label, &source) != BY_OK)
			source = NULL;
		enter(session, source);
		if (present(session) != before)
			tell(session);
	}
}
