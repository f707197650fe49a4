/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scheduler.
 *
 * A share's queue holds the threads that can run or donate: those that are READY
 * and those that are blocked on another thread (a callee, the owner of a mutex,
 * core after a fault). To choose, the first thread of the most important share
 * is followed along the chain of blockers to the thread at its end, which then
 * runs on the first one's time. So priorities are inherited without being
 * computed, and a call that hands the CPU over to its callee changes no queue.
 *
 *     share.queue ── donor ──> blocker ──> ... ──> runs
 *
 * Queues are kept lazily. A queued thread that turns out to lead nowhere (its
 * chain ends at somebody who waits) is taken out when it is met: it stalls at its
 * blocker, the blocker at its own one, and so on. When a thread can go on, those
 * stalled at it go to 'cpu->released' and from there, with everything stalled at
 * them, back into their queues, before the next choice. Where a chain leads to another
 * CPU they wait in 'cpu->away' until some thread comes from there.
 *
 * A thread that executes on a donor's time need not be queued itself; it is put
 * there when it loses the CPU while it can run.
 */
#include "sched.h"
#include "endpoint.h"
#include "kernel.h"
#include "panic.h"
#include <arch/clock.h>
#include <arch/irqc.h>

enum {
	CREDIT_US = 250,           /* of a turn, per unit of weight */
	EXPIRE_BATCH = 16,
	CHAIN_MAX = 3 * CHAIN_LIMIT,
};


static int64_t share_turn(struct share const *share)
{
	return (int64_t)clock_frequency() / 1000000 * CREDIT_US * share->weight;
}


static struct share *cpu_first_share(struct cpu *cpu)
{
	if (!cpu->ready)
		return NULL;

	unsigned priority = 31u - (unsigned)__builtin_clz(cpu->ready);

	return container_of(cpu->shares[priority].first, struct share, link);
}


static void share_link(struct share *share)
{
	struct cpu *cpu = share->cpu;

	if (share->credit <= 0)
		share->credit = share_turn(share);
	ring_push_back(&cpu->shares[share->priority], &share->link);
	cpu->ready |= 1u << share->priority;
}


static void share_unlink(struct share *share)
{
	struct cpu  *cpu  = share->cpu;
	struct ring *ring = &cpu->shares[share->priority];

	ring_remove(ring, &share->link);
	if (ring_empty(ring))
		cpu->ready &= ~(1u << share->priority);
}


static void enqueue(struct thread *thread)
{
	struct share *share = thread->share;

	thread->place = SCHED_QUEUED;
	ring_push_back(&share->queue, &thread->sched_link);
	if (!link_used(&share->link))
		share_link(share);
}


static void dequeue(struct thread *thread)
{
	struct share *share = thread->share;

	ring_remove(&share->queue, &thread->sched_link);
	thread->place = SCHED_OUT;
	if (ring_empty(&share->queue))
		share_unlink(share);
}


static void stall(struct thread *thread, struct list *list)
{
	list_push_back(list, &thread->sched_link);
	thread->place = SCHED_STALLED;
}


static void unstall(struct thread *thread)
{
	list_remove(&thread->sched_link);
	thread->place = SCHED_OUT;
}


/** Whether somebody's time leads to a passive thread without its fallback share. */
static bool has_donor(struct thread const *thread)
{
	struct endpoint const *ep     = atomic_load(&thread->ep); /* pairs with ipc_orphan() */
	struct thread const   *client = atomic_load(&thread->client);

	if (!ring_empty(&thread->parkers))
		return true;

	return ep && (ep->fault || endpoint_local_caller(ep, thread->cpu)
	              || (client && atomic_load(&client->cpu) == thread->cpu
	                  && !client->detached));
}


/** Whether a thread belongs into its share's queue. */
static bool wants_queue(struct thread const *thread)
{
	if (thread->detached || thread->state == THREAD_INACTIVE
	    || thread->state == THREAD_WAITING
	    || thread->state == THREAD_FAULTED)
		return false;

	return !thread->passive || !has_donor(thread);
}


/**
 * Queue a thread that wants to be; a passive one has to go to the CPU of its fallback
 * share. Returns whom it is blocked on here, when its time does not reach him any more.
 */
static struct thread *enqueue_or_move(struct thread *thread)
{
	struct cpu *cpu = thread->cpu;

	if (likely(thread->share->cpu == cpu)) {
		enqueue(thread);
		return NULL;
	}
	struct thread *blocker = thread_blocker(thread);

	sched_move(thread, thread->share->cpu);

	return blocker && atomic_load(&blocker->cpu) == cpu ? blocker : NULL;
}


/** Wake a thread; returns another one to wake in consequence, or NULL. */
static struct thread *wake(struct thread *thread)
{
	struct cpu *cpu = thread->cpu;

	if (thread->place == SCHED_STALLED)
		unstall(thread);
	if (!list_empty(&thread->stalled)) {
		list_splice(&cpu->released, &thread->stalled);
		cpu->resched = true;
	}
	if (thread == cpu->current)
		return NULL;

	/*
	 * Wherever it is, a new choice is due: somebody could run on its time, or on that of
	 * its donors, and if it is but equal to the donor, the turn has an end from now on.
	 */
	cpu->resched = true;

	return thread->place == SCHED_OUT && wants_queue(thread) ? enqueue_or_move(thread)
	                                                         : NULL;
}


void sched_wake(struct thread *thread)
{
	for (unsigned i = 0; thread && i < CHAIN_MAX; i++)
		thread = wake(thread);
}


void sched_check_passive(struct thread *thread)
{
	if (thread->passive && thread->place == SCHED_OUT
	    && thread != thread->cpu->current && wants_queue(thread))
		sched_wake(thread);
}


void sched_arrived(struct thread *thread)
{
	struct cpu *cpu = smp_self();

	list_splice(&cpu->released, &cpu->away);
	cpu->resched = true;
	if (!thread->detached)
		sched_wake(thread);
}


/** Queue again one of those whose way has become free; false if there is none. */
static bool requeue_released(struct cpu *cpu)
{
	if (list_empty(&cpu->released))
		return false;

	struct thread *thread = container_of(cpu->released.head.next, struct thread, sched_link);

	unstall(thread);
	list_splice(&cpu->released, &thread->stalled);
	if (wants_queue(thread))
		sched_wake(thread);

	return true;
}


void sched_remove(struct thread *thread)
{
	struct cpu *cpu = thread->cpu;

	if (thread->place == SCHED_QUEUED)
		dequeue(thread);
	else if (thread->place == SCHED_STALLED)
		unstall(thread);

	list_splice(&cpu->released, &thread->stalled);
	if (cpu->current == thread)
		cpu->current = NULL;
	if (cpu->donor == thread)
		cpu->donor = NULL;
	cpu->resched = true;
}


void sched_move(struct thread *thread, struct cpu *to)
{
	thread_save_fpu(thread);
	thread_leave_owner(thread);
	sched_remove(thread);
	atomic_store(&thread->cpu, to); /* cpu_poke() */
	cpu_poke(thread, POKE_ARRIVE);
}


/** Whom a blocked thread lets run on this CPU in the end, or NULL. */
static struct thread *follow_chain(struct cpu const *cpu, struct thread *thread)
{
	for (unsigned i = 0; i < CHAIN_MAX; i++) {
		thread = thread_blocker(thread);
		if (!thread || thread->cpu != cpu)
			break;
		if (thread_runnable(thread))
			return thread;
	}

	return NULL;
}


/**
 * The thread that runs on the time of 'donor', or NULL. Then nobody on the chain
 * is left queued up to the first who is so in its own right.
 */
static inline struct thread *chain_end(struct cpu const *cpu, struct thread *donor)
{
	if (!thread_runnable(donor))
		return follow_chain(cpu, donor);

	return donor->cpu == cpu ? donor : NULL;
}


bool sched_continue(struct cpu *cpu)
{
	struct thread *donor = cpu->donor;
	struct thread *end   = !cpu->resched && donor && donor->place == SCHED_QUEUED
	                       ? chain_end(cpu, donor) : NULL;

	if (end)
		cpu->current = end;

	return end;
}


bool sched_resumes(struct thread const *thread, struct thread const *core)
{
	struct cpu const *cpu = smp_self();

	return atomic_load(&thread->cpu) == cpu && cpu->current == core && !cpu->resched
	       && cpu->donor && cpu->donor == core->client_donor
	       && thread->place == SCHED_QUEUED && list_empty(&thread->stalled)
	       && !thread->paused && !thread->detached;
}


/** Take a donor whose chain leads nowhere out of its queue, and stall the chain. */
static void stall_chain(struct cpu *cpu, struct thread *donor)
{
	struct thread *thread = donor;

	dequeue(donor);
	for (unsigned i = 0; i < CHAIN_MAX && thread->place == SCHED_OUT; i++) {
		struct thread *blocker = thread_blocker(thread);
		if (!blocker || blocker == thread)
			return;
		/* in this order: a detached thread gets its CPU before it is attached again */
		if (atomic_load(&blocker->detached) || atomic_load(&blocker->cpu) != cpu) {
			stall(thread, &cpu->away);
			return;
		}
		stall(thread, &blocker->stalled);
		thread = blocker;
	}
}


/** Put the donor behind others of its share and its share behind others, if they are first. */
static void end_turn(struct cpu *cpu, struct thread *donor)
{
	struct share *share = donor->share;

	if (cpu->shares[share->priority].first == &share->link)
		ring_rotate(&cpu->shares[share->priority]);
	if (share->queue.first == &donor->sched_link)
		ring_rotate(&share->queue);
}


/** Take what the donor's share has used, and end its turn if it is used up. */
static void charge(struct cpu *cpu, ticks_t now)
{
	struct thread *donor = cpu->donor;
	ticks_t        used  = now - cpu->charged;

	cpu->charged = now;
	if (!donor || !donor->share)
		return;

	struct share *share = donor->share;
	share->credit -= (int64_t)used;
	if (share->credit > 0)
		return;

	/* an overrun is owed, but for no longer than a turn */
	share->credit += share_turn(share);
	if (share->credit <= 0)
		share->credit = 1;
	cpu->resched = true;
	end_turn(cpu, donor);
}


/** Let the timer end the donor's turn, if somebody else wants the time. */
static ticks_t turn_end(struct cpu *cpu)
{
	struct share *share = cpu->donor ? cpu->donor->share : NULL;

	if (!share || !link_used(&share->link))
		return BY_NEVER;
	if (share->link.next == &share->link
	    && share->queue.first == share->queue.first->next)
		return BY_NEVER;

	return cpu->charged + (ticks_t)share->credit;
}


static void set_timer(struct cpu *cpu)
{
	ticks_t turn = turn_end(cpu), next = timer_next(cpu);

	if (turn < next)
		next = turn;

	/* a tick that comes too early costs less than to set the timer anew each time */
	if (next < cpu->timer) {
		cpu->timer = next;
		clock_set_timer(next);
	}
}


/** The queued thread on whose time core serves its client or handles a fault, or NULL. */
static struct thread *core_donor(struct cpu *cpu, struct thread *core)
{
	struct thread *fault  = atomic_load(&core_ep->fault);
	struct thread *thread = fault ? fault : atomic_load(&core->client);

	for (unsigned i = 0; thread && i < CHAIN_LIMIT; i++) {
		if (atomic_load(&thread->cpu) != cpu)
			break;
		if (thread->place == SCHED_QUEUED)
			return thread;
		thread = atomic_load(&thread->client);
	}

	return core->place == SCHED_QUEUED ? core : NULL;
}


/** Core goes on with a request or a fault before anybody else runs. */
static bool core_first(struct cpu *cpu)
{
	struct thread *core = core_ep ? core_ep->thread : NULL;

	if (!core || core->cpu != cpu || !(core->client || core_ep->fault)
	    || !thread_runnable(core))
		return false;

	cpu->current = core;
	cpu->donor   = core_donor(cpu, core);
	/* somebody more important than its client may have come: no hand_back() */
	core->client_donor = NULL;

	return true;
}


static void choose(struct cpu *cpu)
{
	struct share *share;

	while ((share = cpu_first_share(cpu))) {
		struct thread *donor = container_of(share->queue.first, struct thread, sched_link);
		struct thread *end   = chain_end(cpu, donor);

		/* a passive thread leaves its fallback share when it has a donor */
		if (donor->passive && has_donor(donor) && end)
			dequeue(donor);
		else if (!end)
			stall_chain(cpu, donor);
		else {
			cpu->donor   = donor;
			cpu->current = end;
			return;
		}
	}
	cpu->donor = cpu->current = NULL;
}


void sched_choose(struct cpu *cpu)
{
	struct thread *last = cpu->current;

	cpu->resched = false;
	charge(cpu, clock_now());

	if (last && thread_runnable(last) && last->place == SCHED_OUT && wants_queue(last)) {
		cpu->current = NULL;
		sched_wake(last);
	}

	/* bounded steps: an interrupt is handled in between */
	while (requeue_released(cpu))
		while (irqc_pending())
			irqc_take();

	if (!core_first(cpu))
		choose(cpu);

	cpu->resched = false;
	set_timer(cpu);
}


void sched_tick(struct cpu *cpu, ticks_t now)
{
	cpu->timer = BY_NEVER;
	charge(cpu, now);
	(void)timer_expire(cpu, now, EXPIRE_BATCH); /* what is left over ticks again at once */
	set_timer(cpu);
}


void sched_yield(struct cpu *cpu)
{
	charge(cpu, clock_now());
	if (cpu->donor && cpu->donor->share)
		end_turn(cpu, cpu->donor);
	cpu->resched = true;
}


unsigned sched_priority(struct thread const *thread)
{
	/* for a repeated fault core asks about a thread of another CPU: read once */
	struct cpu const    *cpu   = atomic_load(&thread->cpu);
	struct share const  *share = atomic_load(&thread->share);
	struct thread const *donor = atomic_load(&cpu->donor);
	unsigned own = share && !thread->passive ? share->priority : 0;

	if (cpu->current != thread || !donor)
		return own;

	share = atomic_load(&donor->share);

	return share && share->priority > own ? share->priority : own;
}


void share_set(struct share *share, unsigned priority, unsigned weight)
{
	bool linked = link_used(&share->link);

	if (linked)
		share_unlink(share);
	share->priority = (uint8_t)priority;
	share->weight   = (uint16_t)weight;
	if (linked)
		share_link(share);
	share->cpu->resched = true;
}
