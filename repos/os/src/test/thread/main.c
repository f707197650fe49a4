/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads: stacks, join, destruction, pause and resume, names, limits.
 */
#include <by/atomic.h>
#include <by/cap.h>
#include <by/clock.h>
#include <by/ipc.h>
#include <by/kernel.h>
#include <by/string.h>
#include <by/thread.h>
#include <check.h>

enum { MANY = 24 };

static struct by_env *env;

struct worker {
	struct by_thread thread;
	by_atomic_u32    count;
	by_word_t        stack;   /* an address of it */
	void            *message;
	bool             named;
};

static struct worker workers[BY_THREADS];


static struct worker *worker_of(struct by_thread *thread)
{
	return thread->arg;
}


static by_status_t create(struct worker *worker, void (*entry)(struct by_thread *thread),
                          size_t stack_size)
{
	struct by_thread_args const args = {
		.name = "worker", .entry = entry, .arg = worker, .stack_size = stack_size,
	};

	return by_thread_create(env, &worker->thread, &args);
}


/* Fill most of the stack, do IPC, and look whether all is still there. */
static void use_stack(struct by_thread *thread)
{
	struct worker       *worker = worker_of(thread);
	unsigned char        memory[8000];
	struct by_pd_balance balance;
	by_cap_t             none;
	unsigned char const  mark = (unsigned char)thread->index;

	worker->stack   = (by_word_t)memory;
	worker->message = by_message();
	worker->named   = by_thread_self() == thread && !by_strcmp(by_thread_name(), "worker");
	memset(memory, mark, sizeof(memory));
	CHECK_STATUS(by_pd_ram_alloc(&env->pd, 0, BY_PD_CACHE_CACHED, 12, 0, &none),
	             BY_INVALID); /* a slot was named for what did not come */
	for (unsigned round = 0; round < 10; round++) {
		CHECK_STATUS(by_pd_account(&env->pd, &balance), BY_OK);
		by_yield();
		for (size_t i = 0; i < sizeof(memory); i += 101)
			if (((unsigned char volatile *)memory)[i] != mark)
				return;
		by_atomic_fetch_add(&worker->count, 1);
	}
}


static void test_many(void)
{
	unsigned const slots = by_slots_free();

	check_part("many threads at once");
	for (unsigned i = 0; i < MANY; i++)
		check_need(env, create(&workers[i], use_stack, 16384), "thread");
	for (unsigned i = 0; i < MANY; i++)
		CHECK_STATUS(by_thread_run(&workers[i].thread), BY_OK);
	for (unsigned i = 0; i < MANY; i++) {
		struct worker   *worker = &workers[i];
		by_word_t const  slot   = BY_STACK_AREA + worker->thread.index * BY_STACK_SLOT;

		by_thread_join(&worker->thread);
		CHECK_EQ(by_atomic_load_acquire(&worker->count), 10); /* join */
		CHECK(worker->named);
		CHECK(worker->thread.index > 0);
		CHECK(worker->stack > slot && worker->stack < slot + BY_STACK_SLOT);
		CHECK_EQ((by_word_t)worker->message, slot + BY_STACK_SLOT - 4096);
		by_thread_destroy(&worker->thread);
	}
	CHECK_EQ(by_slots_free(), slots);
}


static void spin(struct by_thread *thread)
{
	struct worker *worker = worker_of(thread);

	for (;;)
		by_atomic_fetch_add(&worker->count, 1);
}


static uint32_t count_of(struct worker *worker)
{
	return by_atomic_load_acquire(&worker->count); /* spin() */
}


static void test_pause(void)
{
	struct worker *worker = &workers[0];

	check_part("pause and resume");
	*worker = (struct worker){ .named = false };
	check_need(env, create(worker, spin, 0), "thread");
	CHECK_STATUS(by_thread_run(&worker->thread), BY_OK);
	while (count_of(worker) == 0)
		by_sleep_us(500);

	CHECK_STATUS(by_cpu_pause(&env->cpu, worker->thread.cap), BY_OK);
	uint32_t const before = count_of(worker);
	by_sleep_us(5000);
	CHECK_EQ(count_of(worker), before);

	unsigned char regs[BY_CPU_REGISTERS_REGS_MAX];
	size_t        len = 0;
	CHECK_STATUS(by_cpu_registers(&env->cpu, worker->thread.cap, regs, &len), BY_OK);
	CHECK_EQ(len, sizeof(struct by_regs));
	CHECK_STATUS(by_cpu_set_registers(&env->cpu, worker->thread.cap, regs, len), BY_OK);

	CHECK_STATUS(by_cpu_resume(&env->cpu, worker->thread.cap), BY_OK);
	for (unsigned i = 0; i < 1000 && count_of(worker) == before; i++)
		by_sleep_us(500);
	CHECK(count_of(worker) != before);
	CHECK_STATUS(by_cpu_registers(&env->cpu, worker->thread.cap, regs, &len), BY_BUSY);
	CHECK_STATUS(by_cpu_set_registers(&env->cpu, worker->thread.cap, regs, len), BY_BUSY);
	by_thread_destroy(&worker->thread); /* while it runs */
}


static void park(struct by_thread *thread)
{
	by_atomic_fetch_add(&worker_of(thread)->count, 1);
	for (;;)
		by_park(BY_NO_CAP, BY_NEVER);
}


static void test_cancel(void)
{
	struct worker *worker = &workers[0];

	check_part("destruction of blocked threads");
	for (unsigned i = 0; i < 20; i++) {
		*worker = (struct worker){ .named = false };
		check_need(env, create(worker, park, 4096), "thread");
		CHECK_STATUS(by_thread_run(&worker->thread), BY_OK);
		CHECK_STATUS(by_thread_run(&worker->thread), BY_EXISTS);
		while (count_of(worker) == 0)
			by_sleep_us(200);
		by_thread_destroy(&worker->thread);
	}
}


/* A thread more than the account or the stack area allows is refused, and no harm done. */
static void test_limit(bool again)
{
	struct by_pd_balance before, after;
	unsigned             count = 0;
	by_status_t          status;

	check_part("as many as possible");
	check_need(env, by_pd_account(&env->pd, &before), "account");
	while ((status = create(&workers[count], park, 4096)) == BY_OK && count + 1 < BY_THREADS)
		count++;
	by_log("%u threads, then %s", count, by_status_name(status));
	CHECK(count >= 20);
	CHECK(status == BY_OUT_OF_RAM || status == BY_OUT_OF_CAPS || status == BY_NO_SPACE);
	for (unsigned i = 0; i < count; i++)
		by_thread_destroy(&workers[i].thread);
	check_need(env, by_pd_account(&env->pd, &after), "account");
	CHECK_EQ(after.caps_used, before.caps_used);
	if (again) /* what the table of capabilities and core's records took before, stays */
		CHECK_EQ(after.ram_used, before.ram_used);
}


void component_main(struct by_env *the_env)
{
	env = the_env;
	test_many();
	test_pause();
	test_cancel();
	test_limit(false);
	test_limit(true);
	check_finish(env, "thread");
}
