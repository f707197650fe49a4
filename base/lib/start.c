/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way from the first instruction of a thread to its function.
 *
 *     _start, by_thread_start (start.S)
 *       by_start_stack()     how much of the stack is left below the TLS area
 *       by_start()           TLS; then the main thread's work, or by_thread_body()
 */
#include "badge.h"
#include "cap.h"
#include "component_heap.h"
#include "endpoint.h"
#include "env.h"
#include "heartbeat.h"
#include "page.h"
#include "session.h"
#include "thread.h"
#include <by/clock.h>
#include <by/ipc.h>
#include <by/log.h>
#include <by/slots.h>
#include <by/status_name.h>
#include <by/string.h>

/* Made by the linker script: the TLS segment, and as addresses its sizes in bytes. */
extern char by_tls_start[], by_tls_file[], by_tls_size[], by_tls_align[];

extern uintptr_t __stack_chk_guard;

by_word_t by_start_stack(by_word_t top);
void by_start(struct by_thread *thread, by_word_t top) __attribute__((noreturn));

static struct by_thread main_thread = { .cap = { BY_SLOT_THREAD }, .name = "main" };


static struct by_tls layout(by_word_t top)
{
	return by_tls_layout(top, (size_t)by_tls_size, (size_t)by_tls_align);
}


by_word_t by_start_stack(by_word_t top)
{
	struct by_tls   tls     = layout(top);
	by_word_t const control = (by_word_t)tls.control;

	return (control < tls.block ? control : tls.block) & ~(by_word_t)15;
}


static void start_tls(struct by_thread *thread, by_word_t top)
{
	struct by_tls const tls   = layout(top);
	char         *const block = (char *)tls.block;

	/* the rest is zero, as nobody has used this stack before */
	memcpy(block, by_tls_start, (size_t)by_tls_file);
	by_control_init(tls.control, thread);
	tls.control->guard = __stack_chk_guard;
	by_tls_set(tls.pointer);
}


/* Different at each start, as far as the clock is. A zero byte stops strings. */
static uintptr_t random_guard(void)
{
	uint64_t mix = by_ticks() * 0x9e3779b97f4a7c15u;

	return (uintptr_t)(mix ^ mix >> 32) & ~(uintptr_t)0xff;
}


/* What the parent wants from the start; 'flags' are of enum by_start_flag. */
static by_status_t start_wanted(struct by_env *env, by_word_t flags)
{
	return flags & BY_START_HEARTBEAT ? by_heartbeat_start(env) : BY_OK;
}


static void start_main(by_word_t flags)
{
	static struct by_endpoint endpoint;
	struct by_env *const env = &by_the_env;

	by_slots_init();
	by_badges_init();
	by_session_start();
	env->heap     = by_heap_start();
	env->endpoint = &endpoint;

	by_status_t status = by_endpoint_begin(&endpoint, env);

	if (status == BY_OK)
		status = start_wanted(env, flags);
	if (status != BY_OK) {
		by_error("no main endpoint: %s", by_status_name(status));
		by_exit(env, -1);
	}
	component_main(env);
	by_session_end_of_main();
	by_endpoint_serve(&endpoint);
}


/* The main thread's argument is flags, which no address is as small as. */
void by_start(struct by_thread *thread, by_word_t top)
{
	by_word_t const flags = (by_word_t)thread;

	if (flags < PAGE) {
		void *const message = (char *)by_stack_message(0);

		__stack_chk_guard   = random_guard();
		main_thread.message = message;
		main_thread.env     = &by_the_env;
		start_tls(&main_thread, top);
		start_main(flags);
		by_thread_exit();
	}
	start_tls(thread, top);
	by_thread_body(thread);
}
