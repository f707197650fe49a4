/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services that the component provides: sessions of others at it.
 *
 * A server keeps a struct per session, with a struct by_object inside. 'open' makes
 * one for a request, 'close' ends it:
 *
 *     static struct by_service service = { .open = open, .close = close };
 *     ...
 *     status = by_counter_provide(env, &service, &ops);
 *
 * At present the clients are the component's own children (by/child.h), whose routes
 * name the service.
 */
#ifndef BY_SERVICE_H
#define BY_SERVICE_H

#include <by/endpoint.h>
#include <by/rpc.h>

struct by_env;
struct by_service;

/** A request for a session; borrowed from whoever passes it on. */
struct by_service_request {
	char const *label;      /* valid, see by/label.h; begins with the client's name */
	size_t      ram, caps;  /* what the client has donated, at least what it costs */
	void const *args;       /* as the client's open call has encoded them */
	size_t      args_len;
};

/** A service; its provider's storage. */
struct by_service {
	/*
	 * Make a session and publish it by by_service_publish(). Gives: session.
	 * Errors: BY_DENIED, BY_OUT_OF_RAM, BY_OUT_OF_CAPS, BY_INVALID, BY_LIMIT.
	 */
	by_status_t (*open)(struct by_service *service, struct by_service_request const *request,
	                    struct by_object **session);

	/* End a session. Takes: session. */
	void (*close)(struct by_service *service, struct by_object *session);

	struct by_env                 *env;
	struct by_endpoint            *endpoint;
	struct by_rpc_interface const *interface;
	void const                    *ops;
};

/**
 * Make a service ready: its sessions live at the main endpoint, unless
 * 'service->endpoint' names another one. Keeps: service, with 'open' and 'close' set;
 * ops.
 */
BY_MUST_USE by_status_t by_service_provide(struct by_env *env, struct by_service *service,
                                           struct by_rpc_interface const *interface,
                                           void const *ops);

/** Publish a session of the service; 'self' is what its operations get. Keeps: session. */
BY_MUST_USE by_status_t by_service_publish(struct by_service *service, struct by_object *session,
                                           void *self);

#endif
