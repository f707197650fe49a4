/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The environment of the component.
 */
#include "env.h"
#include <by/kernel.h>
#include <by/slots.h>

struct by_env by_the_env = {
	.parent = { .cap = { BY_SLOT_PARENT } },
	.pd     = { .session.cap = { BY_SLOT_PD } },
	.cpu    = { .session.cap = { BY_SLOT_CPU } },
	.log    = { .session.cap = { BY_SLOT_LOG } },
	.space  = { .cap = { BY_SLOT_SPACE } },
};


void by_exit(struct by_env *env, int code)
{
	/* a parent that does not take it does not help either */
	by_status_t const status = by_parent_exit(&env->parent, code);

	(void)status;
	for (;;)
		by_park(BY_NO_CAP, BY_NEVER);
}
