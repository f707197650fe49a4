/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario parent: a client whose request the server does not survive.
 */
#include <by/session/counter.h>
#include <check.h>


void component_main(struct by_env *env)
{
	struct by_counter counter;

	/* another server does not get it */
	CHECK_STATUS(by_counter_open(env, "poison", &counter), BY_GONE);
	CHECK_STATUS(by_counter_open(env, "good", &counter), BY_OK);
	check_finish(env, "poison");
}
