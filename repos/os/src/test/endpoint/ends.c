/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end of one side while a call is under way: the other one is told, and goes on.
 */
#include "raw.h"
#include <by/cap.h>
#include <by/ipc.h>
#include <by/kernel.h>

static struct relay  relay, other, elsewhere;
static struct caller served, queued, third;
static struct raw    raw;


/* One caller is served and held, another one waits at the same endpoint. */
static void begin(struct relay *by_second)
{
	relay_make(&relay, &endpoints[0], 1);
	relay_make(&other, &endpoints[0], 2);
	served.relay = &relay;
	queued.relay = by_second;
	served.call  = queued.call = call_hold;
	caller_start(&served, NULL);
	settle();
	caller_start(&queued, NULL);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&relay.held), 1); /* wait() */
	CHECK_EQ(by_atomic_load_acquire(&other.held), 0); /* wait() */
}


/* The server does as if nothing had happened. */
static void finish(void)
{
	struct by_relay one  = relay_handle(&relay);
	uint64_t        path = 0;

	by_semaphore_up(&relay.go_on);
	by_semaphore_up(&relay.go_on);
	by_semaphore_up(&other.go_on);
	settle();
	if (by_cap_valid(one.session.cap)) {
		CHECK_STATUS(by_relay_nest(&one, 1, &path), BY_OK);
		CHECK_EQ(path, 1);
	}
	relay_end(&relay);
	relay_end(&other);
}


/* Calls twice: the answer to the first call, if it comes late, is not for the second one. */
static by_status_t call_and_go_elsewhere(struct caller *caller)
{
	struct by_relay there = relay_handle(&elsewhere);

	caller->number = call_hold(caller) == BY_CANCELLED;

	return by_relay_hold(&there);
}


static by_status_t call_elsewhere(struct caller *caller)
{
	struct by_relay there = relay_handle(&elsewhere);

	(void)caller;

	return by_relay_hold(&there);
}


/* Somebody is held elsewhere, and only what happens there lets him go. */
static void check_elsewhere(struct caller *caller)
{
	settle();
	CHECK_EQ(by_atomic_load_acquire(&elsewhere.held), 1); /* wait() */
	by_semaphore_up(&relay.go_on);
	settle();
	CHECK(!by_atomic_load_acquire(&caller->done)); /* run_caller() */
	by_semaphore_up(&elsewhere.go_on);
	caller_end(caller);
	CHECK_STATUS(caller->status, BY_OK);
	relay_end(&elsewhere);
}


static void test_late_answers(void)
{
	check_part("late answers");
	relay_make(&elsewhere, &endpoints[1], 3);
	relay_make(&relay, &endpoints[0], 1);
	served.relay = &relay;
	served.call  = call_and_go_elsewhere;
	caller_start(&served, NULL);
	settle();
	CHECK_STATUS(by_cpu_cancel(&the_env->cpu, served.thread.cap), BY_OK);
	check_elsewhere(&served);
	CHECK(served.number);
	relay_end(&relay);

	/* a thread that may have got the memory of the one that is gone */
	relay_make(&elsewhere, &endpoints[1], 3);
	relay_make(&relay, &endpoints[0], 1);
	served.call = call_hold;
	third.call  = call_elsewhere;
	caller_start(&served, NULL);
	settle();
	by_thread_destroy(&served.thread);
	caller_start(&third, NULL);
	check_elsewhere(&third);
	relay_end(&relay);
}


static void test_cancel(void)
{
	check_part("cancelled callers");
	begin(&relay);
	CHECK_STATUS(by_cpu_cancel(&the_env->cpu, served.thread.cap), BY_OK);
	caller_end(&served);
	CHECK_STATUS(served.status, BY_CANCELLED);
	CHECK(!by_atomic_load_acquire(&queued.done)); /* run_caller() */
	by_semaphore_up(&relay.go_on);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&relay.held), 2); /* wait() */
	by_semaphore_up(&relay.go_on);
	caller_end(&queued);
	CHECK_STATUS(queued.status, BY_OK);
	finish();

	begin(&relay);
	CHECK_STATUS(by_cpu_cancel(&the_env->cpu, queued.thread.cap), BY_OK);
	caller_end(&queued);
	CHECK_STATUS(queued.status, BY_CANCELLED);
	by_semaphore_up(&relay.go_on);
	caller_end(&served);
	CHECK_STATUS(served.status, BY_OK);
	finish();
	CHECK_EQ(by_atomic_load_acquire(&relay.held), 1); /* wait() */
}


static void test_callers_die(void)
{
	check_part("destroyed callers");
	begin(&relay);
	by_thread_destroy(&served.thread);
	by_semaphore_up(&relay.go_on);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&relay.held), 2); /* wait() */
	by_thread_destroy(&queued.thread);
	finish();

	begin(&relay);
	by_thread_destroy(&queued.thread);
	by_semaphore_up(&relay.go_on);
	caller_end(&served);
	CHECK_STATUS(served.status, BY_OK);
	finish();
	CHECK_EQ(by_atomic_load_acquire(&relay.held), 1); /* wait() */
}


/* Who waits at an object that ends is told; who waits at another one is not concerned. */
static void test_objects_end(void)
{
	check_part("objects that end");
	begin(&other);
	third.relay = &relay;
	third.call  = call_hold;
	caller_start(&third, NULL);
	settle();
	by_object_withdraw(&other.object); /* its endpoint does nothing but hold */
	caller_end(&queued);
	CHECK_STATUS(queued.status, BY_GONE);
	CHECK(!by_atomic_load_acquire(&third.done)); /* run_caller() */
	by_semaphore_up(&relay.go_on);
	caller_end(&served);
	CHECK_STATUS(served.status, BY_OK);
	by_semaphore_up(&relay.go_on);
	caller_end(&third);
	CHECK_STATUS(third.status, BY_OK);
	check_need(the_env, relay_init(&other, &endpoints[0], 2), "relay");
	finish();

	/* whose call has arrived already gets its answer */
	begin(&other);
	by_cap_t const gate = relay.object.target.cap;

	by_object_withdraw(&relay.object);
	CHECK_STATUS(raw_call(gate, 1), BY_BAD_CAP);
	by_semaphore_up(&relay.go_on);
	caller_end(&served);
	CHECK_STATUS(served.status, BY_OK);
	by_semaphore_up(&other.go_on);
	caller_end(&queued);
	CHECK_STATUS(queued.status, BY_OK);
	check_need(the_env, relay_init(&relay, &endpoints[0], 1), "relay");
	finish();
}


static by_status_t call_raw(struct caller *caller)
{
	(void)caller;

	return raw_call(raw.gate, RAW_LATER);
}


static void begin_raw(void)
{
	raw_start(&raw);
	served.call = queued.call = call_raw;
	caller_start(&served, NULL);
	settle();
	caller_start(&queued, NULL);
	settle();
	CHECK_EQ(by_atomic_load_acquire(&raw.waiting), 1); /* answer_later() */
}


static void both_gone(void)
{
	caller_end(&served);
	caller_end(&queued);
	CHECK_STATUS(served.status, BY_GONE);
	CHECK_STATUS(queued.status, BY_GONE);
}


static void test_servers_die(void)
{
	check_part("destroyed servers");
	begin_raw();
	by_thread_destroy(&raw.thread);
	both_gone();
	CHECK_STATUS(raw_call(raw.gate, RAW_BADGE), BY_GONE);
	raw_end(&raw);

	begin_raw();
	CHECK_STATUS(by_pd_object_free(&the_env->pd, raw.endpoint), BY_OK);
	both_gone();
	CHECK_STATUS(raw_call(raw.gate, RAW_BADGE), BY_GONE);
	by_thread_destroy(&raw.thread);
	by_cap_t const rest[] = { raw.signal, raw.gate, raw.other };

	for (unsigned i = 0; i < 3; i++) {
		by_status_t const status = by_pd_object_free(&the_env->pd, rest[i]);

		CHECK(status == BY_OK || status == BY_BAD_CAP); /* they end with their endpoint, or later */
		by_cap_drop(rest[i]);
	}
	by_cap_drop(raw.endpoint);
}


void test_ends(void)
{
	struct by_pd_balance before = { .ram_quota = 0 };
	unsigned             slots = 0;

	for (unsigned round = 0; round < 3; round++) {
		test_cancel();
		test_late_answers();
		test_callers_die();
		test_objects_end();
		test_servers_die();
		if (round == 0) {
			before = check_balance(&the_env->pd);
			slots  = by_slots_free();
		}
	}

	check_unchanged(&the_env->pd, &before);
	CHECK_EQ(by_slots_free(), slots);
}
