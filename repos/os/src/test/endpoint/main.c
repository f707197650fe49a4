/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Endpoints: several per component, calls through them and across components, messages,
 * capabilities, the end of each side, and on whose time all of that runs.
 *
 * The main thread has nothing to do but to be a parent; a further thread tests.
 */
#include "parts.h"
#include <by/clock.h>
#include <by/format.h>
#include <by/kernel.h>
#include <by/string.h>

struct by_env      *the_env;
struct by_endpoint  endpoints[ENDPOINTS];

static struct by_cpu       idle_cpu;
static struct by_semaphore asked, settled;


/*
 * Callers
 */

static void run_caller(struct by_thread *thread)
{
	struct caller *caller = thread->arg;

	by_atomic_store_release(&caller->begun, 1); /* who started it */
	caller->status = caller->call(caller);
	by_atomic_store_release(&caller->done, 1); /* the same */
}


void caller_start(struct caller *caller, struct by_cpu *cpu)
{
	struct by_thread_args const args = {
		.name = "caller", .entry = run_caller, .arg = caller, .cpu = cpu,
	};

	caller->done = caller->begun = (by_atomic_u32){ 0 };
	check_need(the_env, by_thread_create(the_env, &caller->thread, &args), "caller");
	check_need(the_env, by_thread_run(&caller->thread), "caller");
}


void caller_end(struct caller *caller)
{
	by_thread_join(&caller->thread);
	by_thread_destroy(&caller->thread);
}


by_status_t call_hold(struct caller *caller)
{
	struct by_relay relay = relay_handle(caller->relay);

	return by_relay_hold(&relay);
}


by_status_t call_note(struct caller *caller)
{
	struct by_relay relay = relay_handle(caller->relay);

	return by_relay_note(&relay, caller->number);
}


/* The thread of the lowest priority gets here only when all others wait. */
static void idle(struct by_thread *thread)
{
	(void)thread;
	for (;;) {
		by_semaphore_down(&asked);
		by_semaphore_up(&settled);
	}
}


void settle(void)
{
	by_semaphore_up(&asked);
	by_semaphore_down(&settled);
}


static void start_idle(void)
{
	static struct by_thread     thread;
	struct by_cpu_args const    cpu  = { .priority = 0, .weight = BY_WEIGHT_DEFAULT };
	struct by_thread_args const args = { .name = "idle", .entry = idle, .cpu = &idle_cpu };

	by_semaphore_init(&asked, 0);
	by_semaphore_init(&settled, 0);
	check_need(the_env, by_cpu_open(the_env, "idle", &cpu, &idle_cpu), "CPU session");
	check_need(the_env, by_thread_create(the_env, &thread, &args), "idle");
	check_need(the_env, by_thread_run(&thread), "idle");
}


/*
 * Relays
 */

struct making { struct relay *relay; struct by_endpoint *endpoint; unsigned id; };


static void make_job(void *arg)
{
	struct making *making = arg;

	check_need(the_env, relay_init(making->relay, making->endpoint, making->id), "relay");
}


void relay_make(struct relay *relay, struct by_endpoint *endpoint, unsigned id)
{
	struct making making = { relay, endpoint, id };

	check_need(the_env, by_endpoint_run(endpoint, make_job, &making), "relay");
}


static void end_job(void *arg)
{
	struct relay *relay = arg;

	by_object_withdraw(&relay->object);
}


void relay_end(struct relay *relay)
{
	CHECK_STATUS(by_endpoint_run(relay->object.target.endpoint, end_job, relay), BY_OK);
}


static void start_endpoints(void)
{
	for (unsigned i = 0; i < ENDPOINTS; i++) {
		char name[8];

		by_format(name, sizeof(name), "ep%u", i);
		struct by_endpoint_args const args = { .name = name };

		check_need(the_env, by_endpoint_init(&endpoints[i], the_env, &args), "endpoint");
	}
}


static void test(void)
{
	start_idle();
	start_endpoints();
	test_calls();
	test_raw();
	test_ends();
	test_time();
	test_peer();
	for (unsigned i = 0; i < ENDPOINTS; i++)
		by_endpoint_fini(&endpoints[i]);
	check_finish(the_env, "endpoint");
}


void component_main(struct by_env *env)
{
	the_env = env;
	check_in_thread(env, test);
}
