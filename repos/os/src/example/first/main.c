/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest component that does something: it says what it has, and ends.
 */
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>


void component_main(struct by_env *env)
{
	struct by_pd_balance balance;

	by_log("Hello, I am a component.");

	by_status_t const status = by_pd_account(&env->pd, &balance);
	if (status != BY_OK) {
		by_error("no account: %s", by_status_name(status));
		by_exit(env, 1);
	}
	by_log("I have %llu KiB of RAM and %llu capabilities.",
	       (unsigned long long)balance.ram_quota / 1024,
	       (unsigned long long)balance.caps_quota);
	by_exit(env, 0);
}
