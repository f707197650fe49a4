/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario care: a child that is what its parent tells it to be. Nothing here is about
 * heartbeats: they are the runtime's.
 */
#include <by/endpoint.h>
#include <by/session/care.h>
#include <by/session/progress.h>
#include <by/timeout.h>
#include <check.h>

static struct by_care care;


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


void component_main(struct by_env *env)
{
	static struct by_timeout timeout;
	struct by_progress       progress;
	enum by_care_role        role = BY_CARE_ROLE_IDLE;

	check_need(env, by_care_open(env, "", &care), "care");
	check_need(env, by_care_role(&care, &role), "role");
	switch (role) {
	case BY_CARE_ROLE_IDLE:
		ready(env);
		return;
	case BY_CARE_ROLE_WAITING:
		ready(env);
		check_need(env, by_progress_open(env, "", &progress), "a service that is not there");
		return;
	case BY_CARE_ROLE_HUNG_HANDLER:
		by_timeout_init(&timeout, env->endpoint, hang_later);
		check_need(env, by_timeout_start(&timeout, 1), "timeout");
		return;
	case BY_CARE_ROLE_HUNG_MAIN:
	case BY_CARE_ROLE_UNWATCHED:
		ready(env);
		hang();
	}
}
