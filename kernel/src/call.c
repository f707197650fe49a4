/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * User calls. Everything in them comes from outside and is checked.
 */
#include "kernel.h"
#include "cap.h"
#include "endpoint.h"
#include "irq.h"
#include "sched.h"
#include <arch/clock.h>

enum { WORD_BITS = 8 * sizeof(word_t) };


/** A (64) argument that begins at message word 'i'. */
static uint64_t argument64(struct thread const *thread, unsigned i)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += WORD_BITS)
		value |= (uint64_t)frame_word(&thread->frame, i++) << shift;

	return value;
}


/** Return a (64) result from message word 'i' on; the word after it. */
static unsigned result64(struct thread *thread, unsigned i, uint64_t value)
{
	for (unsigned shift = 0; shift < 64; shift += WORD_BITS)
		frame_set_word(&thread->frame, i++, (word_t)(value >> shift));

	return i;
}


static struct object *argument_object(struct thread const *thread, enum by_object_type type)
{
	return cap_lookup(thread->pd, frame_cap(&thread->frame), type);
}


static struct signal *argument_signal(struct thread const *thread)
{
	struct object *object = argument_object(thread, BY_OBJECT_SIGNAL);

	return object ? container_of(object, struct signal, part.obj) : NULL;
}


static void call_null(struct thread *thread)
{
	thread_set_status(thread, BY_OK);
}


static void call_ipc_call(struct thread *thread)
{
	ipc_call(thread);
}


static void call_ipc_wait(struct thread *thread)
{
	ipc_wait(thread, frame_op(&thread->frame));
}


static void call_signal(struct thread *thread)
{
	struct signal *signal = argument_signal(thread);
	word_t         count  = frame_tag(&thread->frame);

	thread_set_status(thread, signal ? BY_OK : BY_BAD_CAP);
	if (signal)
		signal_submit(signal, count);
}


static void call_timeout(struct thread *thread)
{
	struct signal *signal = argument_signal(thread);
	word_t         badge;

	if (!signal) {
		thread_set_status(thread, BY_BAD_CAP);
	} else if (object_kind(&signal->part.obj, thread->pd, &badge) != BY_CAP_OWN) {
		thread_set_status(thread, BY_DENIED);
	} else {
		thread_set_status(thread, BY_OK);
		timeout_set(&signal->timeout, argument64(thread, 0));
		thread->cpu->resched = true; /* sets the hardware timer */
	}
}


static void call_irq_ack(struct thread *thread)
{
	struct object *object = argument_object(thread, BY_OBJECT_IRQ);

	thread_set_status(thread, object ? BY_OK : BY_BAD_CAP);
	if (object)
		irq_ack(container_of(object, struct irq, obj));
}


/** Another thread of the caller's PD, named by the capability argument. */
static struct thread *argument_sibling(struct thread const *thread)
{
	struct object *object = argument_object(thread, BY_OBJECT_THREAD);
	struct thread *other  = object ? container_of(object, struct thread, obj) : NULL;

	return other && other->pd == thread->pd ? other : NULL;
}


static void call_park(struct thread *thread)
{
	struct thread *owner = NULL;

	if (frame_cap(&thread->frame)) {
		owner = argument_sibling(thread);
		if (!owner) {
			thread_set_status(thread, BY_BAD_CAP);
			return;
		}
	}
	thread_park(thread, owner, argument64(thread, 0));
}


static void call_unpark(struct thread *thread)
{
	struct thread *other = argument_sibling(thread);

	thread_set_status(thread, other ? BY_OK : BY_BAD_CAP);
	if (other)
		thread_unpark(other);
}


static void call_yield(struct thread *thread)
{
	thread_set_status(thread, BY_OK);
	sched_yield(thread->cpu);
}


static void call_cap_drop(struct thread *thread)
{
	bool dropped = cap_drop(thread->pd, frame_cap(&thread->frame));

	thread_set_status(thread, dropped ? BY_OK : BY_BAD_CAP);
}


static void call_cap_info(struct thread *thread)
{
	struct object *object = cap_object(thread->pd, frame_cap(&thread->frame));
	word_t kind = BY_CAP_NONE, badge = 0;

	if (object)
		kind = object_kind(object, thread->pd, &badge);
	if (kind == BY_CAP_DEAD)
		kind = BY_CAP_NONE;
	frame_set_word(&thread->frame, 0, kind);
	frame_set_word(&thread->frame, 1, badge);
	thread_set_status(thread, BY_OK);
}


static void call_tls_set(struct thread *thread)
{
	word_t value = frame_cap(&thread->frame);

	if (value > BY_USER_LAST) {
		thread_set_status(thread, BY_INVALID);
		return;
	}
	*thread_tls(thread) = value;
	thread_set_status(thread, BY_OK);
}


static void call_clock(struct thread *thread)
{
	unsigned next = result64(thread, 0, clock_now());

	result64(thread, next, clock_frequency());
	thread_set_status(thread, BY_OK);
}


static void (*const user_calls[])(struct thread *) = {
#define USER_CALL(NAME, name, number, args, results, doc) [number] = call_##name,
	BY_USER_CALLS(USER_CALL)
#undef USER_CALL
};


void kernel_call(struct cpu *cpu)
{
	struct thread *thread = cpu->current;
	word_t         number = frame_op(&thread->frame) & 0xff;

	if (likely(number < ARRAY_SIZE(user_calls)))
		user_calls[number](thread);
	else if (number >= BY_CORE_CALL_FIRST && thread->pd == core_pd)
		core_call(thread, (unsigned)number);
	else
		thread_fault(thread, BY_FAULT_CALL, number, 0);
}
