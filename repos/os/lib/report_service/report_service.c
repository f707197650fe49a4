/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Report sessions of others.
 */
struct report_service_session;
#define BY_REPORT_SELF struct report_service_session

#include <by/container.h>
#include <by/mem.h>
#include <by/session/report_server.h>
#include <report_service.h>

enum {
	PAGE     = 4096,
	OVERHEAD = 12 * 1024, /* of a donation: for the session, what is kept, and core's records */
	COPIES   = 3,         /* what is written, present report, next report */
};


static struct report_service *service_of(struct by_service const *service)
{
	return BY_CONTAINER_OF(service, struct report_service, service);
}


static struct report_service_session *session_of(struct by_service_session *session)
{
	return BY_CONTAINER_OF(session, struct report_service_session, session);
}


static by_status_t room(struct report_service_session *session, uint64_t size)
{
	struct by_env *const env = session->session.service->env;
	size_t const         ram = session->session.ram;

	if (size == 0)
		return BY_INVALID;

	if (size > ram || (size + PAGE - 1) / PAGE * PAGE * COPIES + OVERHEAD > ram)
		return BY_OUT_OF_RAM;

	by_attached_fini(env, &session->buffer);
	by_status_t const status = by_attached_ram_init(env, &session->buffer, (size_t)size,
	                                                BY_PD_CACHE_CACHED);

	return status == BY_NO_SPACE ? BY_OUT_OF_RAM : status;
}


static by_status_t write(struct report_service_session *session, uint64_t at, void const *data,
                         size_t data_len)
{
	struct by_attached const *const buffer = &session->buffer;

	if (!buffer->base || at > buffer->size || data_len > buffer->size - at)
		return BY_INVALID;

	memcpy((char *)buffer->base + at, data, data_len);

	return BY_OK;
}


static by_status_t submit(struct report_service_session *session, uint64_t size)
{
	struct report_service *const service = service_of(session->session.service);

	if (!session->buffer.base || size > session->buffer.size)
		return BY_INVALID;

	by_status_t const status = service->submitted(session, session->buffer.base, (size_t)size);

	return status == BY_NO_SPACE ? BY_OUT_OF_RAM : status;
}


static struct by_report_ops const ops = { .room = room, .write = write, .submit = submit };


static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	return service_of(session->service)->open(session_of(session), request->label);
}


static void close(struct by_service_session *base)
{
	struct report_service_session *const session = session_of(base);

	by_attached_fini(base->service->env, &session->buffer);
	service_of(base->service)->close(session);
}


/* What the runtime is told of the service. */
static void prepare(struct report_service *service)
{
	service->service.size  = service->size;
	service->service.open  = open;
	service->service.close = close;
}


void report_service_local(struct by_env *env, struct report_service *service)
{
	prepare(service);
	by_report_local(env, &service->service, &ops);
}


by_status_t report_service_provide(struct by_env *env, struct report_service *service)
{
	prepare(service);

	return by_report_provide(env, &service->service, &ops);
}
