/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What generated client headers need of base, for tests without base.
 */
#ifndef BY_SESSION_H
#define BY_SESSION_H

#include <by/types.h>

struct by_env;

struct by_session { by_cap_t cap; };

struct by_session_args {
	const char *service, *label;
	size_t      ram, caps;
	const void *args;
	size_t      args_len;
};

BY_MUST_USE by_status_t by_session_obtain(struct by_env *env, const struct by_session_args *args,
                                          struct by_session *session);
BY_MUST_USE by_status_t by_session_begin(struct by_env *env, const struct by_session_args *args,
                                         struct by_session *session,
                                         void (*answered)(struct by_session *session,
                                                          by_status_t status));
void by_session_close(struct by_env *env, struct by_session *session);

#endif
