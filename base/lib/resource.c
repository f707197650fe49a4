/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Resources: two signals of the parent, each created when somebody wants to be told. That
 * the account has grown is an I/O signal, because one may wait for it; giving back is not,
 * because no handler expects its things to be freed while it waits for others.
 */
#include "session.h"
#include <by/assert.h>
#include <by/cap.h>
#include <by/component_heap.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/resource.h>

/* The main thread's. */
static struct {
	struct by_list           watches;
	struct by_signal_handler grown, yield;
} resources;


static struct by_resource_watch *watch_of(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct by_resource_watch, node);
}


static void handle_grown(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	BY_LIST_EACH_SAFE(&resources.watches, node) {
		struct by_resource_watch *const watch = watch_of(node);

		if (watch->grown)
			watch->grown(watch);
	}
}


static void handle_yield(struct by_signal_handler *handler, unsigned count)
{
	struct by_parent *const parent = &handler->target.endpoint->env->parent;
	uint64_t                ram, caps;

	(void)count;
	if (by_parent_yield_request(parent, &ram, &caps) != BY_OK)
		return;

	BY_LIST_EACH_SAFE(&resources.watches, node) {
		struct by_resource_watch *const watch = watch_of(node);

		if (watch->yield)
			watch->yield(watch, ram, caps);
	}
	by_heap_trim_own();

	/* a parent that has changed its mind does not take anything */
	by_status_t const status = by_parent_yield_done(parent);

	(void)status;
}


/* Have a signal of the parent's handled, if it is not yet. */
static by_status_t listen(struct by_env *env, struct by_signal_handler *handler,
                          enum by_signal_class class,
                          void (*handle)(struct by_signal_handler *self, unsigned count))
{
	if (by_cap_valid(handler->target.cap))
		return BY_OK;
	if (!resources.watches.head.next)
		by_list_init(&resources.watches);

	by_status_t status = by_signal_handler_init(handler, env->endpoint, class, handle);

	if (status == BY_OK && class == BY_SIGNAL_IO)
		status = by_parent_resource_sigh(&env->parent, handler->target.cap);
	else if (status == BY_OK)
		status = by_parent_yield_sigh(&env->parent, handler->target.cap);
	if (status != BY_OK)
		by_signal_handler_fini(handler);

	return status;
}


static by_status_t listen_grown(struct by_env *env)
{
	return listen(env, &resources.grown, BY_SIGNAL_IO, handle_grown);
}


static by_status_t listen_yield(struct by_env *env)
{
	return listen(env, &resources.yield, BY_SIGNAL_APPLICATION, handle_yield);
}


by_status_t by_resource_watch(struct by_env *env, struct by_resource_watch *watch)
{
	by_status_t status = watch->grown ? listen_grown(env) : BY_OK;

	BY_ASSERT(watch->grown || watch->yield);
	if (status == BY_OK && watch->yield)
		status = listen_yield(env);
	if (status == BY_OK)
		by_list_append(&resources.watches, &watch->node);

	return status;
}


void by_resource_unwatch(struct by_resource_watch *watch)
{
	if (by_list_linked(&watch->node))
		by_list_remove(&watch->node);
}


by_status_t by_resource_request(struct by_env *env, uint64_t ram, uint64_t caps)
{
	return by_parent_resource_request(&env->parent, ram, caps);
}


/* How much is not free of what is wanted. */
static by_status_t find_missing(struct by_env *env, uint64_t *ram, uint64_t *caps)
{
	struct by_pd_balance balance;
	by_status_t const    status = by_pd_account(&env->pd, &balance);

	if (status != BY_OK)
		return status;

	uint64_t const free_ram  = balance.ram_quota - balance.ram_used;
	uint64_t const free_caps = balance.caps_quota - balance.caps_used;

	*ram  = *ram > free_ram ? *ram - free_ram : 0;
	*caps = *caps > free_caps ? *caps - free_caps : 0;

	return BY_OK;
}


by_status_t by_resource_wait(struct by_env *env, uint64_t ram, uint64_t caps)
{
	uint64_t    asked_ram = 0, asked_caps = 0;
	by_status_t status    = listen_grown(env);

	BY_ASSERT(by_session_may_wait(env));
	while (status == BY_OK) {
		uint64_t more_ram = ram, more_caps = caps;

		status = find_missing(env, &more_ram, &more_caps);
		if (status != BY_OK || (!more_ram && !more_caps))
			break;
		if (more_ram != asked_ram || more_caps != asked_caps)
			status = by_resource_request(env, more_ram, more_caps);
		asked_ram  = more_ram;
		asked_caps = more_caps;
		if (status == BY_OK)
			by_endpoint_wait_io(env->endpoint);
	}

	return status;
}
