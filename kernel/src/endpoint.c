/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Life and death of endpoints, gates and signals.
 */
#include "endpoint.h"
#include "cap.h"
#include "cpu.h"
#include "irq.h"
#include "panic.h"
#include "thread.h"


void endpoint_init(struct endpoint *ep, word_t id, struct thread *thread)
{
	memset(ep, 0, sizeof(*ep));
	object_init(&ep->obj, BY_OBJECT_ENDPOINT, id);
	ep->thread = thread;
	ep->pd     = thread->pd;
	thread->ep = ep;
}


static void part_init(struct part *part, enum by_object_type type, word_t id,
                      struct endpoint *ep, word_t badge)
{
	object_init(&part->obj, type, id);
	part->ep    = ep;
	part->badge = badge;
	ring_push_back(&ep->parts, &part->link);
}


void gate_init(struct gate *gate, word_t id, struct endpoint *ep, word_t badge)
{
	memset(gate, 0, sizeof(*gate));
	part_init(&gate->part, BY_OBJECT_GATE, id, ep, badge);
}


void signal_init(struct signal *signal, word_t id, struct endpoint *ep, word_t badge,
                 enum signal_class class)
{
	memset(signal, 0, sizeof(*signal));
	part_init(&signal->part, BY_OBJECT_SIGNAL, id, ep, badge);
	signal->class        = (uint8_t)class;
	signal->timeout.kind = TIMEOUT_SIGNAL;
}


/** Mark a part dead with its endpoint's lock held, so that nobody uses it any more. */
static void part_kill(struct part *part)
{
	struct endpoint *ep = part->ep;

	if (ep)
		lock_take(&ep->lock);
	object_kill(&part->obj);
	if (ep)
		lock_release(&ep->lock);
}


static void part_leave(struct part *part)
{
	if (part->ep)
		ring_remove(&part->ep->parts, &part->link);
	atomic_store(&part->ep, (struct endpoint *)NULL); /* pairs with part_pd(), ipc_call() */
}


/** Answer 'gone' to callers queued at 'ep': those through 'gate', or all if it is NULL. */
static bool drop_callers(struct endpoint *ep, struct gate *gate, struct teardown *td)
{
	while (td->budget) {
		if (!ipc_drop_caller(ep, gate))
			return true;
		td->budget--;
	}

	return false;
}


bool gate_destroy(struct gate *gate, struct teardown *td)
{
	part_kill(&gate->part);
	if (gate->part.ep && !drop_callers(gate->part.ep, gate, td))
		return false;
	if (!object_unlink(&gate->part.obj, td))
		return false;
	part_leave(&gate->part);

	return object_quiesced(&gate->part.obj, 1);
}


static void signal_withdraw(struct signal *signal)
{
	struct endpoint *ep = signal->part.ep;

	timeout_clear(&signal->timeout);
	if (signal->irq)
		irq_bind(signal->irq, NULL);
	if (!ep)
		return;

	lock_take(&ep->lock);
	if (link_used(&signal->link))
		ring_remove(&ep->signals[signal->class], &signal->link);
	signal->count = 0;
	lock_release(&ep->lock);
}


bool signal_destroy(struct signal *signal, struct teardown *td)
{
	if (!signal->part.obj.step) {
		part_kill(&signal->part);
		/* at once: its endpoint could go away before the next call */
		signal_withdraw(signal);
	}
	if (!object_quiesced(&signal->part.obj, 1))
		return false;
	/* nobody is on the way to arm its timeout any more */
	timeout_clear(&signal->timeout);
	if (!object_unlink(&signal->part.obj, td))
		return false;
	part_leave(&signal->part);

	return object_quiesced(&signal->part.obj, 2);
}


bool endpoint_orphan(struct endpoint *ep, struct teardown *td)
{
	struct thread *thread = ep->thread;

	if (thread) {
		ipc_orphan(ep, thread);
		ep->former        = thread;
		thread->former_ep = ep;
	}
	if (!drop_callers(ep, NULL, td))
		return false;

	if (ep->former)
		ep->former->former_ep = NULL;
	ep->former = NULL;

	return true;
}


/** Let gates and signals forget the endpoint; they are dead from now on. */
static bool drop_parts(struct endpoint *ep, struct teardown *td)
{
	while (!ring_empty(&ep->parts)) {
		struct part *part = container_of(ep->parts.first, struct part, link);

		if (!td->budget)
			return false;
		if (part->obj.type == BY_OBJECT_SIGNAL)
			signal_withdraw(container_of(part, struct signal, part));
		part_leave(part);
		td->budget--;
	}

	return true;
}


bool endpoint_destroy(struct endpoint *ep, struct teardown *td)
{
	lock_take(&ep->lock);
	object_kill(&ep->obj);
	lock_release(&ep->lock);

	return endpoint_orphan(ep, td) && drop_parts(ep, td) && object_unlink(&ep->obj, td)
	       && object_quiesced(&ep->obj, 1);
}
