/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component that is larger than the memory of the boards that tests run on: it
 * never starts.
 */
#include <by/env.h>
#include <by/log.h>

static char much[256 << 20];


void component_main(struct by_env *env)
{
	by_log("%p is an address in %zu bytes of %p", (void *)much, sizeof(much), (void *)env);
}
