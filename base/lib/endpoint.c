/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Endpoints, objects, signal handlers.
 */
#include "endpoint.h"
#include "badge.h"
#include "env.h"
#include <by/assert.h>
#include <by/cap.h>
#include <by/container.h>
#include <by/ipc.h>
#include <by/kernel.h>

enum {
	WAIT_ALL = BY_WAIT_REPLY | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS | BY_WAIT_IO,
};

/* What by_endpoint_run() hands over; on the stack of who waits for it. */
struct job {
	struct by_list_node node;
	void              (*function)(void *arg);
	void               *arg;
	by_cap_t            waiter;
	by_atomic_u32       done;
};


/*
 * Dispatch
 */

static by_tag_t handle_request(by_tag_t tag, by_word_t badge)
{
	struct by_message *msg    = by_message();
	struct by_target  *target = by_badge_find(badge);

	if (__builtin_expect(!target, 0))
		return by_rpc_reject(msg, tag, BY_GONE);

	struct by_object *object = BY_CONTAINER_OF(target, struct by_object, target);

	return object->interface->dispatch(object->self, object->ops, tag, msg);
}


/* Badge 0 stands for nothing but the heartbeat, see heartbeat.c. */
static void handle_signal(struct by_endpoint *endpoint, by_word_t badge)
{
	unsigned const    count  = (unsigned)by_message()->word[0];
	struct by_target *target = by_badge_find(badge);

	if (!target) {
		if (!badge && endpoint->beat)
			endpoint->beat(endpoint);
		return;
	}

	struct by_signal_handler *handler = BY_CONTAINER_OF(target, struct by_signal_handler,
	                                                    target);
	handler->handle(handler, count);
}


/* Handle what arrived; gives the tag of the reply, if it was a request. */
static by_tag_t handle(struct by_endpoint *endpoint, by_tag_t tag, by_word_t badge)
{
	by_tag_t reply = 0;

	endpoint->depth++;
	if (__builtin_expect(by_tag_event_of(tag) == BY_EVENT_REQUEST, 1))
		reply = handle_request(tag, badge);
	else if (by_tag_event_of(tag) == BY_EVENT_SIGNAL)
		handle_signal(endpoint, badge);
	endpoint->depth--;

	return reply;
}


/* Name empty slots for capabilities to come. Without any they get lost, but not more. */
static void name_slots(void)
{
	by_status_t const status = by_rpc_name_slots(by_message(), BY_MSG_CAPS);

	if (status == BY_OK)
		by_control()->missing = false;
}


/*
 * When there is nothing to answer, because a signal came or because the caller was
 * answered early, the kernel ignores the reply.
 */
void by_endpoint_serve(struct by_endpoint *endpoint)
{
	by_tag_t  tag = 0;
	by_word_t badge;

	while (!endpoint->stopped) {
		if (__builtin_expect(by_control()->missing != 0, 0))
			name_slots();
		tag = by_ipc_wait(WAIT_ALL, tag, &badge);
		tag = handle(endpoint, tag, badge);
	}
}


void by_endpoint_wait_io(struct by_endpoint *endpoint)
{
	by_word_t badge;

	BY_ASSERT(endpoint->thread == by_thread_self());

	by_tag_t const tag = by_ipc_wait(BY_WAIT_IO, 0, &badge);

	handle(endpoint, tag, badge);
}


bool by_in_handler(void)
{
	struct by_endpoint *endpoint = by_thread_self()->endpoint;

	return endpoint && endpoint->depth;
}


/*
 * Targets
 */

/*
 * Undo target_create(), or what of it was done. The parent may have destroyed a gate
 * already, when a client closed its session.
 */
static void target_destroy(struct by_target *target)
{
	if (by_cap_valid(target->cap)) {
		by_status_t const status = by_pd_object_free(by_own_pd(), target->cap);

		BY_ASSERT(status == BY_OK || status == BY_BAD_CAP);
		by_cap_drop(target->cap);
	}
	if (target->badge)
		by_badge_free(&target->badge);
	*target = (struct by_target){ .cap = BY_NO_CAP };
}


by_status_t by_object_publish(struct by_endpoint *endpoint, struct by_object *object,
                              struct by_rpc_interface const *interface, void const *ops,
                              void *self)
{
	struct by_target *target = &object->target;

	*object = (struct by_object){
		.target = { .endpoint = endpoint },
		.interface = interface, .ops = ops, .self = self,
	};
	by_status_t status = by_badge_alloc(target, &target->badge);

	if (status == BY_OK)
		status = by_pd_gate_create(by_own_pd(), endpoint->cap, target->badge, &target->cap);
	if (status != BY_OK)
		target_destroy(target);

	return status;
}


void by_object_withdraw(struct by_object *object)
{
	target_destroy(&object->target);
}


void *by_object_of(struct by_cap_arg const *arg, struct by_rpc_interface const *interface)
{
	struct by_target *target = arg->kind == BY_CAP_OWN ? by_badge_find(arg->badge) : NULL;

	if (!target)
		return NULL;

	struct by_object *object = BY_CONTAINER_OF(target, struct by_object, target);

	return object->interface == interface ? object->self : NULL;
}


by_status_t by_signal_handler_init(struct by_signal_handler *handler,
                                   struct by_endpoint *endpoint, enum by_signal_class class,
                                   void (*handle_function)(struct by_signal_handler *self,
                                                           unsigned count))
{
	struct by_target *target = &handler->target;

	*handler = (struct by_signal_handler){
		.target = { .endpoint = endpoint }, .handle = handle_function,
	};
	by_status_t status = by_badge_alloc(target, &target->badge);

	if (status == BY_OK)
		status = by_pd_signal_create(by_own_pd(), endpoint->cap, target->badge,
		                             class == BY_SIGNAL_IO, &target->cap);
	if (status != BY_OK)
		target_destroy(target);

	return status;
}


void by_signal_handler_fini(struct by_signal_handler *handler)
{
	target_destroy(&handler->target);
}


/*
 * Jobs
 */

static struct job *take_job(struct by_endpoint *endpoint)
{
	by_mutex_lock(&endpoint->mutex);
	struct by_list_node *node = by_list_take(&endpoint->jobs);
	by_mutex_unlock(&endpoint->mutex);

	return node ? BY_CONTAINER_OF(node, struct job, node) : NULL;
}


static void handle_jobs(struct by_signal_handler *handler, unsigned count)
{
	struct job *job;

	(void)count;
	while ((job = take_job(handler->target.endpoint))) {
		by_cap_t const waiter = job->waiter;

		job->function(job->arg);
		by_atomic_store_release(&job->done, true); /* pairs with by_endpoint_run() */
		by_unpark(waiter);
	}
}


/* Hand a job over; the first one creates the signal for it. */
static by_status_t add_job(struct by_endpoint *endpoint, struct job *job)
{
	struct by_target *target = &endpoint->jobs_handler.target;
	by_status_t       status = BY_OK;

	by_mutex_lock(&endpoint->mutex);
	if (!by_cap_valid(target->cap))
		status = by_signal_handler_init(&endpoint->jobs_handler, endpoint,
		                                BY_SIGNAL_APPLICATION, handle_jobs);
	if (status == BY_OK)
		by_list_append(&endpoint->jobs, &job->node);
	by_mutex_unlock(&endpoint->mutex);

	return status;
}


by_status_t by_endpoint_run(struct by_endpoint *endpoint, void (*function)(void *arg),
                            void *arg)
{
	struct job job = {
		.function = function, .arg = arg, .waiter = { (uint32_t)by_control()->cap },
	};

	if (endpoint->thread == by_thread_self()) {
		function(arg);
		return BY_OK;
	}
	by_status_t const status = add_job(endpoint, &job);

	if (status != BY_OK)
		return status;

	by_signal_submit(endpoint->jobs_handler.target.cap, 1);
	while (!by_atomic_load_acquire(&job.done)) /* pairs with handle_jobs() */
		by_park(endpoint->thread->cap, BY_NEVER);

	return BY_OK;
}


/*
 * Life
 */

/* Make the endpoint of a thread that exists. */
static by_status_t create(struct by_endpoint *endpoint, struct by_env *env,
                          struct by_thread *thread)
{
	endpoint->env    = env;
	endpoint->thread = thread;
	thread->endpoint = endpoint;
	by_list_init(&endpoint->jobs);
	by_tree_init(&endpoint->timeouts.tree, NULL);

	return by_pd_endpoint_create(&env->pd, thread->cap, &endpoint->cap);
}


by_status_t by_endpoint_begin(struct by_endpoint *endpoint, struct by_env *env)
{
	return create(endpoint, env, by_thread_self());
}


static void serve(struct by_thread *thread)
{
	by_endpoint_serve(thread->endpoint);
}


static void destroy(struct by_endpoint *endpoint)
{
	by_thread_destroy(&endpoint->own_thread);
	by_signal_handler_fini(&endpoint->jobs_handler);
	by_signal_handler_fini(&endpoint->timeouts_handler);
	if (!by_cap_valid(endpoint->cap))
		return;

	by_status_t const status = by_pd_object_free(&endpoint->env->pd, endpoint->cap);

	BY_ASSERT(status == BY_OK);
	by_cap_drop(endpoint->cap);
}


by_status_t by_endpoint_init(struct by_endpoint *endpoint, struct by_env *env,
                             struct by_endpoint_args const *args)
{
	struct by_thread_args const thread_args = {
		.name = args->name, .entry = serve, .stack_size = args->stack_size,
		.passive = args->passive, .cpu = args->cpu,
	};

	*endpoint = (struct by_endpoint){ .env = env };
	by_status_t status = by_thread_create(env, &endpoint->own_thread, &thread_args);

	if (status != BY_OK)
		return status;

	status = create(endpoint, env, &endpoint->own_thread);
	if (status == BY_OK)
		status = by_thread_run(&endpoint->own_thread);
	if (status != BY_OK)
		destroy(endpoint);

	return status;
}


static void stop(void *arg)
{
	struct by_endpoint *endpoint = arg;

	endpoint->stopped = true;
}


void by_endpoint_fini(struct by_endpoint *endpoint)
{
	BY_ASSERT(endpoint->thread == &endpoint->own_thread);

	/* without the means for a job it is stopped the hard way */
	if (by_endpoint_run(endpoint, stop, endpoint) == BY_OK)
		by_thread_join(&endpoint->own_thread);
	destroy(endpoint);
}
