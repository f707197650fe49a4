/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario care: a child that is what its parent tells it to be. Nothing here is about
 * heartbeats: they are the runtime's.
 */
#include <by/abi.h>
#include <by/endpoint.h>
#include <by/resource.h>
#include <by/session/care.h>
#include <by/session/progress.h>
#include <by/timeout.h>
#include <check.h>

enum { LARGE = 700 << 10 }; /* more than what it is born with */

static struct by_care care;
static struct by_env *care_env;
static void          *memory;


static void ready(struct by_env *env)
{
	check_need(env, by_care_ready(&care), "ready");
}


static __attribute__((noreturn)) void hang(void)
{
	for (;;)
		__asm__ volatile ("");
}


static void hang_later(struct by_timeout *timeout)
{
	ready(timeout->endpoint->env);
	hang();
}


static void ask(struct by_env *env)
{
	CHECK_STATUS(by_alloc(env->heap, LARGE, &memory), BY_OUT_OF_RAM);
	check_need(env, by_resource_wait(env, LARGE + (64 << 10), 100), "waiting for more");
	check_need(env, by_alloc(env->heap, LARGE, &memory), "memory that was asked for");
	ready(env);
}


/* What it wants may come in parts. */
static void grown(struct by_resource_watch *watch)
{
	(void)watch;
	if (!memory && by_alloc(care_env->heap, LARGE, &memory) == BY_OK)
		ready(care_env);
}


static void grow(struct by_env *env)
{
	static struct by_resource_watch watch = { .grown = grown };

	check_need(env, by_resource_watch(env, &watch), "watching");
	CHECK_STATUS(by_alloc(env->heap, LARGE, &memory), BY_OUT_OF_RAM);
	check_need(env, by_resource_request(env, LARGE + (64 << 10), 0), "asking for more");
}


static void yield(struct by_resource_watch *watch, uint64_t ram, uint64_t caps)
{
	(void)watch;
	CHECK(ram > 0 && caps > 0);
	by_free(care_env->heap, memory, LARGE);
}


static void keep(struct by_env *env)
{
	static struct by_resource_watch watch = { .yield = yield };

	check_need(env, by_alloc(env->heap, LARGE, &memory), "memory to begin with");
	check_need(env, by_resource_watch(env, &watch), "watching");
	ready(env);
}


static void wait_for_ever(struct by_env *env)
{
	struct by_progress progress;

	ready(env);
	check_need(env, by_progress_open(env, "", &progress), "a service that is not there");
}


static void hang_soon(struct by_env *env)
{
	static struct by_timeout timeout;

	by_timeout_init(&timeout, env->endpoint, hang_later);
	check_need(env, by_timeout_start(&timeout, 1), "timeout");
}


static void hang_now(struct by_env *env)
{
	ready(env);
	hang();
}


/* However important it would like its time to be, it is not more so than it is itself. */
static void climb(struct by_env *env)
{
	struct by_cpu_args const args = { .priority = 25, .weight = BY_WEIGHT_DEFAULT };
	struct by_cpu_args       own, got;
	struct by_cpu            cpu;

	check_need(env, by_cpu_open(env, "", &args, &cpu), "CPU session");
	check_need(env, by_cpu_info(&env->cpu, &own), "own CPU session");
	check_need(env, by_cpu_info(&cpu, &got), "another CPU session");
	CHECK(own.priority < args.priority);
	CHECK_EQ(got.priority, own.priority);
	by_cpu_close(env, &cpu);
}


static void be_idle(struct by_env *env)
{
	climb(env);
	ready(env);
}


void component_main(struct by_env *env)
{
	static void (*const be[])(struct by_env *env) = {
		[BY_CARE_ROLE_IDLE]         = be_idle,
		[BY_CARE_ROLE_WAITING]      = wait_for_ever,
		[BY_CARE_ROLE_ASKING]       = ask,
		[BY_CARE_ROLE_GROWING]      = grow,
		[BY_CARE_ROLE_YIELDING]     = keep,
		[BY_CARE_ROLE_HUNG_MAIN]    = hang_now,
		[BY_CARE_ROLE_HUNG_HANDLER] = hang_soon,
		[BY_CARE_ROLE_UNWATCHED]    = hang_now,
	};
	enum by_care_role role = BY_CARE_ROLE_IDLE;

	care_env = env;
	check_need(env, by_care_open(env, "", &care), "care");
	check_need(env, by_care_role(&care, &role), "role");
	be[role](env);
}
