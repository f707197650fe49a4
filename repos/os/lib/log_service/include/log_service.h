/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * LOG sessions for others.
 */
#ifndef LOG_SERVICE_H
#define LOG_SERVICE_H

#include <by/label.h>
#include <by/service.h>

enum { LOG_SERVICE_LINE = 200 }; /* bytes of a line; longer ones are cut in pieces */

/** A service; its provider's storage. Set 'line', 'burst' and 'rate', the rest is zero. */
struct log_service {
	struct by_service service;

	/* A line of a session, without a newline and without control characters. */
	void (*line)(struct log_service *service, char const *label, char const *text, size_t size);

	uint32_t burst; /* bytes, with their labels, that each session can write at once, */
	uint32_t rate;  /* and more of them per second; lines beyond that are counted */
};

/** Make a service ready for the component's own children. Keeps: service. */
void log_service_local(struct by_env *env, struct log_service *service);

/** The same, and announce it to the parent. Errors: those of by_service_provide(). */
BY_MUST_USE by_status_t log_service_provide(struct by_env *env, struct log_service *service);

#endif
