/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timeouts for others.
 */
struct timer;
#define BY_TIMER_SELF struct timer

#include <by/cap.h>
#include <by/clock.h>
#include <by/container.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/service.h>
#include <by/session/timer_server.h>
#include <by/status_name.h>
#include <by/timeout.h>

#define US_MAX ((uint64_t)1 << 48)

enum { PERIOD_MIN = 1000 };

/* A session. */
struct timer {
	struct by_service_session session;
	struct by_timeout         timeout;
	by_cap_t                  sigh;
	uint64_t                  opened; /* when */
};


static void fire(struct by_timeout *timeout)
{
	struct timer *const timer = BY_CONTAINER_OF(timeout, struct timer, timeout);

	if (by_cap_valid(timer->sigh))
		by_signal_submit(timer->sigh, 1);
}


/* What a first timeout needs was there when the session was opened. */
static by_status_t expect_ok(by_status_t status)
{
	return status == BY_OK ? BY_OK : BY_LIMIT;
}


static by_status_t sigh(struct timer *timer, struct by_cap_arg *signal)
{
	by_cap_t const taken = by_cap_arg_take(signal);

	if (!by_cap_valid(taken))
		return BY_BAD_CAP;

	by_cap_drop(timer->sigh);
	timer->sigh = taken;

	return BY_OK;
}


static by_status_t trigger_once(struct timer *timer, uint64_t us)
{
	if (us > US_MAX)
		return BY_LIMIT;

	return expect_ok(by_timeout_start(&timer->timeout, us));
}


static by_status_t trigger_periodic(struct timer *timer, uint64_t us)
{
	if (us > US_MAX)
		return BY_LIMIT;

	if (us == 0) {
		by_timeout_stop(&timer->timeout);
		return BY_OK;
	}

	return expect_ok(by_timeout_repeat(&timer->timeout, us < PERIOD_MIN ? PERIOD_MIN : us));
}


static by_status_t elapsed(struct timer *timer, uint64_t *us)
{
	*us = by_now_us() - timer->opened;

	return BY_OK;
}


static struct by_timer_ops const ops = {
	.sigh = sigh, .trigger_once = trigger_once, .trigger_periodic = trigger_periodic,
	.elapsed = elapsed,
};


static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	struct timer *const timer = BY_CONTAINER_OF(session, struct timer, session);

	(void)request;
	by_timeout_init(&timer->timeout, session->service->endpoint, fire);
	timer->opened = by_now_us();

	return BY_OK;
}


static void close(struct by_service_session *session)
{
	struct timer *const timer = BY_CONTAINER_OF(session, struct timer, session);

	by_timeout_stop(&timer->timeout);
	by_cap_drop(timer->sigh);
}


static struct by_service service = {
	.size = sizeof(struct timer), .open = open, .close = close,
};


/* The endpoint's first timeout makes its signal, which clients shall not wait or pay for. */
static by_status_t prepare(struct by_env *env)
{
	static struct by_timeout first;

	by_timeout_init(&first, env->endpoint, fire);
	by_status_t const status = by_timeout_start(&first, US_MAX);

	if (status == BY_OK)
		by_timeout_stop(&first);

	return status;
}


void component_main(struct by_env *env)
{
	by_status_t status = prepare(env);

	if (status == BY_OK)
		status = by_timer_provide(env, &service, &ops);
	if (status != BY_OK) {
		by_error("no service: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
