/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the runtime knows of threads and users do not.
 */
#ifndef BASE_LIB_THREAD_H
#define BASE_LIB_THREAD_H

#include "page.h"
#include <by/arch/tls.h>
#include <by/thread.h>

/** Address of the message page of a slot in the stack area, and end of its stack. */
static inline by_word_t by_stack_message(unsigned index)
{
	return BY_STACK_AREA + (index + 1) * BY_STACK_SLOT - PAGE;
}

static inline by_word_t by_stack_top(unsigned index)
{
	return by_stack_message(index) - PAGE;
}

/** Tell the calling thread's control block who it is. */
void by_control_init(struct by_control *control, struct by_thread *thread);

/** Where threads other than the main one start: in start.S. */
void by_thread_start(void);

/** What a thread does after its start. */
void by_thread_body(struct by_thread *thread) __attribute__((noreturn));

#endif
