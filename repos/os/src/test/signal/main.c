/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals: none is lost, none is doubled, whatever the sender and the receiver do.
 *
 * The main thread has nothing to do but to be a parent; a further thread tests.
 */
#include "parts.h"
#include <by/clock.h>
#include <by/kernel.h>
#include <by/timeout.h>

enum { FAST = 20000, LAZY = 500, CONTEXTS = 60, ROUNDS = 30 };

struct by_env      *the_env;
struct by_endpoint  receiver;


static void handle(struct by_signal_handler *handler, unsigned count)
{
	struct counter *counter = BY_CONTAINER_OF(handler, struct counter, handler);

	by_atomic_fetch_add(&counter->wakes, 1);
	by_atomic_fetch_add(&counter->count, count);
	for (uint64_t end = by_now_us() + counter->sleep_us; by_now_us() < end; )
		by_yield();
}


void counter_init(struct counter *counter, enum by_signal_class class)
{
	*counter = (struct counter){ .sleep_us = 0 };
	check_need(the_env, by_signal_handler_init(&counter->handler, &receiver, class, handle),
	           "signal");
}


uint32_t count_of(struct counter *counter)
{
	return by_atomic_load_acquire(&counter->count); /* handle() */
}


void wait_for(struct counter *counter, uint32_t count)
{
	uint64_t const end = by_now_us() + 3000000;

	while (count_of(counter) < count && by_now_us() < end)
		by_sleep_us(200);
	CHECK_EQ(count_of(counter), count);
}


struct handlers { struct counter *first; unsigned count; };


static void fini_job(void *arg)
{
	struct handlers *handlers = arg;

	for (unsigned i = 0; i < handlers->count; i++)
		by_signal_handler_fini(&handlers->first[i].handler);
}


void counter_fini(struct counter *first, unsigned count)
{
	struct handlers handlers = { first, count };

	CHECK_STATUS(by_endpoint_run(&receiver, fini_job, &handlers), BY_OK);
}


/* One sender, as fast as it can: signals coalesce, their number is exact. */
static void test_fast_sender(void)
{
	static struct counter counter;

	check_part("fast sender");
	counter_init(&counter, BY_SIGNAL_APPLICATION);
	for (unsigned i = 0; i < FAST; i++)
		by_signal_submit(counter.handler.target.cap, 1);
	wait_for(&counter, FAST);
	by_log("%u signals in %u deliveries", FAST, by_atomic_load_relaxed(&counter.wakes));
	counter_fini(&counter, 1);
}


static struct counter shared;


static void send(struct by_thread *thread)
{
	(void)thread;
	for (unsigned i = 0; i < FAST / 4; i++) {
		by_signal_submit(shared.handler.target.cap, 1);
		if (i % 64 == 0)
			by_yield();
	}
}


static void test_senders(void)
{
	static struct by_thread     thread[4];
	struct by_thread_args const args = { .name = "sender", .entry = send };

	check_part("four senders");
	counter_init(&shared, BY_SIGNAL_APPLICATION);
	for (unsigned i = 0; i < 4; i++) {
		check_need(the_env, by_thread_create(the_env, &thread[i], &args), "thread");
		CHECK_STATUS(by_thread_run(&thread[i]), BY_OK);
	}
	for (unsigned i = 0; i < 4; i++) {
		by_thread_join(&thread[i]);
		by_thread_destroy(&thread[i]);
	}
	wait_for(&shared, FAST);
	counter_fini(&shared, 1);
}


/* The receiver works on each delivery for a while: it gets fewer of them, and all signals. */
static void test_lazy_receiver(void)
{
	static struct counter counter;

	check_part("lazy receiver");
	counter_init(&counter, BY_SIGNAL_APPLICATION);
	counter.sleep_us = 300;
	for (unsigned i = 0; i < LAZY; i++) {
		by_signal_submit(counter.handler.target.cap, 2);
		if (i % 20 == 0)
			by_sleep_us(100);
	}
	wait_for(&counter, 2 * LAZY);
	CHECK(by_atomic_load_relaxed(&counter.wakes) < LAZY);
	counter_fini(&counter, 1);
}


/* Many at once; then the handlers go while signals are pending, again and again. */
static void test_contexts(void)
{
	static struct counter counters[CONTEXTS];

	check_part("many handlers");
	for (unsigned i = 0; i < CONTEXTS; i++)
		counter_init(&counters[i], i % 2 ? BY_SIGNAL_IO : BY_SIGNAL_APPLICATION);
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned i = 0; i < CONTEXTS; i++)
			by_signal_submit(counters[i].handler.target.cap, i);
	for (unsigned i = 0; i < CONTEXTS; i++)
		wait_for(&counters[i], ROUNDS * i);
	counter_fini(counters, CONTEXTS);

	check_part("handlers that end while signals are pending");
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (unsigned i = 0; i < 10; i++)
			counter_init(&counters[i], BY_SIGNAL_APPLICATION);
		for (unsigned i = 0; i < 10; i++)
			by_signal_submit(counters[i].handler.target.cap, 1);
		counter_fini(counters, 10);
		for (unsigned i = 0; i < 10; i++)
			CHECK(count_of(&counters[i]) <= 1);
	}
}


/* A capability to a signal that is gone: submitting is harmless. */
static void test_stale(void)
{
	static struct counter counter;

	check_part("stale capability");
	counter_init(&counter, BY_SIGNAL_APPLICATION);
	by_cap_t const cap = counter.handler.target.cap;
	counter_fini(&counter, 1);
	CHECK_STATUS(by_signal_submit(cap, 1), BY_BAD_CAP);
	CHECK_STATUS(by_signal_submit(BY_NO_CAP, 1), BY_BAD_CAP);
	CHECK_STATUS(by_signal_submit(the_env->pd.session.cap, 1), BY_BAD_CAP); /* no signal */
}


/* I/O signals arrive inside a handler that waits for them; others have to wait. */

static struct counter application, io;
static by_atomic_u32  nested_wakes, application_inside;


static void handle_nested(struct by_signal_handler *handler, unsigned count)
{
	(void)handler;
	by_atomic_fetch_add(&nested_wakes, count);
	by_signal_submit(application.handler.target.cap, 1);
	by_timeout_set(io.handler.target.cap, by_deadline_us(500)); /* the later one */
	uint32_t const before = count_of(&application);

	by_endpoint_wait_io(&receiver);
	by_atomic_fetch_add(&application_inside, count_of(&application) - before);
}


static void end_handler(void *arg)
{
	by_signal_handler_fini(arg);
}


static void test_nested(void)
{
	static struct by_signal_handler nested;

	check_part("waiting for I/O inside a handler");
	counter_init(&application, BY_SIGNAL_APPLICATION);
	counter_init(&io, BY_SIGNAL_IO);
	check_need(the_env, by_signal_handler_init(&nested, &receiver, BY_SIGNAL_APPLICATION,
	                                       handle_nested), "signal");
	for (unsigned i = 1; i <= 10; i++) {
		by_signal_submit(nested.target.cap, 1);
		wait_for(&application, i);
		CHECK_EQ(count_of(&io), i);
	}
	CHECK_EQ(by_atomic_load_acquire(&nested_wakes), 10);      /* handle_nested() */
	CHECK_EQ(by_atomic_load_acquire(&application_inside), 0);
	counter_fini(&application, 1);
	counter_fini(&io, 1);
	CHECK_STATUS(by_endpoint_run(&receiver, end_handler, &nested), BY_OK);
}


/* Two that are slow, at endpoints of their own, and a sender that does not care. */
static void test_lazy_receivers(void)
{
	static struct by_endpoint     other;
	static struct counter         slow[2];
	struct by_endpoint_args const args = { .name = "other" };

	check_part("lazy receivers");
	check_need(the_env, by_endpoint_init(&other, the_env, &args), "endpoint");
	counter_init(&slow[0], BY_SIGNAL_APPLICATION);
	check_need(the_env, by_signal_handler_init(&slow[1].handler, &other, BY_SIGNAL_IO, handle),
	           "signal");
	slow[0].sleep_us = slow[1].sleep_us = 500;
	for (unsigned i = 0; i < LAZY; i++)
		by_signal_submit(slow[i % 2].handler.target.cap, 1);
	wait_for(&slow[0], LAZY / 2);
	wait_for(&slow[1], LAZY / 2);
	CHECK_STATUS(by_endpoint_run(&other, end_handler, &slow[1].handler), BY_OK);
	by_endpoint_fini(&other);
	counter_fini(&slow[0], 1);
}


static void test(void)
{
	struct by_endpoint_args const args = { .name = "receiver" };

	check_need(the_env, by_endpoint_init(&receiver, the_env, &args), "endpoint");
	test_fast_sender();
	test_senders();
	test_lazy_receiver();
	test_lazy_receivers();
	test_contexts();
	test_stale();
	test_nested();
	test_order();
	test_ends();
	test_peer();
	by_endpoint_fini(&receiver);
	check_finish(the_env, "signal");
}


void component_main(struct by_env *env)
{
	the_env = env;
	check_in_thread(env, test);
}
