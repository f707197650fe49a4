/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services that the component provides: sessions of others at it.
 *
 * A server has a struct per session, which begins with a struct by_service_session.
 * The runtime allocates and publishes it; 'open' fills it in, 'close' ends what is in it:
 *
 *     struct counter { struct by_service_session session; uint64_t total; };
 *
 *     static struct by_service service = { .size = sizeof(struct counter), .open = open };
 *     ...
 *     status = by_counter_provide(env, &service, &ops);
 *
 * What a session allocates comes out of 'session->heap', which is limited by what its
 * client has donated. Sessions are opened and closed by the main thread.
 */
#ifndef BY_SERVICE_H
#define BY_SERVICE_H

#include <by/announced.h>
#include <by/endpoint.h>
#include <by/heap.h>
#include <by/rpc.h>

struct by_env;
struct by_service;

/** A session, the beginning of the server's own struct. */
struct by_service_session {
	struct by_object    object;
	by_cap_t            gate;       /* what the client gets: the object's */
	struct by_service  *service;
	struct by_heap      heap;       /* of what the client has donated */
	size_t              ram, caps;  /* donated */
	by_status_t         status;     /* of publishing the object */
	bool                pending;    /* 'open' has answered so, */
	bool                refused;    /* and by_service_opened() has refused it */
	void               *client;     /* of whoever has called by_service_open(), */
	void              (*opened)(struct by_service_session *session, by_status_t status);
	struct by_announced_session announced; /* if its client is no child of ours */
};

/** A service; its provider's storage. */
struct by_service {
	size_t size; /* of the struct of a session */

	/*
	 * Begin a session: the rest of the struct is zero. Afterwards its object is
	 * published, unless 'session->gate' has been set to something else that the client
	 * is to get. NULL: nothing to do. BY_PENDING: by_service_opened() will tell.
	 * Errors: BY_DENIED, BY_OUT_OF_RAM, BY_OUT_OF_CAPS, BY_INVALID, BY_LIMIT.
	 */
	by_status_t (*open)(struct by_service_session *session,
	                    struct by_service_request const *request);

	/*
	 * End a session that 'open' has begun, be it pending; its heap is emptied afterwards.
	 * NULL: nothing.
	 */
	void (*close)(struct by_service_session *session);

	struct by_env                 *env;
	struct by_endpoint            *endpoint;
	struct by_rpc_interface const *interface;
	void const                    *ops;
	struct by_announced            announced;
};

/**
 * Make a service ready for the component's own children, whose routes name it
 * (by/child.h). Its sessions live at the main endpoint, unless 'service->endpoint' names
 * another one. Keeps: service, with 'size', 'open' and 'close' set; ops.
 */
void by_service_init(struct by_env *env, struct by_service *service,
                     struct by_rpc_interface const *interface, void const *ops);

/**
 * As by_service_init(), and announce the service to the parent, for everybody else.
 * Errors: BY_DENIED, BY_EXISTS, BY_LIMIT, BY_OUT_OF_RAM, BY_OUT_OF_CAPS; BY_NOT_SUPPORTED
 * if the parent is core.
 */
BY_MUST_USE by_status_t by_service_provide(struct by_env *env, struct by_service *service,
                                           struct by_rpc_interface const *interface,
                                           void const *ops);

/**
 * Complete what 'open' has answered BY_PENDING: with BY_OK as if 'open' had answered so only
 * now, with one of its errors to refuse the session, for which 'close' is not called then.
 * Not from within 'open', nor after 'close'; for the main thread. Takes: session, unless
 * BY_OK.
 */
void by_service_opened(struct by_service_session *session, by_status_t status);

/**
 * Open a session for a client that the caller answers for. Gives: out. BY_PENDING: the
 * caller sets 'opened' in 'out', which is told the answer; after a refusal the session is
 * still to be closed. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS, and those of 'open'.
 */
BY_MUST_USE by_status_t by_service_open(struct by_service *service,
                                        struct by_service_request const *request,
                                        struct by_service_session **out);

/** A client has donated more. */
void by_service_upgrade(struct by_service_session *session, size_t ram, size_t caps);

/** Close a session that by_service_open() gave, be it pending. Takes: session. */
void by_service_close(struct by_service_session *session);

#endif
