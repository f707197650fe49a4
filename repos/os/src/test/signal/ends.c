/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handlers that end while their signals are under way: by themselves, by others, while
 * they are delivered, and while somebody submits without pause.
 */
#include "parts.h"
#include <by/clock.h>
#include <by/kernel.h>

enum { ROUNDS = 200 };

static struct counter victim[2];
static by_atomic_u32  stop, submitted;
static by_atomic_u32  target[2]; /* slots to submit to */


/* Ends itself, with more signals on the way. */
static void end_itself(struct by_signal_handler *handler, unsigned count)
{
	struct counter *counter = BY_CONTAINER_OF(handler, struct counter, handler);

	by_signal_submit(handler->target.cap, 1);
	by_signal_handler_fini(handler);
	by_atomic_fetch_add(&counter->count, count);
}


/* Ends the other one, whose signal is queued already. */
static void end_other(struct by_signal_handler *handler, unsigned count)
{
	struct counter *counter = BY_CONTAINER_OF(handler, struct counter, handler);
	struct counter *other   = counter == &victim[0] ? &victim[1] : &victim[0];

	by_signal_submit(other->handler.target.cap, 1);
	by_signal_handler_fini(&other->handler);
	by_atomic_fetch_add(&counter->count, count);
}


static void init(struct counter *counter,
                 void (*handle)(struct by_signal_handler *handler, unsigned count))
{
	*counter = (struct counter){ .sleep_us = 0 };
	check_need(the_env, by_signal_handler_init(&counter->handler, &receiver,
	                                           BY_SIGNAL_APPLICATION, handle), "signal");
}


static void test_own_end(void)
{
	check_part("handlers that end themselves, or each other");
	for (unsigned i = 0; i < 20; i++) {
		init(&victim[0], end_itself);
		by_signal_submit(victim[0].handler.target.cap, 3);
		wait_for(&victim[0], 3);
		init(&victim[0], end_other);
		init(&victim[1], end_other);
		by_signal_submit(victim[i % 2].handler.target.cap, 1);
		wait_for(&victim[i % 2], 1);
		CHECK_EQ(count_of(&victim[(i + 1) % 2]), 0);
		counter_fini(&victim[i % 2], 1);
	}
}


/* Submits to whatever the targets are at the moment, be they gone already. */
static void submit(struct by_thread *thread)
{
	(void)thread;
	while (!by_atomic_load_acquire(&stop)) { /* test_storm() */
		for (unsigned i = 0; i < 2; i++) {
			by_cap_t const cap = { by_atomic_load_acquire(&target[i]) }; /* test_storm() */

			if (by_signal_submit(cap, 1) == BY_OK)
				by_atomic_fetch_add(&submitted, 1);
		}
		by_yield();
	}
}


/* Nothing of what has come and gone is left. */
static void test_storm(void)
{
	static struct by_thread     thread[2];
	struct by_thread_args const args   = { .name = "sender", .entry = submit };
	struct by_pd_balance        before = check_balance(&the_env->pd);
	uint32_t                    received = 0;

	check_part("handlers that come and go under fire");
	for (unsigned i = 0; i < 2; i++) {
		check_need(the_env, by_thread_create(the_env, &thread[i], &args), "thread");
		CHECK_STATUS(by_thread_run(&thread[i]), BY_OK);
	}
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct counter *counter = &victim[i % 2];

		counter_init(counter, i % 3 ? BY_SIGNAL_APPLICATION : BY_SIGNAL_IO);
		by_atomic_store_release(&target[i % 2], counter->handler.target.cap.slot); /* submit() */
		while (count_of(counter) == 0)
			by_sleep_us(50);
		counter_fini(counter, 1);
		received += count_of(counter);
	}
	by_atomic_store_release(&stop, 1); /* submit() */
	for (unsigned i = 0; i < 2; i++) {
		by_thread_join(&thread[i]);
		by_thread_destroy(&thread[i]);
	}
	CHECK(received >= ROUNDS);
	CHECK(received <= by_atomic_load_relaxed(&submitted));
	struct by_pd_balance const now = check_balance(&the_env->pd);

	CHECK_EQ(now.caps_used, before.caps_used);
}


void test_ends(void)
{
	test_own_end();
	test_storm();
}
