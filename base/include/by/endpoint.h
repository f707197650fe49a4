/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Endpoints: where requests and signals arrive, and the loop that handles them.
 *
 *      gate of an object ──request──> │          │ ──> dispatcher of the object
 *      signal            ──count────> │ endpoint │ ──> handler
 *      gate of an object ──request──> │          │
 *
 * An endpoint has exactly one thread, so its handlers need no locks against each
 * other. The main thread serves the main endpoint once component_main() has returned;
 * further endpoints bring a thread of their own.
 *
 * Objects and handlers are created and destroyed by the thread of their endpoint, or
 * by any other as long as the endpoint handles nothing; a thread that cannot know
 * uses by_endpoint_run(). A handler may destroy any of them, its own included.
 * Requests and signals still on their way are dropped, and callers get BY_GONE.
 */
#ifndef BY_ENDPOINT_H
#define BY_ENDPOINT_H

#include <by/kernel.h>
#include <by/list.h>
#include <by/mutex.h>
#include <by/rpc.h>
#include <by/thread.h>
#include <by/tree.h>
#include <by/types.h>

struct by_endpoint;
struct by_env;

/** What a badge stands for; the beginning of by_object and by_signal_handler. */
struct by_target {
	by_cap_t            cap;      /* gate or signal, NO_CAP: none */
	by_word_t           badge;
	struct by_endpoint *endpoint;
};

/** An RPC object; embedded in the server's own, zeroed before it is published. */
struct by_object {
	struct by_target               target;
	struct by_rpc_interface const *interface;
	void const                    *ops;
	void                          *self;
};

/** Classes of signals: a handler can wait for I/O only, see by_endpoint_wait_io(). */
enum by_signal_class { BY_SIGNAL_APPLICATION, BY_SIGNAL_IO };

/** What is done when a signal arrives; embedded in an object that 'handle' finds. */
struct by_signal_handler {
	struct by_target target;
	void           (*handle)(struct by_signal_handler *self, unsigned count);
};

/** The timeouts of an endpoint, see by/timeout.h; part of it. */
struct by_timeouts {
	struct by_tree tree;     /* by deadline */
	by_ticks_t     deadline; /* that the kernel knows of */
};

/** An endpoint. */
struct by_endpoint {
	struct by_env           *env;
	by_cap_t                 cap;
	struct by_thread        *thread;     /* that serves it */
	struct by_thread         own_thread; /* unused by the main endpoint */
	bool                     stopped;
	unsigned                 depth;      /* of handlers that run: they nest by wait_io */
	struct by_timeouts       timeouts;
	struct by_signal_handler timeouts_handler;
	struct by_mutex          mutex;      /* owns 'jobs' */
	struct by_list           jobs;
	struct by_signal_handler jobs_handler;
	void                   (*beat)(struct by_endpoint *endpoint); /* a signal without badge came */
};

struct by_endpoint_args {
	char const *name;       /* of the thread */
	size_t      stack_size; /* 0: BY_STACK_DEFAULT */
	bool        passive;    /* runs on its callers' time */
	struct by_cpu *cpu;     /* whose time it gets, NULL: the component's own */
};

/**
 * Create an endpoint with a thread that serves it at once. Borrows: args. Keeps: env.
 * Errors: those of by_thread_create().
 */
BY_MUST_USE by_status_t by_endpoint_init(struct by_endpoint *endpoint, struct by_env *env,
                                         struct by_endpoint_args const *args);

/**
 * End an endpoint made by by_endpoint_init(), once the handler that runs has returned.
 * Its objects and handlers must be gone. Not for its own thread.
 */
void by_endpoint_fini(struct by_endpoint *endpoint);

/**
 * Make an object callable: 'object->target.cap' is its gate. 'ops' are the operations
 * of the interface, 'self' is their first argument. Keeps: object, ops, self.
 * Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t by_object_publish(struct by_endpoint *endpoint, struct by_object *object,
                                          struct by_rpc_interface const *interface,
                                          void const *ops, void *self);

/** End an object that was published; no effect on another. Gives: object, ops, self. */
void by_object_withdraw(struct by_object *object);

/** The server's own object behind a capability argument; NULL if it is of no such interface. */
void *by_object_of(struct by_cap_arg const *arg, struct by_rpc_interface const *interface);

/**
 * Create a signal: whoever has 'handler->target.cap' can submit it, and 'handle' is
 * called with the number of submissions since the last time. Keeps: handler.
 * Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS.
 */
BY_MUST_USE by_status_t
by_signal_handler_init(struct by_signal_handler *handler, struct by_endpoint *endpoint,
                       enum by_signal_class class,
                       void (*handle)(struct by_signal_handler *self, unsigned count));

/** End a handler that was initialised; no effect on another. Gives: handler. */
void by_signal_handler_fini(struct by_signal_handler *handler);

/**
 * Wait for one I/O signal and handle it; for the endpoint's own thread, in component_main()
 * or in a handler, whose caller goes on waiting for its reply.
 */
void by_endpoint_wait_io(struct by_endpoint *endpoint);

/**
 * Have the endpoint's thread call job(arg), between two other handlers, and wait until
 * that is done. The endpoint's own thread calls it directly. Errors: BY_OUT_OF_RAM,
 * BY_OUT_OF_CAPS (when used for the first time).
 */
BY_MUST_USE by_status_t by_endpoint_run(struct by_endpoint *endpoint, void (*job)(void *arg),
                                        void *arg);

#endif
