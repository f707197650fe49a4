/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime knows of sessions and users do not.
 */
#ifndef BASE_LIB_SESSION_H
#define BASE_LIB_SESSION_H

#include <by/session.h>

/** Begin without sessions. */
void by_session_start(void);

/** Let the parent signal its answers. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t by_session_listen(struct by_env *env);

/** component_main() has returned: nothing may block any more. */
void by_session_end_of_main(void);

/**
 * As by_session_begin(), for a session that is passed on: BY_OK also if its gate has died on
 * the way, so that it is closed as any other. 'lost' is called when that happens later.
 */
BY_MUST_USE by_status_t by_session_pass(struct by_env *env, struct by_session_args const *args,
                                        struct by_session *session,
                                        void (*answered)(struct by_session *session,
                                                         by_status_t status),
                                        void (*lost)(struct by_session *session));

/** Whether the calling thread may block: the main one, before component_main() returned. */
bool by_session_may_wait(struct by_env const *env);

#endif
