/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver: interrupts arrive, one signal each; not while they are masked, not for
 * others, and not after the session is closed.
 */
#include "device.h"
#include <by/clock.h>
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/kernel.h>
#include <by/session/irq.h>
#include <by/timeout.h>
#include <check.h>

enum {
	MANY     = 100,
	NUMBERS  = 300,      /* more than a board's interrupts */
	LONG_US  = 10000000, /* an interrupt that has not come by then is missing */
	QUIET_US = 5000,     /* many times what the device takes */
};

static struct by_env           *env;
static struct by_irq            irq;
static by_cap_t                 object; /* to acknowledge by */
static struct by_signal_handler interrupts, others, timeout;
static unsigned                 arrived, arrived_elsewhere, passed;


static void interrupt(struct by_signal_handler *handler, unsigned count)
{
	(void)handler;
	arrived += count;
}


static void interrupt_elsewhere(struct by_signal_handler *handler, unsigned count)
{
	(void)handler;
	arrived_elsewhere += count;
}


static void time_passed(struct by_signal_handler *handler, unsigned count)
{
	(void)handler;
	passed += count;
}


static void init(struct by_signal_handler *handler,
                 void (*handle)(struct by_signal_handler *, unsigned))
{
	check_need(env, by_signal_handler_init(handler, env->endpoint, BY_SIGNAL_IO, handle),
	           "signal");
}


/* Wait for one, for a time at most; takes how many there are off the counter. */
static unsigned wait_on(unsigned *counter, uint64_t us)
{
	passed = 0;
	by_timeout_set(timeout.target.cap, by_deadline_us(us));
	while (!*counter && !passed)
		by_endpoint_wait_io(env->endpoint);
	by_timeout_set(timeout.target.cap, BY_NEVER);
	unsigned const result = *counter;

	*counter = 0;

	return result;
}


/* How many have arrived; there should be one. */
static unsigned wait(void)
{
	return wait_on(&arrived, LONG_US);
}


/* None arrives for a time in which it would. */
static bool quiet(void)
{
	return wait_on(&arrived, QUIET_US) == 0;
}


static void acknowledge(void)
{
	CHECK_STATUS(by_irq_ack(object), BY_OK);
}


/* The device is quiet, and nothing is masked; only an edge can still be on its way. */
static void calm(void)
{
	unsigned more = wait_on(&arrived, QUIET_US);

	for (unsigned i = 0; more && !device_level && i < 2; i++) {
		acknowledge();
		more = wait_on(&arrived, QUIET_US);
	}
	CHECK_EQ(more, 0);
}


/* What to do with an interrupt. */
static void handle(void)
{
	device_quiet();
	acknowledge();
	calm();
}


/* All is as it should be. */
static void check_works(void)
{
	device_trigger();
	CHECK_EQ(wait(), 1);
	handle();
}


static by_status_t open_irq(struct by_irq *session)
{
	struct by_irq_args const args = { .number = device_irq };

	return by_irq_open(env, "rtc", &args, session);
}


static void open_both(void)
{
	check_need(env, device_open(env), "device");
	check_need(env, open_irq(&irq), "interrupt");
	check_need(env, by_irq_attach(&irq, interrupts.target.cap, &object), "interrupt");
}


static void close_both(void)
{
	by_cap_drop(object);
	by_irq_close(env, &irq);
	device_close(env);
}


/*
 * Tests
 */

static void test_count(void)
{
	uint64_t const begin = device_seconds();

	check_part("each interrupt arrives once");
	CHECK(quiet());
	device_trigger();
	for (unsigned i = 0; i < MANY; i++) {
		if (!CHECK_EQ(wait(), 1))
			break;
		device_quiet();
		device_trigger();
		acknowledge();
	}
	CHECK_EQ(wait(), 1);
	handle();
	CHECK(quiet());
	by_log("%u interrupts", MANY + 1);
	CHECK(device_seconds() - begin < 60);
}


static void test_mask(void)
{
	check_part("none while it is masked");
	device_trigger();
	CHECK_EQ(wait(), 1);
	CHECK(quiet()); /* although the device is not */
	device_quiet();
	device_trigger();
	device_wait();
	CHECK(quiet());
	if (!device_level)
		device_quiet(); /* it will be the edge that came before */
	acknowledge();
	CHECK_EQ(wait(), 1);
	handle();
	check_works();
}


static void test_exclusive(void)
{
	struct by_irq_args const none = { .number = UINT32_MAX };
	struct by_irq            other;
	by_cap_t                 cap;

	check_part("device and interrupt have one owner");
	CHECK_STATUS(device_open_again(env), BY_DENIED);
	CHECK_STATUS(open_irq(&other), BY_DENIED);
	CHECK_STATUS(by_irq_open(env, "none", &none, &other), BY_INVALID);
	CHECK_STATUS(by_irq_attach(&irq, env->pd.session.cap, &cap), BY_BAD_CAP);
	CHECK_STATUS(by_irq_attach(&irq, BY_NO_CAP, &cap), BY_BAD_CAP);
	CHECK_STATUS(by_irq_ack(irq.session.cap), BY_BAD_CAP);
	CHECK_STATUS(by_irq_ack(interrupts.target.cap), BY_BAD_CAP);
	check_works();
}


/* Whatever is taken, masked by that, and given back: the kernel's timer is not among it. */
static void test_numbers(void)
{
	unsigned opened = 0;

	check_part("all the numbers that there are");
	for (uint32_t number = 0; number < NUMBERS; number++) {
		struct by_irq_args const args = { .number = number };
		struct by_irq            other;

		if (by_irq_open(env, "any", &args, &other) != BY_OK)
			continue;
		by_irq_close(env, &other);
		opened++;
	}
	CHECK(opened >= device_irq);
	CHECK(quiet());
	check_works();
}


static void attach(struct by_signal_handler *handler)
{
	by_cap_drop(object);
	check_need(env, by_irq_attach(&irq, handler->target.cap, &object), "interrupt");
}


/* Another signal, and one that is gone. */
static void test_attach(void)
{
	check_part("the interrupt goes to the signal that was named last");
	init(&others, interrupt_elsewhere);
	attach(&others);
	device_trigger();
	CHECK_EQ(wait_on(&arrived_elsewhere, LONG_US), 1);
	CHECK(quiet());
	by_signal_handler_fini(&others);
	device_quiet();
	device_trigger();
	acknowledge();
	device_wait();
	CHECK(quiet());
	CHECK_EQ(arrived_elsewhere, 0);
	device_quiet();
	attach(&interrupts);
	calm();
	check_works();

	init(&others, interrupt_elsewhere);
	attach(&others);
	attach(&interrupts);
	by_signal_handler_fini(&others); /* which has nothing to do with it any more */
	check_works();
}


/* The session is closed, while the interrupt is on its way or before it comes. */
static void test_close(bool late)
{
	by_cap_t const old = object;

	if (!late) {
		device_trigger();
		CHECK_EQ(wait(), 1);
		CHECK(quiet());
	}
	by_irq_close(env, &irq);
	device_quiet();
	device_trigger();
	device_wait();
	CHECK(quiet());
	CHECK_STATUS(by_irq_ack(old), BY_BAD_CAP);
	by_cap_drop(old);
	device_quiet();
	device_close(env);
	open_both();
	CHECK(quiet());
	check_works();
}


static void test_reopen(void)
{
	struct by_pd_balance before = { .ram_quota = 0 };

	check_part("closed and opened again");
	for (unsigned i = 0; i < 8; i++) {
		test_close(i % 2);
		if (i == 1)
			before = check_balance(&env->pd);
	}

	check_unchanged(&env->pd, &before);
}


void component_main(struct by_env *the_env)
{
	env = the_env;
	init(&interrupts, interrupt);
	init(&timeout, time_passed);
	open_both();
	by_log("it is %llu seconds since 1970", (unsigned long long)device_seconds());
	test_count();
	test_mask();
	test_exclusive();
	test_numbers();
	test_attach();
	test_reopen();
	device_test(env);
	close_both();
	check_finish(env, "irq");
}
