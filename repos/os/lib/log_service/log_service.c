/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOG sessions for others.
 */
struct log_session;
#define BY_LOG_SELF struct log_session

#include <by/clock.h>
#include <by/container.h>
#include <by/format.h>
#include <by/session/log_server.h>
#include <by/string.h>
#include <log_service.h>

enum {
	SECOND = 1000000,
	FRAME  = 4,  /* "[", "] " and newline */
	NOTICE = 64, /* what tells of lost lines */
	DEBT   = BY_LABEL_MAX + FRAME + NOTICE,
};

struct log_session {
	struct by_service_session session;
	char                      label[BY_LABEL_SIZE];
	char                      line[LOG_SERVICE_LINE]; /* the beginning of one */
	size_t                    used;
	int64_t                   credit;   /* bytes that it may still write; below 0: has written */
	uint64_t                  refilled; /* when that was raised last */
	unsigned                  lost;     /* lines beyond it */
};


static struct log_service *service_of(struct log_session const *session)
{
	return BY_CONTAINER_OF(session->session.service, struct log_service, service);
}


/* What has come in since the last time; what is less than a byte comes in later. */
static void refill(struct log_session *session)
{
	struct log_service const *const service = service_of(session);
	uint64_t const now = by_now_us();
	uint64_t const us  = now - session->refilled;

	if (service->rate == 0)
		return;

	/* the burst is reached, and nothing below can overflow */
	if (us / SECOND > ((uint64_t)service->burst + DEBT) / service->rate) {
		session->refilled = now;
		session->credit   = service->burst;
		return;
	}
	uint64_t const bytes = us * service->rate / SECOND;

	session->refilled += bytes * SECOND / service->rate;
	session->credit   += (int64_t)bytes;
	if (session->credit > service->burst)
		session->credit = service->burst;
}


static void tell(struct log_session *session, char const *text, size_t size)
{
	struct log_service *const service = service_of(session);

	session->credit -= (int64_t)(by_strnlen(session->label, BY_LABEL_MAX) + size + FRAME);
	service->line(service, session->label, text, size);
}


static bool affordable(struct log_session *session, size_t size)
{
	refill(session);

	return session->credit
	       >= (int64_t)(by_strnlen(session->label, BY_LABEL_MAX) + size + FRAME);
}


/* This is always told, and paid for out of what comes in next. */
static void tell_lost(struct log_session *session)
{
	char text[NOTICE];

	if (!session->lost)
		return;

	size_t const size = by_format(text, sizeof(text), "(%u lines lost: too many at once)",
	                              session->lost);
	session->lost = 0;
	tell(session, text, size);
}


/* Who writes too much loses lines of his own, not of others. */
static void flush(struct log_session *session)
{
	if (affordable(session, session->used)) {
		tell_lost(session);
		tell(session, session->line, session->used);
	} else {
		session->lost++;
	}
	session->used = 0;
}


static by_status_t write(struct log_session *session, void const *text, size_t size)
{
	unsigned char const *const at = text;

	for (size_t i = 0; i < size; i++) {
		if (at[i] == '\n' || session->used == LOG_SERVICE_LINE)
			flush(session);
		if (at[i] != '\n')
			session->line[session->used++] = (char)(at[i] >= ' ' || at[i] == '\t'
			                                        ? at[i] : '?');
	}

	return BY_OK;
}


static struct by_log_ops const ops = { .write = write };


static by_status_t open(struct by_service_session *base, struct by_service_request const *request)
{
	struct log_session *const session = BY_CONTAINER_OF(base, struct log_session, session);

	(void)!by_strcopy(session->label, sizeof(session->label), request->label);
	session->credit   = service_of(session)->burst;
	session->refilled = by_now_us();

	return BY_OK;
}


/* The last words may lack their newline. */
static void close(struct by_service_session *base)
{
	struct log_session *const session = BY_CONTAINER_OF(base, struct log_session, session);

	if (session->used)
		flush(session);
	tell_lost(session);
}


static void prepare(struct log_service *service)
{
	service->service.size  = sizeof(struct log_session);
	service->service.open  = open;
	service->service.close = close;
}


void log_service_local(struct by_env *env, struct log_service *service)
{
	prepare(service);
	by_log_local(env, &service->service, &ops);
}


by_status_t log_service_provide(struct by_env *env, struct log_service *service)
{
	prepare(service);

	return by_log_provide(env, &service->service, &ops);
}
