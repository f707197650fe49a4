/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions of the component as a client, obtained from its parent.
 *
 * Users open sessions by the generated functions by_<interface>_open(), which
 * may block and are therefore for component_main(). Afterwards sessions are begun by
 * by_<interface>_begin(), which reports when the answer is there. The functions below
 * are for services whose name is known at run time only, and for other donations.
 *
 * A refusal (denied, out of RAM or capabilities) is an ordinary result: one can try
 * with a larger donation, or do without.
 */
#ifndef BY_SESSION_H
#define BY_SESSION_H

#include <by/list.h>
#include <by/tree.h>
#include <by/types.h>

struct by_env;

/** A session; embedded in the generated handles. Zeroed memory is no session. */
struct by_session {
	by_cap_t            cap;
	uint32_t            id;        /* among the component's sessions; 0: given by the parent */
	bool                fixed;     /* never donate more to it without being asked */
	bool                finishing;
	bool                passed;    /* on to somebody else */
	struct by_list_node node;
	bool                pending;
	struct by_tree_node hearing;   /* of those that wait for an answer or are watched */
	void              (*answered)(struct by_session *session, by_status_t status);
	void              (*lost)(struct by_session *session);
};

/** What to ask the parent for. */
struct by_session_args {
	char const *service;
	char const *label;   /* tells sessions of one service apart; may be "" */
	size_t      ram;     /* donation out of the component's account */
	size_t      caps;
	void const *args;    /* the service's own, in wire format */
	size_t      args_len;
};

/**
 * Open a session, and wait for it if its provider is not ready. Only the main thread,
 * before component_main() returns, may wait. Gives: session.
 * Errors: BY_DENIED, BY_OUT_OF_RAM, BY_OUT_OF_CAPS, BY_LIMIT, BY_INVALID; BY_GONE if the
 * provider has died meanwhile.
 */
BY_MUST_USE by_status_t by_session_obtain(struct by_env *env, struct by_session_args const *args,
                                          struct by_session *session);

/**
 * As by_session_obtain(), but never waits: if the answer is BY_PENDING, 'answered'
 * is called by the main endpoint with the final one. Keeps: session, until closed.
 */
BY_MUST_USE by_status_t by_session_begin(struct by_env *env, struct by_session_args const *args,
                                         struct by_session *session,
                                         void (*answered)(struct by_session *session,
                                                          by_status_t status));

/**
 * Donate more to a session. BY_PENDING: its server does not know yet; 'answered', if not
 * NULL, is called by the main endpoint when it does. Keeps: session, until closed.
 * Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_session_upgrade(struct by_env *env, struct by_session *session,
                                           size_t ram, size_t caps,
                                           void (*answered)(struct by_session *session,
                                                            by_status_t status));

/**
 * As by_session_upgrade(), and wait until the server knows, where by_session_obtain() may
 * wait; elsewhere: BY_PENDING.
 */
BY_MUST_USE by_status_t by_session_donate(struct by_env *env, struct by_session *session,
                                          size_t ram, size_t caps);

/**
 * Have 'lost' called by the main endpoint, once, when the provider of an open session has
 * ended; it is to be closed then. For those who do not call it all the time, but share
 * memory with it. Errors: BY_GONE if it has ended already; BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_session_watch(struct by_env *env, struct by_session *session,
                                         void (*lost)(struct by_session *session));

/** Close a session, be it open, begun or neither. Takes: session. */
void by_session_close(struct by_env *env, struct by_session *session);

/**
 * As by_session_close(), for those who need to know when the donation has come back:
 * BY_OK if it has. After BY_PENDING 'answered' is called, with BY_OK, when it has.
 * Takes: session, not before that.
 */
BY_MUST_USE by_status_t by_session_finish(struct by_env *env, struct by_session *session,
                                          void (*answered)(struct by_session *session,
                                                           by_status_t status));

#endif
