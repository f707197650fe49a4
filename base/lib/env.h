/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime knows of the environment and users do not.
 */
#ifndef BASE_LIB_ENV_H
#define BASE_LIB_ENV_H

#include <by/env.h>

/** The only one; for functions that get none. */
extern struct by_env by_the_env;

/** The component's own protection domain, for functions that get no environment. */
static inline struct by_pd *by_own_pd(void)
{
	return &by_the_env.pd;
}

#endif
