/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other component of the scenario 'signal': what it gets, it gives back.
 */
#include <by/endpoint.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/session/relay.h>

static struct by_relay relay;
static by_cap_t        back;


/* Each in several parts, which the kernel puts together again. */
static void handle(struct by_signal_handler *handler, unsigned count)
{
	unsigned const part = count / 3;

	(void)handler;
	by_signal_submit(back, part);
	by_signal_submit(back, part);
	by_signal_submit(back, count - 2 * part);
}


void component_main(struct by_env *env)
{
	static struct by_signal_handler handler;

	if (by_relay_open(env, "", &relay) != BY_OK
	    || by_signal_handler_init(&handler, env->endpoint, BY_SIGNAL_APPLICATION, handle) != BY_OK
	    || by_relay_trade(&relay, handler.target.cap, &back) != BY_OK) {
		by_error("no signals to exchange");
		by_exit(env, 1);
	}
}
