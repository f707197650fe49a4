/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads; see by/thread.h for the stack area.
 *
 *     end:  0 ──join──> slot of who joins ──end──> ENDED
 *           0 ──────────────end──────────────────> ENDED
 */
#include "thread.h"
#include "bitmap.h"
#include "env.h"
#include "page.h"
#include <by/assert.h>
#include <by/cap.h>
#include <by/ipc.h>
#include <by/kernel.h>
#include <by/string.h>

enum { WORDS = BY_THREADS / BITMAP_BITS };

/* Slots of the stack area that are free; the main thread's is not. */
static by_atomic_u32 free_slots[WORDS] = {
	{ UINT32_MAX - 1 }, [1 ... WORDS - 1] = { UINT32_MAX }
};


void by_control_init(struct by_control *control, struct by_thread *thread)
{
	*control = (struct by_control){
		.self    = control,
		.message = thread->message,
		.thread  = thread,
		.cap     = thread->cap.slot,
		.missing = true,
	};
}


struct by_thread *by_thread_self(void)
{
	return by_control()->thread;
}


char const *by_thread_name(void)
{
	return by_thread_self()->name;
}


/* Allocate the stack and attach it at its place. */
static by_status_t attach_stack(struct by_thread *thread, size_t size)
{
	struct by_env *const env  = thread->env;
	by_word_t      const base = by_stack_top(thread->index) - size;
	uint64_t             at;

	by_status_t status = page_ram(&env->pd, size, &thread->stack);
	if (status != BY_OK)
		return status;

	status = by_region_map_attach(&env->space, thread->stack, 0, 0, base,
	                              BY_ATTACH_WRITE | BY_ATTACH_AT, &at);
	if (status == BY_OK)
		thread->stack_base = base;

	return status;
}


static by_status_t create(struct by_thread *thread, struct by_thread_args const *args,
                          size_t stack_size)
{
	struct by_env *const env     = thread->env;
	by_word_t      const message = by_stack_message(thread->index);
	void          *const page    = (char *)message;
	by_status_t          status  = attach_stack(thread, stack_size);

	if (status != BY_OK)
		return status;

	thread->message = page;

	return by_cpu_thread_create(thread->cpu, env->pd.session.cap, thread->name, message,
	                            args->passive, &thread->cap);
}


by_status_t by_thread_create(struct by_env *env, struct by_thread *thread,
                             struct by_thread_args const *args)
{
	size_t const size  = args->stack_size ? args->stack_size : BY_STACK_DEFAULT;
	size_t const whole = page_ceil(size);
	unsigned     index;

	*thread = (struct by_thread){ .entry = args->entry, .arg = args->arg };
	if (size > BY_STACK_MAX)
		return BY_INVALID;
	if (!bitmap_take(free_slots, WORDS, 0, &index))
		return BY_NO_SPACE;

	thread->env   = env;
	thread->cpu   = args->cpu ? args->cpu : &env->cpu;
	thread->index = index;
	(void)!by_strcopy(thread->name, sizeof(thread->name), args->name);
	by_status_t const status = create(thread, args, whole);
	if (status != BY_OK)
		by_thread_destroy(thread);

	return status;
}


by_status_t by_thread_run(struct by_thread *thread)
{
	return by_cpu_start(thread->cpu, thread->cap, (by_word_t)by_thread_start,
	                    by_stack_top(thread->index), (by_word_t)thread);
}


void by_thread_body(struct by_thread *thread)
{
	thread->entry(thread);
	by_thread_exit();
}


/* Slots that the thread named and that were not filled, when it does IPC no more. */
static void free_named(struct by_message *message)
{
	for (unsigned i = 0; i < BY_MSG_CAPS; i++) {
		by_cap_t const slot = { (uint32_t)message->recv_slot[i] };

		message->recv_slot[i] = 0;
		by_cap_drop(slot);
	}
}


void by_thread_exit(void)
{
	struct by_thread *thread = by_thread_self();

	uint32_t const joiner = by_atomic_exchange(&thread->end, BY_THREAD_ENDED); /* join */
	if (joiner)
		by_unpark((by_cap_t){ joiner });
	for (;;)
		by_park(BY_NO_CAP, BY_NEVER);
}


void by_thread_join(struct by_thread *thread)
{
	uint32_t const self = (uint32_t)by_control()->cap;

	by_atomic_cas(&thread->end, 0, self); /* pairs with by_thread_exit() */
	while (by_atomic_load_acquire(&thread->end) != BY_THREAD_ENDED) /* by_thread_exit() */
		by_park(thread->cap, BY_NEVER);
}


/* Stop and destroy the kernel's thread, and the slots that it had named. */
static void destroy_thread(struct by_thread *thread)
{
	struct by_cpu *const cpu = thread->cpu;

	by_status_t status = by_cpu_pause(cpu, thread->cap);
	BY_ASSERT(status == BY_OK);
	free_named(thread->message);
	status = by_cpu_thread_destroy(cpu, thread->cap);
	BY_ASSERT(status == BY_OK);
	by_cap_drop(thread->cap);
}


static void free_stack(struct by_thread *thread)
{
	by_status_t const status = by_pd_ram_free(&thread->env->pd, thread->stack);

	BY_ASSERT(status == BY_OK);
	by_cap_drop(thread->stack);
}


void by_thread_destroy(struct by_thread *thread)
{
	if (!thread->env)
		return;

	BY_ASSERT(thread != by_thread_self());
	if (by_cap_valid(thread->cap))
		destroy_thread(thread);
	if (by_cap_valid(thread->stack))
		free_stack(thread);
	bitmap_put(free_slots, thread->index);
	*thread = (struct by_thread){ .cap = BY_NO_CAP };
}
