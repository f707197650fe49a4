/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mutex, semaphore and condition among threads, and that the owner of a mutex runs on
 * the time of who waits for it.
 */
#include <by/clock.h>
#include <by/condition.h>
#include <by/kernel.h>
#include <by/mutex.h>
#include <by/semaphore.h>
#include <by/thread.h>
#include <check.h>

enum { THREADS = 6, ROUNDS = 300 };

static struct by_env      *env;
static struct by_mutex     mutex;
static struct by_semaphore semaphore;
static struct by_condition not_empty, not_full;
static unsigned            inside, counter, highest, queue[4], queued, sum;
static by_atomic_u32       hog_stop, low_has_it, hog_runs, coming;
static struct by_thread    threads[THREADS];


static void start_threads(void (*entry)(struct by_thread *thread))
{
	static unsigned number[THREADS];

	for (unsigned i = 0; i < THREADS; i++) {
		struct by_thread_args const args = {
			.name = "locker", .entry = entry, .arg = &number[i],
		};
		number[i] = i;
		check_need(env, by_thread_create(env, &threads[i], &args), "thread");
		CHECK_STATUS(by_thread_run(&threads[i]), BY_OK);
	}
}


static void join_threads(void)
{
	for (unsigned i = 0; i < THREADS; i++) {
		by_thread_join(&threads[i]);
		by_thread_destroy(&threads[i]);
	}
}


static void run_threads(void (*entry)(struct by_thread *thread))
{
	start_threads(entry);
	join_threads();
}


static void exclude(struct by_thread *thread)
{
	(void)thread;
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_mutex_lock(&mutex);
		CHECK_EQ(inside, 0);
		inside++;
		if (i % 8 == 0)
			by_yield(); /* the others run into the mutex */
		counter++;
		inside--;
		by_mutex_unlock(&mutex);
	}
}


static void test_mutex(void)
{
	check_part("mutex");
	CHECK(by_mutex_try(&mutex));
	CHECK(!by_mutex_try(&mutex));
	by_mutex_unlock(&mutex);
	run_threads(exclude);
	CHECK_EQ(counter, THREADS * ROUNDS);
}


static void lock_once(struct by_thread *thread)
{
	(void)thread;
	by_atomic_fetch_add(&coming, 1);
	by_mutex_lock(&mutex);
	counter++;
	by_mutex_unlock(&mutex);
}


/* While we sleep nobody can help us, so that all of them wait at the same time. */
static void test_many_waiters(void)
{
	check_part("all who wait for a mutex go on");
	counter = 0;
	by_mutex_lock(&mutex);
	start_threads(lock_once);
	do
		by_sleep_us(500);
	while (by_atomic_load_acquire(&coming) < THREADS); /* lock_once() */
	by_sleep_us(500);
	CHECK_EQ(counter, 0);
	by_mutex_unlock(&mutex);
	join_threads();
	CHECK_EQ(counter, THREADS);
}


static void pass(struct by_thread *thread)
{
	(void)thread;
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_semaphore_down(&semaphore);
		by_mutex_lock(&mutex);
		inside++;
		highest = inside > highest ? inside : highest;
		by_mutex_unlock(&mutex);
		if (i % 8 == 0)
			by_yield();
		by_mutex_lock(&mutex);
		inside--;
		by_mutex_unlock(&mutex);
		by_semaphore_up(&semaphore);
	}
}


static void test_semaphore(void)
{
	check_part("semaphore");
	by_semaphore_init(&semaphore, 2);
	run_threads(pass);
	CHECK(highest <= 2 && highest > 0);
	CHECK_EQ(semaphore.count, 2);

	by_semaphore_init(&semaphore, 0);
	uint64_t const before = by_now_us();
	CHECK_STATUS(by_semaphore_down_until(&semaphore, by_deadline_us(10000)), BY_TIMEOUT);
	CHECK(by_now_us() - before >= 10000);
	by_semaphore_up(&semaphore);
	CHECK_STATUS(by_semaphore_down_until(&semaphore, by_deadline_us(10000)), BY_OK);
}


static void produce(void)
{
	for (unsigned i = 1; i <= ROUNDS; i++) {
		by_mutex_lock(&mutex);
		while (queued == sizeof(queue) / sizeof(queue[0]))
			by_condition_wait(&not_full, &mutex);
		queue[queued++] = i;
		by_condition_signal(&not_empty);
		by_mutex_unlock(&mutex);
	}
}


static void consume(void)
{
	for (unsigned i = 1; i <= ROUNDS; i++) {
		by_mutex_lock(&mutex);
		while (queued == 0)
			by_condition_wait(&not_empty, &mutex);
		sum += queue[--queued];
		by_condition_signal(&not_full);
		by_mutex_unlock(&mutex);
	}
}


static void trade(struct by_thread *thread)
{
	if (*(unsigned *)thread->arg % 2)
		produce();
	else
		consume();
}


static void test_condition(void)
{
	check_part("condition");
	by_condition_init(&not_empty);
	by_condition_init(&not_full);
	run_threads(trade);
	CHECK_EQ(queued, 0);
	CHECK_EQ(sum, THREADS / 2 * ROUNDS * (ROUNDS + 1) / 2);

	by_mutex_lock(&mutex);
	CHECK_STATUS(by_condition_wait_until(&not_empty, &mutex, by_deadline_us(5000)),
	             BY_TIMEOUT);
	CHECK(!by_mutex_try(&mutex));
	by_mutex_unlock(&mutex);
}


/*
 * Priorities: 'low' has the mutex, 'hog' keeps the CPU busy above it, and we, above
 * both, want the mutex. Low sees that hog runs, and gives the mutex back, only on our
 * time: if it did not get that, nobody would go on.
 */

static void low(struct by_thread *thread)
{
	(void)thread;
	by_mutex_lock(&mutex);
	by_atomic_store_release(&low_has_it, 1); /* test_inheritance() */
	while (!by_atomic_load_relaxed(&hog_runs)) { }
	by_mutex_unlock(&mutex);
}


static void hog(struct by_thread *thread)
{
	(void)thread;
	while (!by_atomic_load_acquire(&hog_stop)) /* test_inheritance() */
		by_atomic_store_relaxed(&hog_runs, 1);
}


static void start(struct by_thread *thread, char const *name, struct by_cpu *cpu,
                  void (*entry)(struct by_thread *thread))
{
	struct by_thread_args const args = { .name = name, .entry = entry, .cpu = cpu };

	check_need(env, by_thread_create(env, thread, &args), name);
	CHECK_STATUS(by_thread_run(thread), BY_OK);
}


static void test_inheritance(void)
{
	static struct by_thread  low_thread, hog_thread;
	struct by_cpu_args const low_args = { .priority = 2, .weight = BY_WEIGHT_DEFAULT };
	struct by_cpu_args const hog_args = { .priority = 4, .weight = BY_WEIGHT_DEFAULT };
	struct by_cpu            low_cpu, hog_cpu;

	check_part("priority inheritance");
	check_need(env, by_cpu_open(env, "low", &low_args, &low_cpu), "CPU session");
	check_need(env, by_cpu_open(env, "hog", &hog_args, &hog_cpu), "CPU session");
	start(&low_thread, "low", &low_cpu, low);
	while (!by_atomic_load_acquire(&low_has_it)) /* low() */
		by_sleep_us(100);
	start(&hog_thread, "hog", &hog_cpu, hog);
	for (unsigned i = 0; i < 1000 && !by_atomic_load_relaxed(&hog_runs); i++)
		by_sleep_us(100);
	CHECK(by_atomic_load_relaxed(&hog_runs)); /* otherwise this shows nothing, */
	CHECK(!by_mutex_try(&mutex));             /* and here, too */

	by_mutex_lock(&mutex);
	by_log("got the mutex while a more important thread was busy");
	by_mutex_unlock(&mutex);
	by_atomic_store_release(&hog_stop, 1); /* hog() */
	by_thread_join(&hog_thread);
	by_thread_join(&low_thread);
	by_thread_destroy(&hog_thread);
	by_thread_destroy(&low_thread);
	by_cpu_close(env, &low_cpu);
	by_cpu_close(env, &hog_cpu);
}


void component_main(struct by_env *the_env)
{
	env = the_env;
	test_mutex();
	test_many_waiters();
	test_semaphore();
	test_condition();
	test_inheritance();
	check_finish(env, "mutex");
}
