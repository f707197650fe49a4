/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads: creation with stack and message page, join, destruction, limits.
 */
#include "fake/fake.h"
#include "unit.h"
#include <by/atomic.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/thread.h>
#include <string.h>

#include "../lib/env.h"

UNIT_MAIN("thread")

static struct fake_amounts base;
static by_atomic_u32 steps;
static struct by_thread *seen;


static void begin(void)
{
	fake_init();
	base = fake_amounts();
	by_atomic_store_relaxed(&steps, 0);
	seen = NULL;
}


static bool balanced(void)
{
	return fake_has(&base);
}


static void step(struct by_thread *thread)
{
	struct by_pd_balance balance;

	seen = by_thread_self();
	if (by_pd_account(&by_the_env.pd, &balance) == BY_OK && thread->arg == &steps)
		by_atomic_fetch_add(&steps, 1);
}


static struct by_thread_args const args = { .name = "worker", .entry = step, .arg = &steps };


TEST(runs_and_is_joined)
{
	struct by_thread thread;

	begin();
	CHECK_EQ(by_thread_create(&by_the_env, &thread, &args), BY_OK);
	CHECK_EQ(fake.pd[0].ram_used - base.ram_used, BY_STACK_DEFAULT);
	CHECK_EQ(by_atomic_load_acquire(&steps), 0);
	CHECK_EQ(by_thread_run(&thread), BY_OK);
	by_thread_join(&thread);
	CHECK_EQ(by_atomic_load_acquire(&steps), 1);
	CHECK(seen == &thread);
	CHECK_STR(thread.name, "worker");
	by_thread_destroy(&thread);
	by_thread_destroy(&thread); /* no effect */
	CHECK(balanced());
}


TEST(stack_lies_in_its_slot)
{
	struct by_thread_args large = args;
	struct by_thread      thread;

	begin();
	large.stack_size = 100000;
	CHECK_EQ(by_thread_create(&by_the_env, &thread, &large), BY_OK);
	by_word_t const slot = BY_STACK_AREA + thread.index * BY_STACK_SLOT;
	CHECK_EQ((by_word_t)thread.message, slot + BY_STACK_SLOT - 4096);
	CHECK_EQ(thread.stack_base, slot + BY_STACK_SLOT - 2 * 4096 - 25 * 4096);
	memset((void *)thread.stack_base, 1, 25 * 4096);
	by_thread_destroy(&thread);

	large.stack_size = BY_STACK_MAX;
	CHECK_EQ(by_thread_create(&by_the_env, &thread, &large), BY_OK);
	CHECK(thread.stack_base >= BY_STACK_AREA + thread.index * BY_STACK_SLOT + 4096);
	by_thread_destroy(&thread);
	large.stack_size = BY_STACK_MAX + 1;
	CHECK_EQ(by_thread_create(&by_the_env, &thread, &large), BY_INVALID);
	CHECK(balanced());
}


TEST(long_names_are_cut)
{
	struct by_thread_args named = args;
	struct by_thread      thread;

	begin();
	named.name = "a name of more than thirty-two characters";
	CHECK_EQ(by_thread_create(&by_the_env, &thread, &named), BY_OK);
	CHECK_EQ(strlen(thread.name), BY_THREAD_NAME);
	by_thread_destroy(&thread);
	CHECK(balanced());
}


static void never(struct by_thread *thread)
{
	(void)thread;
	by_atomic_fetch_add(&steps, 1);
	for (;;)
		by_park(BY_NO_CAP, BY_NEVER);
}


TEST(blocked_threads_are_destroyed)
{
	struct by_thread_args blocked = args;
	struct by_thread      thread;

	begin();
	blocked.entry = never;
	CHECK_EQ(by_thread_create(&by_the_env, &thread, &blocked), BY_OK);
	CHECK_EQ(by_thread_run(&thread), BY_OK);
	while (!by_atomic_load_acquire(&steps))
		by_yield();
	by_thread_destroy(&thread);
	CHECK(balanced());
}


TEST(creation_fails_without_trace)
{
	struct by_thread thread;

	begin();
	for (unsigned i = 1; ; i++) {
		fake.fail_at = i;
		by_status_t const status = by_thread_create(&by_the_env, &thread, &args);
		fake.fail_at = 0;
		if (status == BY_OK)
			break;
		CHECK_EQ(status, BY_OUT_OF_RAM);
		CHECK(balanced());
	}
	by_thread_destroy(&thread);
	CHECK(balanced());
}


TEST(places_run_out_and_come_back)
{
	static struct by_thread thread[BY_THREADS];
	struct by_thread_args   small = args;
	unsigned count = 0;
	by_status_t status;

	begin();
	small.stack_size = 4096;
	while ((status = by_thread_create(&by_the_env, &thread[count], &small)) == BY_OK)
		count++;
	CHECK_EQ(status, BY_NO_SPACE);
	CHECK_EQ(count, BY_THREADS - 1);
	for (unsigned i = 0; i < count; i++)
		for (unsigned k = 0; k < i && i < 20; k++)
			CHECK(thread[i].index != thread[k].index && thread[i].index != 0);
	by_thread_destroy(&thread[7]);
	CHECK_EQ(by_thread_create(&by_the_env, &thread[7], &small), BY_OK);
	for (unsigned i = 0; i < count; i++)
		by_thread_destroy(&thread[i]);
	CHECK(balanced());
}
