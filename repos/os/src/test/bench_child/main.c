/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component that ends at once, with a code that nobody else gives.
 */
#include <by/env.h>


void component_main(struct by_env *env)
{
	by_exit(env, 42);
}
