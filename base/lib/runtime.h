/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the runtime know of each other and users do not.
 */
#ifndef BASE_LIB_RUNTIME_H
#define BASE_LIB_RUNTIME_H

#include <by/alloc.h>
#include <by/arch/tls.h>
#include <by/env.h>
#include <by/region.h>
#include <by/types.h>

struct by_endpoint;
struct by_target;
struct by_thread;

/** The only one; for functions that get none. */
extern struct by_env by_the_env;

/** The component's own protection domain, for functions that get no environment. */
static inline struct by_pd *by_own_pd(void)
{
	return &by_the_env.pd;
}

/** Address of the message page of a slot in the stack area, and end of its stack. */
static inline by_word_t by_stack_message(unsigned index)
{
	return BY_STACK_AREA + (index + 1) * BY_STACK_SLOT - 4096;
}

static inline by_word_t by_stack_top(unsigned index)
{
	return by_stack_message(index) - 4096;
}

/** Tell the calling thread's control block who it is. */
void by_control_init(struct by_control *control, struct by_thread *thread);

/** Where threads other than the main one start. */
void by_thread_start(void);

/** What a thread does after its start. */
void by_thread_body(struct by_thread *thread) __attribute__((noreturn));

/** Begin with the slots that a new table has. */
void by_slots_init(void);

/** Begin without badges. */
void by_badges_init(void);

/** Give 'target' a badge. Errors: BY_OUT_OF_RAM, BY_OUT_OF_CAPS. */
BY_MUST_USE by_status_t by_badge_alloc(struct by_target *target);

/** Take the badge back; requests and signals that carry it are dropped. */
void by_badge_free(struct by_target *target);

/** What a badge stands for, NULL if nothing any more. */
struct by_target *by_badge_find(by_word_t badge);

/** Begin with an empty heap over RAM of the component's account. */
struct by_alloc *by_heap_start(void);

/** Make the endpoint of the main thread. */
BY_MUST_USE by_status_t by_endpoint_begin(struct by_endpoint *endpoint, struct by_env *env);

/** Handle what arrives, until the endpoint is stopped. */
void by_endpoint_serve(struct by_endpoint *endpoint);

/** Whether the calling thread runs a handler. */
bool by_in_handler(void);

/** Begin without sessions. */
void by_session_start(void);

/** component_main() has returned: nothing may block any more. */
void by_session_end_of_main(void);

#endif
