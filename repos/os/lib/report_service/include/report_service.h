/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Report sessions of others.
 */
#ifndef REPORT_SERVICE_H
#define REPORT_SERVICE_H

#include <by/attached.h>
#include <by/service.h>

/** A session; the beginning of what its user has for each. */
struct report_service_session {
	struct by_service_session session;
	struct by_attached        buffer; /* of the report that is written */
};

/** A service; its provider's storage. Set 'size' and what follows, the rest is zero. */
struct report_service {
	struct by_service service;
	size_t            size; /* of what the user has for each session */

	/* Begin a session; the memory is zero. Errors: as of 'open' in by/service.h. */
	by_status_t (*open)(struct report_service_session *session, char const *label);

	/* A report is complete. Borrows: text. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
	by_status_t (*submitted)(struct report_service_session *session, char const *text,
	                         size_t size);

	/* End a session that 'open' has begun. */
	void (*close)(struct report_service_session *session);
};

/** Make a service ready for the component's own children. Keeps: service. */
void report_service_local(struct by_env *env, struct report_service *service);

/** The same, and announce it to the parent. Errors: those of by_service_provide(). */
BY_MUST_USE by_status_t report_service_provide(struct by_env *env,
                                               struct report_service *service);

#endif
