/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mutex, semaphore, condition: with many host threads, and step by step.
 */
#include "fake/fake.h"
#include "support.h"
#include "unit.h"
#include <by/abi.h>
#include <by/clock.h>
#include <by/condition.h>
#include <by/mutex.h>
#include <by/semaphore.h>
#include <sched.h>

#include "../lib/env.h"

UNIT_MAIN("sync")

enum { THREADS = 6, ROUNDS = 400 };

static struct by_mutex     mutex;
static struct by_semaphore semaphore;
static struct by_condition condition;
static unsigned            counter, inside;
static bool                broken;


static void begin(void)
{
	fake_init();
	mutex   = (struct by_mutex){ { 0 } };
	counter = inside = 0;
	broken  = false;
}


static void run_threads(void (*function)(void *arg), unsigned count)
{
	pthread_t thread[THREADS];

	for (unsigned i = 0; i < count; i++)
		thread[i] = fake_spawn(0, function, NULL);
	for (unsigned i = 0; i < count; i++)
		fake_join(thread[i]);
}


TEST(mutex_without_contention_makes_no_call)
{
	begin();
	for (unsigned i = 0; i < 10; i++) {
		by_mutex_lock(&mutex);
		CHECK(!by_mutex_try(&mutex));
		by_mutex_unlock(&mutex);
	}
	CHECK_EQ(fake.count[BY_CALL_PARK], 0);
	CHECK_EQ(fake.count[BY_CALL_UNPARK], 0);
	CHECK_EQ(mutex.state.value, 0);
}


static void lock_twice(void *arg)
{
	(void)arg;
	by_mutex_lock(&mutex);
	by_mutex_lock(&mutex);
}


static void unlock_free(void *arg)
{
	(void)arg;
	by_mutex_unlock(&mutex);
}


TEST(mutex_mistakes_are_asserted)
{
	begin();
	CHECK(support_asserts(lock_twice, NULL));
	by_mutex_unlock(&mutex);
	CHECK(support_asserts(unlock_free, NULL));
}


static void exclude(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_mutex_lock(&mutex);
		broken |= inside++ != 0;
		if (i % 16 == 0)
			sched_yield();
		counter++;
		broken |= --inside != 0;
		by_mutex_unlock(&mutex);
	}
}


TEST(mutex_excludes)
{
	begin();
	run_threads(exclude, THREADS);
	CHECK(!broken);
	CHECK_EQ(counter, THREADS * ROUNDS);
	CHECK_EQ(mutex.state.value, 0);
}


/* Who parks names whom it waits for. */

static by_atomic_u32 waiting;


static void wait_for_mutex(void *arg)
{
	(void)arg;
	by_atomic_fetch_add(&waiting, 1);
	by_mutex_lock(&mutex);
	counter++;
	by_mutex_unlock(&mutex);
}


TEST(mutex_wakes_all_who_wait)
{
	pthread_t thread[THREADS];

	begin();
	by_atomic_store_relaxed(&waiting, 0);
	by_mutex_lock(&mutex);
	uint32_t const owner = by_atomic_load_relaxed(&mutex.state) >> 16;
	CHECK_EQ(owner, by_control()->cap);
	for (unsigned i = 0; i < THREADS; i++)
		thread[i] = fake_spawn(0, wait_for_mutex, NULL);
	while (fake_count(BY_CALL_PARK) < THREADS)
		sched_yield();

	/* the owner is the same, the latest waiter is known */
	CHECK_EQ(by_atomic_load_relaxed(&mutex.state) >> 16, owner);
	CHECK((by_atomic_load_relaxed(&mutex.state) & 0xffff) != 0);
	CHECK_EQ(counter, 0);
	by_mutex_unlock(&mutex);
	for (unsigned i = 0; i < THREADS; i++)
		fake_join(thread[i]);
	CHECK_EQ(counter, THREADS);
	CHECK_EQ(mutex.state.value, 0);
}


/* Semaphore */

static void pass(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_semaphore_down(&semaphore);
		by_mutex_lock(&mutex);
		broken |= ++inside > 2;
		by_mutex_unlock(&mutex);
		by_mutex_lock(&mutex);
		inside--;
		counter++;
		by_mutex_unlock(&mutex);
		by_semaphore_up(&semaphore);
	}
}


TEST(semaphore_lets_so_many_in)
{
	begin();
	by_semaphore_init(&semaphore, 2);
	run_threads(pass, THREADS);
	CHECK(!broken);
	CHECK_EQ(counter, THREADS * ROUNDS);
	CHECK_EQ(semaphore.count, 2);
}


TEST(semaphore_times_out_and_goes_on)
{
	begin();
	fake.auto_time = true;
	by_semaphore_init(&semaphore, 1);
	CHECK_EQ(by_semaphore_down_until(&semaphore, fake.now + 100), BY_OK);
	by_ticks_t const deadline = fake.now + 5000;
	CHECK_EQ(by_semaphore_down_until(&semaphore, deadline), BY_TIMEOUT);
	CHECK(fake.now >= deadline);
	by_semaphore_up(&semaphore); /* nobody waits any more */
	CHECK_EQ(semaphore.count, 1);
	CHECK_EQ(by_semaphore_down_until(&semaphore, 0), BY_OK);
}


/* Who waited first goes first, and nobody else takes its unit. */

static by_atomic_u32 order[3];
static unsigned      arrived;


static void take_a_turn(void *arg)
{
	unsigned const me = *(unsigned *)arg;

	by_semaphore_down(&semaphore);
	by_mutex_lock(&mutex);
	by_atomic_store_relaxed(&order[arrived++], me);
	by_mutex_unlock(&mutex);
}


TEST(semaphore_is_fair)
{
	static unsigned who[3] = { 1, 2, 3 };
	pthread_t       thread[3];

	begin();
	arrived = 0;
	by_semaphore_init(&semaphore, 0);
	for (unsigned i = 0; i < 3; i++) {
		thread[i] = fake_spawn(0, take_a_turn, &who[i]);
		while (fake_count(BY_CALL_PARK) < i + 1)
			sched_yield();
	}
	for (unsigned i = 0; i < 3; i++) {
		by_semaphore_up(&semaphore);
		CHECK_EQ(semaphore.count, 0);
		fake_join(thread[i]);
		CHECK_EQ(by_atomic_load_relaxed(&order[i]), i + 1);
	}
}


/* Condition: a queue of numbers between producers and consumers. */

enum { ROOM = 4 };
static unsigned numbers[ROOM], used, consumed_sum;
static struct by_condition not_full;


static void produce(void *arg)
{
	(void)arg;
	for (unsigned i = 1; i <= ROUNDS; i++) {
		by_mutex_lock(&mutex);
		while (used == ROOM)
			by_condition_wait(&not_full, &mutex);
		numbers[used++] = i;
		by_condition_signal(&condition);
		by_mutex_unlock(&mutex);
	}
}


static void consume(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_mutex_lock(&mutex);
		while (used == 0)
			by_condition_wait(&condition, &mutex);
		consumed_sum += numbers[--used];
		by_condition_signal(&not_full);
		by_mutex_unlock(&mutex);
	}
}


TEST(condition_carries_every_number)
{
	pthread_t thread[4];

	begin();
	used = consumed_sum = 0;
	by_condition_init(&condition);
	by_condition_init(&not_full);
	for (unsigned i = 0; i < 4; i++)
		thread[i] = fake_spawn(0, i % 2 ? produce : consume, NULL);
	for (unsigned i = 0; i < 4; i++)
		fake_join(thread[i]);
	CHECK_EQ(used, 0);
	CHECK_EQ(consumed_sum, 2 * ROUNDS * (ROUNDS + 1) / 2);
}


static bool open_gate;


static void wait_at_gate(void *arg)
{
	(void)arg;
	by_mutex_lock(&mutex);
	while (!open_gate)
		by_condition_wait(&condition, &mutex);
	counter++;
	by_mutex_unlock(&mutex);
}


TEST(broadcast_wakes_all)
{
	pthread_t thread[THREADS];

	begin();
	open_gate = false;
	by_condition_init(&condition);
	for (unsigned i = 0; i < THREADS; i++)
		thread[i] = fake_spawn(0, wait_at_gate, NULL);
	while (fake_count(BY_CALL_PARK) < THREADS)
		sched_yield();
	by_mutex_lock(&mutex);
	open_gate = true;
	by_condition_broadcast(&condition);
	by_mutex_unlock(&mutex);
	for (unsigned i = 0; i < THREADS; i++)
		fake_join(thread[i]);
	CHECK_EQ(counter, THREADS);
}


TEST(condition_times_out_with_the_mutex)
{
	begin();
	fake.auto_time = true;
	by_condition_init(&condition);
	by_mutex_lock(&mutex);
	CHECK_EQ(by_condition_wait_until(&condition, &mutex, fake.now + 100), BY_TIMEOUT);
	CHECK(!by_mutex_try(&mutex));
	by_condition_signal(&condition); /* nobody is in the queue any more */
	by_mutex_unlock(&mutex);
}


/* A token left over from elsewhere ends no wait. */

static void unpark_main(void *arg)
{
	(void)arg;
	by_stub_control->missing = false;
	for (unsigned i = 0; i < 20; i++) {
		struct by_call call = { .op = BY_CALL_UNPARK, .cap = 6 };
		by_call(&call);
		sched_yield();
	}
	by_semaphore_up(&semaphore);
}


TEST(stray_tokens_are_harmless)
{
	begin();
	by_semaphore_init(&semaphore, 0);
	pthread_t const thread = fake_spawn(0, unpark_main, NULL);
	by_semaphore_down(&semaphore);
	fake_join(thread);
	CHECK_EQ(semaphore.count, 0);
}


/* Clock */

TEST(ticks_convert_both_ways)
{
	begin(); /* the model's clock has 10^9 ticks per second */
	CHECK_EQ(by_us_of_ticks(0), 0);
	CHECK_EQ(by_us_of_ticks(999), 0);
	CHECK_EQ(by_us_of_ticks(1000000), 1000);
	for (uint64_t us = 1; us < (uint64_t)1 << 50; us = us * 7 + 3) {
		uint64_t const ticks = by_ticks_of_us(us);
		CHECK(ticks >= us * 1000 && ticks <= us * 1000 + us / 1000000);
		uint64_t const back = by_us_of_ticks(us * 1000);
		CHECK(back >= us && back <= us + us / 1000000000);
	}
}


TEST(sleeping_takes_its_time)
{
	begin();
	fake.auto_time = true;
	by_ticks_t const before = fake.now;
	by_sleep_us(250);
	CHECK(fake.now - before >= 250000 && fake.now - before < 251000);
}
