/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads: blocking and going on, pausing, moving, and their end.
 */
#include "thread.h"
#include "cap.h"
#include "endpoint.h"
#include "panic.h"
#include "sched.h"
#include <arch/fpu.h>

enum { DISOWN_BATCH = 64 };


void thread_init(struct thread *thread, word_t id, struct pd *pd, struct by_message *msg,
                 bool passive)
{
	memset(thread, 0, sizeof(*thread));
	object_init(&thread->obj, BY_OBJECT_THREAD, id);
	thread->pd           = pd;
	thread->msg          = msg;
	thread->passive      = passive;
	thread->cpu          = smp_self();
	thread->detached     = true;
	thread->timeout.kind = TIMEOUT_PARK;
	list_init(&thread->stalled);
	ring_push_back(&pd->threads, &thread->pd_link);
}


struct thread *thread_blocker(struct thread const *thread)
{
	switch (thread->state) {
	case THREAD_QUEUED:
	case THREAD_SERVED:
	case THREAD_FAULTING:
		return thread->callee ? thread->callee->thread : NULL;
	case THREAD_PARKED:
		return thread->owner;
	default:
		return NULL;
	}
}


void thread_ready(struct thread *thread)
{
	if (atomic_load(&thread->cpu) == smp_self())
		sched_wake(thread);
	else
		cpu_poke(thread, POKE_WAKE);
}


/*
 * Faults
 */

void thread_fault(struct thread *thread, enum by_fault_cause cause, word_t address,
                  unsigned access)
{
	ASSERT(thread->pd != core_pd);

	thread->fault[BY_FAULT_WORD_CAUSE]   = (word_t)cause | (word_t)access << 8;
	thread->fault[BY_FAULT_WORD_ADDRESS] = address;
	thread->fault[BY_FAULT_WORD_IP]      = frame_ip(&thread->frame);
	thread->fault[BY_FAULT_WORD_SP]      = frame_sp(&thread->frame);
	ipc_fault(thread);
}


/*
 * Parking
 */

/** Leave the parked state; on the thread's CPU. */
static void park_end(struct thread *thread, status_t status)
{
	struct thread *owner = thread->owner;

	timeout_clear(&thread->timeout);
	if (owner) {
		ring_remove(&owner->parkers, &thread->park_link);
		thread->owner = NULL;
		sched_check_passive(owner);
	}
	frame_set_tag(&thread->frame, (word_t)status);
	atomic_store(&thread->state, (uint8_t)THREAD_READY); /* thread_runnable() */
	sched_wake(thread);
}


bool thread_chain_closes(struct thread const *thread, struct thread const *from)
{
	unsigned count = thread->depth;

	for (; from; from = thread_blocker(from))
		if (from == thread || ++count > CHAIN_LIMIT)
			return true;

	return false;
}


void thread_park(struct thread *thread, struct thread *owner, ticks_t deadline)
{
	if (owner && thread_chain_closes(thread, owner)) {
		frame_set_tag(&thread->frame, (word_t)(uintptr_t)BY_DEADLOCK);
		return;
	}
	if (thread->token) {
		thread->token = false;
		frame_set_tag(&thread->frame, (word_t)(uintptr_t)BY_OK);
		return;
	}
	/* time is donated on one CPU only */
	if (owner && owner->cpu == thread->cpu) {
		thread->owner = owner;
		ring_push_back(&owner->parkers, &thread->park_link);
	}
	thread->state        = THREAD_PARKED;
	thread->cpu->resched = true;
	timeout_set(&thread->timeout, deadline);
}


static void unpark_local(struct thread *thread)
{
	if (thread->state == THREAD_PARKED)
		park_end(thread, BY_OK);
	else
		thread->token = true;
}


void thread_unpark(struct thread *thread)
{
	if (atomic_load(&thread->cpu) == smp_self())
		unpark_local(thread);
	else
		cpu_poke(thread, POKE_UNPARK);
}


void thread_park_timeout(struct thread *thread)
{
	if (atomic_load(&thread->cpu) != smp_self())
		cpu_poke(thread, POKE_EXPIRE);
	else if (thread->state == THREAD_PARKED)
		park_end(thread, BY_TIMEOUT);
}


/** Let nobody park on the time of this thread; they stay parked. False if some are left. */
static bool disown_parkers(struct thread *thread)
{
	for (unsigned i = 0; i < DISOWN_BATCH && !ring_empty(&thread->parkers); i++) {
		struct thread *parker = container_of(thread->parkers.first, struct thread,
		                                     park_link);
		ring_remove(&thread->parkers, &parker->park_link);
		parker->owner = NULL;
	}

	return ring_empty(&thread->parkers);
}


/*
 * Control from outside
 */

bool thread_abort(struct thread *thread, status_t status)
{
	switch (atomic_load(&thread->state)) {
	case THREAD_PARKED:
		if (atomic_load(&thread->cpu) == smp_self())
			park_end(thread, status);
		else
			cpu_poke(thread, POKE_CANCEL);
		return true;
	case THREAD_QUEUED:
	case THREAD_SERVED:
	case THREAD_WAITING:
		return ipc_abort(thread, status);
	default:
		return false;
	}
}


bool thread_stop(struct thread *thread)
{
	if (atomic_load(&thread->paused)) /* pairs with thread_poked() */
		return true;

	if (thread->cpu != smp_self()) {
		cpu_poke(thread, POKE_STOP);
		return false;
	}
	thread->paused       = true;
	thread->cpu->resched = true;

	return true;
}


void thread_resume(struct thread *thread)
{
	if (!thread->paused)
		return;

	atomic_store(&thread->paused, false);
	if (thread->state == THREAD_READY)
		thread_ready(thread);
}


/** Leave the scheduler; on the thread's CPU. */
static void detach(struct thread *thread)
{
	struct cpu *cpu = thread->cpu;

	sched_remove(thread);
	bool done = disown_parkers(thread);
	if (thread->fpu && cpu->fpu == thread->fpu) {
		fpu_switch(thread->fpu, NULL);
		cpu->fpu = NULL;
	}
	if (!done)
		return;

	atomic_store(&thread->detached, true); /* pairs with thread_detach() */

	/* whoever ran on its time has to do with less */
	struct thread *blocker = thread_blocker(thread);
	if (blocker && atomic_load(&blocker->cpu) == cpu)
		sched_wake(blocker);
}


static bool thread_detach(struct thread *thread)
{
	if (atomic_load(&thread->detached)) /* pairs with detach() */
		return true;

	if (thread->cpu != smp_self()) {
		cpu_poke(thread, POKE_DETACH);
		return false;
	}
	detach(thread);

	return thread->detached;
}


void thread_poked(struct thread *thread, uint32_t what)
{
	if (what & POKE_STOP) {
		atomic_store(&thread->paused, true); /* pairs with thread_stop() */
		thread->cpu->resched = true;
	}
	if (what & POKE_DETACH)
		detach(thread);
	if (what & POKE_UNPARK)
		unpark_local(thread);
	if (what & POKE_CANCEL && thread->state == THREAD_PARKED)
		park_end(thread, BY_CANCELLED);
	if (what & POKE_EXPIRE && thread->state == THREAD_PARKED)
		park_end(thread, BY_TIMEOUT);
	if (what & POKE_WAKE && !thread->detached)
		sched_wake(thread);
}


bool thread_bind(struct thread *thread, struct share *share)
{
	if (!thread_detach(thread))
		return false;

	if (thread->share)
		ring_remove(&thread->share->threads, &thread->share_link);
	thread->share = share;
	if (!share)
		return true;

	ring_push_back(&share->threads, &thread->share_link);
	atomic_store(&thread->cpu, share->cpu);
	atomic_store(&thread->detached, false);
	thread_ready(thread);

	return true;
}


bool thread_expel(struct thread *thread, struct teardown *td)
{
	if (!thread_stop(thread))
		return false;

	/* a transition under way on another CPU settles before the next attempt */
	thread_abort(thread, BY_CANCELLED);
	ipc_drop_fault(thread);
	uint8_t state = atomic_load(&thread->state);
	if (state != THREAD_READY && state != THREAD_INACTIVE && state != THREAD_FAULTED)
		return false;

	if (thread->ep && !endpoint_orphan(thread->ep, td))
		return false;
	if (!thread_detach(thread))
		return false;

	thread->state = THREAD_INACTIVE;
	timeout_clear(&thread->timeout);

	return true;
}


bool thread_destroy(struct thread *thread, struct teardown *td)
{
	enum { KILLED = 1, EXPELLED, UNLINKED };

	switch (thread->obj.step) {
	case 0:
		object_kill(&thread->obj);
		thread->obj.step = KILLED; /* fall through */
	case KILLED:
		if (!thread_expel(thread, td))
			return false;
		if (thread->pd)
			ring_remove(&thread->pd->threads, &thread->pd_link);
		thread->pd = NULL;
		if (thread->share)
			ring_remove(&thread->share->threads, &thread->share_link);
		thread->share    = NULL;
		thread->obj.step = EXPELLED; /* fall through */
	case EXPELLED:
		if (!object_unlink(&thread->obj, td))
			return false;
		thread->obj.step = UNLINKED; /* fall through */
	default:
		return cpu_quiesced(&thread->obj.ticket);
	}
}
