/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of a component that found a mistake in itself.
 */
#include "env.h"
#include <by/assert.h>
#include <by/log.h>


void by_assert_fail(char const *file, int line, char const *text)
{
	by_error("%s:%d: assertion broken: %s", file, line, text);
	by_exit(&by_the_env, -1);
}
