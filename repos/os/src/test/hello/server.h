/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server's part: sessions of the service Hello.
 */
#ifndef HELLO_SERVER_H
#define HELLO_SERVER_H

#include <by/label.h>
#include <by/service.h>

/** A session. */
struct hello_session {
	struct by_service_session session;
	char             label[BY_LABEL_SIZE];
	uint32_t         count;
	char             note[61];
};

/** Sessions at the moment, and notes that came. */
extern unsigned hello_sessions, hello_notes;

/** Make the service ready. */
void hello_init(struct by_env *env, struct by_service *service);

/** Publish a session by hand, at any endpoint. */
BY_MUST_USE by_status_t hello_publish(struct by_endpoint *endpoint,
                                      struct hello_session *session);

#endif
