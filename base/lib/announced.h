/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server's side of the parent protocol (doc/parent.md): what the parent asks for, and
 * what it is told. By the main thread.
 */
#ifndef BASE_LIB_ANNOUNCED_H
#define BASE_LIB_ANNOUNCED_H

#include <by/announced.h>

struct by_env;

/** What is done with requests for a service. */
struct by_announced_ops {
	/*
	 * A session is to be opened: it is entered, and delivered or refused at any time. An
	 * error: it is refused.
	 */
	by_status_t (*open)(struct by_announced *announced, uint32_t id,
	                    struct by_service_request const *request);

	/* The client has donated more, which is in our account. */
	void (*upgrade)(struct by_announced_session *session, uint64_t ram, uint64_t caps);

	/* The client does not want it any more: by_announced_done() is to follow. */
	void (*close)(struct by_announced_session *session);
};

/**
 * Announce a service, whose name and operations are set. Keeps: announced.
 * Errors: those of by_service_provide().
 */
BY_MUST_USE by_status_t by_announce(struct by_env *env, struct by_announced *announced);

/** The parent's requests for the service are denied from now on. Gives: announced. */
void by_announced_end(struct by_announced *announced);

/** Make a session known by the parent's number. Keeps: session. Errors: BY_EXISTS. */
BY_MUST_USE by_status_t by_announced_enter(struct by_announced *announced, uint32_t id,
                                           struct by_announced_session *session);

/** It does not exist any more; no effect on one that was not entered. Gives: session. */
void by_announced_leave(struct by_announced_session *session);

/** Hand a session over. Errors: BY_NOT_FOUND, BY_BAD_CAP. Borrows: gate. */
BY_MUST_USE by_status_t by_announced_deliver(struct by_env *env, uint32_t id, by_cap_t gate);

/** It will not be opened. */
void by_announced_refuse(struct by_env *env, uint32_t id, by_status_t reason);

/** It is closed. */
void by_announced_done(struct by_env *env, uint32_t id);

/** It was open and has ended, without being closed. */
void by_announced_lost(struct by_env *env, uint32_t id);

#endif
