/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hello: the server.
 */
#define BY_HELLO_SELF struct hello_session
#include "server.h"
#include <by/container.h>
#include <by/env.h>
#include <by/format.h>
#include <by/session/hello_server.h>
#include <by/string.h>

unsigned hello_sessions, hello_notes;


static by_status_t greet(struct hello_session *session, char const *who, char *text,
                         uint32_t *count)
{
	by_format(text, BY_HELLO_GREET_TEXT_MAX + 1, "Hello, %s, at \"%.60s\"", who,
	          session->label);
	*count = ++session->count;

	return BY_OK;
}


static by_status_t add(struct hello_session *session, int32_t a, int32_t b, int32_t *sum)
{
	(void)session;

	return __builtin_add_overflow(a, b, sum) ? BY_LIMIT : BY_OK;
}


static by_status_t echo(struct hello_session *session, void const *data, size_t len,
                        void *data_back, size_t *back_len)
{
	(void)session;
	memcpy(data_back, data, len);
	*back_len = len;

	return BY_OK;
}


static void note(struct hello_session *session, char const *text)
{
	(void)!by_strcopy(session->note, sizeof(session->note), text);
	hello_notes++;
}


static struct by_hello_ops const ops = {
	.greet = greet, .add = add, .echo = echo, .note = note,
};


static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	struct hello_session *hello = BY_CONTAINER_OF(session, struct hello_session, session);

	(void)!by_strcopy(hello->label, sizeof(hello->label), request->label);
	hello_sessions++;

	return BY_OK;
}


static void close(struct by_service_session *session)
{
	(void)session;
	hello_sessions--;
}


void hello_init(struct by_env *env, struct by_service *service)
{
	*service = (struct by_service){
		.size = sizeof(struct hello_session), .open = open, .close = close,
	};
	by_hello_local(env, service, &ops);
}


by_status_t hello_publish(struct by_endpoint *endpoint, struct hello_session *session)
{
	return by_object_publish(endpoint, &session->session.object, &by_hello_interface, &ops, session);
}
