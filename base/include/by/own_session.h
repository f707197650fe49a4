/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions of a parent's own, by a route as those of its children have it: at a child, at a
 * service of the parent itself, or from above. What a parent hands on to a child before that
 * one can ask is opened so. A parent must not call what is behind the gate if that is a child,
 * because it never waits for one.
 */
#ifndef BY_OWN_SESSION_H
#define BY_OWN_SESSION_H

#include <by/child.h>

struct session;

/** A session of the parent's own; its owner's storage. Zeroed memory is no session. */
struct by_own_session {
	struct session *session; /* NULL: none */
	by_cap_t        gate;    /* when it is open; goes with the session */

	/*
	 * BY_OK: it is open now. Otherwise it has ended: refused for this reason, or BY_GONE
	 * because whoever provides it has. Must not end any child.
	 */
	void (*answered)(struct by_own_session *own, by_status_t status);
};

/**
 * Open a session, with a donation out of the parent's account. The label is that of
 * the request unless the route has one. Keeps: own, with 'answered' set. BY_PENDING: 'answered'
 * tells. Errors: BY_DENIED, BY_OUT_OF_RAM, BY_OUT_OF_CAPS, BY_INVALID, BY_LIMIT, BY_GONE.
 */
BY_MUST_USE by_status_t by_own_session_open(struct by_env *env, struct by_own_session *own,
                                            struct by_route const *route,
                                            struct by_service_request const *request);

/** Show it, if there is one, as by_child_sessions() does those of a child. */
void by_own_session_show(struct by_own_session const *own,
                         void (*each)(struct by_child_session const *session, void *arg),
                         void *arg);

/** Close it, whatever it is, or none. Takes: own. */
void by_own_session_close(struct by_own_session *own);

#endif
