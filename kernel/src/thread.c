/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads: blocking and going on, pausing, moving, and their end.
 */
#include "thread.h"
#include "cap.h"
#include "endpoint.h"
#include "panic.h"
#include "sched.h"
#include <arch/clock.h>
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
	struct endpoint *callee;

	/* other CPUs change what is read here: each field is read once, the state first */
	switch (atomic_load(&thread->state)) {
	case THREAD_QUEUED:
	case THREAD_SERVED:
	case THREAD_FAULTING:
		callee = atomic_load(&thread->callee);
		return callee ? atomic_load(&callee->thread) : NULL;
	case THREAD_PARKED:
		return atomic_load(&thread->owner);
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

void thread_leave_owner(struct thread *thread)
{
	if (!thread->owner)
		return;

	ring_remove(&thread->owner->parkers, &thread->park_link);
	atomic_store(&thread->owner, (struct thread *)NULL); /* thread_blocker() */
}


/** Leave the parked state; on the thread's CPU. */
static void park_end(struct thread *thread, status_t status)
{
	struct thread *owner = thread->owner;

	timeout_clear(&thread->timeout);
	thread_leave_owner(thread);
	if (owner)
		sched_check_passive(owner);
	thread_set_status(thread, status);
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


/** Let the owner run on the time of a thread that parks; on one CPU only. */
static void donate_park(struct thread *thread, struct thread *owner)
{
	if (atomic_load(&owner->cpu) != thread->cpu)
		return;

	/* from now on it stays: it executes nowhere, and nobody else takes it */
	ipc_pin(owner);
	if (atomic_load(&owner->cpu) != thread->cpu || owner->detached)
		return;

	thread->owner = owner;
	ring_push_back(&owner->parkers, &thread->park_link);
}


void thread_park(struct thread *thread, struct thread *owner, ticks_t deadline)
{
	if (owner && thread_chain_closes(thread, owner)) {
		thread_set_status(thread, BY_DEADLOCK);
		return;
	}
	if (thread->token) {
		thread->token = false;
		thread_set_status(thread, BY_OK);
		return;
	}
	if (owner)
		donate_park(thread, owner);
	thread->timeout.deadline = deadline;
	atomic_store(&thread->state, (uint8_t)THREAD_PARKED); /* thread_blocker() */
	thread->cpu->resched = true;
	timeout_set(&thread->timeout, deadline);

	/* as for calls, a cycle can be closed by several CPUs at once */
	atomic_full_fence(); /* pairs with the one of call_queued() */
	if (thread->owner && thread_chain_closes(thread, thread->owner))
		park_end(thread, BY_DEADLOCK);
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
	for (unsigned i = 0; i < DISOWN_BATCH && !ring_empty(&thread->parkers); i++)
		thread_leave_owner(container_of(thread->parkers.first, struct thread, park_link));

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


/** Whether a request is not under way: a late one would undo what comes after it. */
static bool answered(struct thread const *thread, uint32_t what)
{
	return !(atomic_load(&thread->poke) & (what | POKE_BUSY)); /* pairs with cpu_unclaim() */
}


bool thread_stop(struct thread *thread)
{
	if (thread->paused)
		return answered(thread, POKE_STOP);

	ipc_pin(thread);
	if (atomic_load(&thread->cpu) != smp_self()) {
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


void thread_save_fpu(struct thread *thread)
{
	struct cpu *cpu = smp_self();

	if (thread->fpu && cpu->fpu == thread->fpu) {
		fpu_switch(thread->fpu, NULL);
		cpu->fpu = NULL;
	}
}


/** Leave the scheduler; on the thread's CPU. */
static void detach(struct thread *thread)
{
	struct cpu *cpu = thread->cpu;

	sched_remove(thread);
	bool done = disown_parkers(thread);
	thread_save_fpu(thread);
	if (!done)
		return;

	struct thread *blocker = thread_blocker(thread);

	/* it can come back on another CPU, where it cannot donate to an owner of this one */
	thread_leave_owner(thread);
	atomic_store(&thread->detached, true); /* pairs with thread_detach() */

	/* whoever ran on its time has to do with less */
	if (blocker && atomic_load(&blocker->cpu) == cpu)
		sched_wake(blocker);
}


static bool thread_detach(struct thread *thread)
{
	if (thread->detached)
		return answered(thread, POKE_DETACH);

	ipc_pin(thread);
	if (atomic_load(&thread->cpu) != smp_self()) {
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
	/* the park that expired can have ended otherwise, and another one begun */
	if (what & POKE_EXPIRE && thread->state == THREAD_PARKED && !thread->timeout.cpu
	    && thread->timeout.deadline <= clock_now())
		park_end(thread, BY_TIMEOUT);
	if (what & POKE_WAKE && !thread->detached)
		sched_wake(thread);
	if (what & POKE_ARRIVE)
		sched_arrived(thread);
}


bool thread_bind(struct thread *thread, struct share *share)
{
	if (!thread_detach(thread) || !cpu_claim(thread))
		return false;

	if (thread->share)
		ring_remove(&thread->share->threads, &thread->share_link);
	atomic_store(&thread->share, share); /* pairs with sched_priority() */
	if (share) {
		ring_push_back(&share->threads, &thread->share_link);
		atomic_store(&thread->cpu, share->cpu);
		atomic_store(&thread->detached, false); /* after its CPU, see stall_chain() */
	}
	cpu_unclaim(thread);

	if (share && share->cpu == smp_self())
		sched_arrived(thread);
	else if (share)
		cpu_poke(thread, POKE_ARRIVE);

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

	/* callers can be left from the last attempt */
	struct endpoint *ep = thread->ep ? thread->ep : thread->former_ep;
	if (ep && !endpoint_orphan(ep, td))
		return false;
	if (!thread_detach(thread))
		return false;

	thread->state = THREAD_INACTIVE;
	timeout_clear(&thread->timeout);

	return true;
}


bool thread_destroy(struct thread *thread, struct teardown *td)
{
	object_kill(&thread->obj);
	if (!thread_expel(thread, td))
		return false;
	if (thread->pd)
		ring_remove(&thread->pd->threads, &thread->pd_link);
	thread->pd = NULL;
	if (thread->share)
		ring_remove(&thread->share->threads, &thread->share_link);
	thread->share = NULL;
	if (!object_unlink(&thread->obj, td))
		return false;

	/* who poked it last has left the kernel, its CPU may not even have looked */
	return object_quiesced(&thread->obj, 1) && answered(thread, ~0u);
}
