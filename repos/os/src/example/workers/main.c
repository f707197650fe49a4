/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads that share a sum, on a processor session of their own; the main thread waits
 * for the first news, then for their end.
 */
#include <by/abi.h>
#include <by/env.h>
#include <by/log.h>
#include <by/mutex.h>
#include <by/semaphore.h>
#include <by/status_name.h>
#include <by/thread.h>

enum { WORKERS = 3, ROUNDS = 1000 };

static struct by_mutex     mutex; /* owns 'sum' */
static struct by_semaphore begun;
static unsigned long       sum;


static void work(struct by_thread *thread)
{
	unsigned const *const step = thread->arg;

	by_semaphore_up(&begun);
	for (unsigned i = 0; i < ROUNDS; i++) {
		by_mutex_lock(&mutex);
		sum += *step;
		by_mutex_unlock(&mutex);
	}
}


static by_status_t start(struct by_env *env, struct by_thread *thread, struct by_cpu *cpu,
                         unsigned *step)
{
	struct by_thread_args const args = {
		.name = "worker", .entry = work, .arg = step, .cpu = cpu,
	};

	by_status_t const status = by_thread_create(env, thread, &args);

	return status == BY_OK ? by_thread_run(thread) : status;
}


static by_status_t run(struct by_env *env, struct by_cpu *cpu)
{
	static struct by_thread threads[WORKERS];
	static unsigned         steps[WORKERS] = { 1, 10, 100 };

	for (unsigned i = 0; i < WORKERS; i++) {
		by_status_t const status = start(env, &threads[i], cpu, &steps[i]);

		if (status != BY_OK)
			return status;
	}
	by_semaphore_down(&begun);
	by_log("somebody has begun");
	for (unsigned i = 0; i < WORKERS; i++) {
		by_thread_join(&threads[i]);
		by_thread_destroy(&threads[i]);
	}

	return BY_OK;
}


void component_main(struct by_env *env)
{
	struct by_cpu_args const background = { .priority = 2, .weight = BY_WEIGHT_DEFAULT };
	struct by_cpu            cpu;

	by_semaphore_init(&begun, 0);

	by_status_t status = by_cpu_open(env, "background", &background, &cpu);
	if (status == BY_OK)
		status = run(env, &cpu);
	if (status != BY_OK) {
		by_error("no workers: %s", by_status_name(status));
		by_exit(env, 1);
	}
	by_cpu_close(env, &cpu);
	by_log("sum: %lu", sum);
	by_exit(env, 0);
}
