/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What CPUs ask of each other.
 *
 * A poke pushes a thread on the inbox of its CPU, a stack that the CPU empties
 * at the end of each kernel entry. Bits of 'poke' that are set tell what to do;
 * a thread is in at most one inbox because only the first bit pushes it. While the
 * CPU acts, POKE_BUSY stays set. So as long as 'poke' is not zero only that CPU moves
 * the thread, and once it is zero nothing asked for before is left to be done.
 */
#include "cpu.h"
#include "panic.h"
#include "pd.h"
#include "sched.h"
#include <arch/fpu.h>
#include <arch/machine.h>

unsigned    cpu_count = 1;
struct lock core_lock;
struct flush cpu_flush;
struct share_order cpu_share;

static uint16_t quiet_wanted; /* last quiescence request; owner: core calls */


void cpu_init(struct cpu *cpu, unsigned id)
{
	cpu->id     = id;
	cpu->timer  = BY_NEVER;
	cpu->quiet  = quiet_wanted;
	cpu->online = true;
	list_init(&cpu->released);
	list_init(&cpu->away);
}


static void inbox_push(struct cpu *cpu, struct thread *thread)
{
	struct thread *top = atomic_load(&cpu->inbox);

	do {
		thread->inbox_next = top;
	} while (!atomic_cas(&cpu->inbox, &top, thread)); /* pairs with inbox_take() */

	if (cpu != smp_self())
		smp_ipi(cpu->id);
}


void cpu_poke(struct thread *thread, uint32_t what)
{
	/* pairs with inbox_take() */
	if (!atomic_fetch_or(&thread->poke, what))
		inbox_push(atomic_load(&thread->cpu), thread);
}


bool cpu_claim(struct thread *thread)
{
	uint32_t none = 0;

	return atomic_cas(&thread->poke, &none, (uint32_t)POKE_BUSY); /* pairs with cpu_poke() */
}


void cpu_unclaim(struct thread *thread)
{
	uint32_t busy = POKE_BUSY;

	if (atomic_cas(&thread->poke, &busy, 0u)) /* pairs with thread_destroy() */
		return;

	/* poked meanwhile; whoever did it has not pushed the thread */
	atomic_fetch_and(&thread->poke, ~(uint32_t)POKE_BUSY);
	inbox_push(atomic_load(&thread->cpu), thread);
}


/** Handle one poked thread; false if the inbox is empty. */
static bool inbox_take(struct cpu *cpu, struct thread **batch)
{
	if (!*batch)
		*batch = atomic_exchange(&cpu->inbox, (struct thread *)NULL);

	struct thread *thread = *batch;
	if (!thread)
		return false;

	*batch = thread->inbox_next;

	/* it can have moved since it was poked: then its new CPU is the one to ask */
	struct cpu *home = atomic_load(&thread->cpu);
	if (home != cpu) {
		inbox_push(home, thread);
	} else {
		thread_poked(thread, atomic_exchange(&thread->poke, (uint32_t)POKE_BUSY));
		cpu_unclaim(thread);
	}

	return true;
}


static bool work_done(uint64_t mask, uint32_t what)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if ((mask >> i & 1) && (atomic_load(&cpus[i].work) & what)) /* cpu_serve() */
			return false;

	return true;
}


void cpu_broadcast(uint64_t mask, uint32_t what)
{
	struct cpu *self = smp_self();

	mask &= ~(1ull << self->id);
	for (unsigned i = 0; i < cpu_count; i++) {
		if (!(mask >> i & 1) || !cpus[i].online)
			continue;
		atomic_fetch_or(&cpus[i].work, what); /* pairs with cpu_serve() */
		smp_ipi(i);
	}
	while (!work_done(mask, what)) {
		cpu_serve(self);
		smp_relax();
	}
}


static void unload(struct cpu *cpu, struct pd *pd)
{
	if (cpu->pd == pd) {
		space_load_kernel();
		cpu->pd = NULL;
	}
}


void cpu_serve(struct cpu *cpu)
{
	uint32_t work = atomic_load(&cpu->work); /* pairs with cpu_broadcast() */

	if (!(work & (WORK_FLUSH | WORK_UNLOAD | WORK_SHARE | WORK_STOP)))
		return;

	if (work & WORK_STOP)
		machine_halt();
	if (work & WORK_FLUSH)
		tlb_flush(&cpu_flush.pd->space, cpu_flush.va, cpu_flush.pages);
	if (work & WORK_UNLOAD)
		unload(cpu, cpu_flush.pd);
	if (work & WORK_SHARE)
		share_set(cpu_share.share, cpu_share.priority, cpu_share.weight);

	/* pairs with work_done() */
	atomic_fetch_and(&cpu->work, ~(work & (WORK_FLUSH | WORK_UNLOAD | WORK_SHARE)));
}


void cpu_serve_all(struct cpu *cpu)
{
	struct thread *batch = NULL;

	cpu_serve(cpu);
	while (inbox_take(cpu, &batch)) { }

	if (atomic_load(&cpu->work) & WORK_QUIESCE) { /* pairs with cpu_quiesced() */
		atomic_fetch_and(&cpu->work, ~(uint32_t)WORK_QUIESCE);
		atomic_store(&cpu->quiet, atomic_load(&quiet_wanted));
	}
}


void lock_take_serving(struct lock *lock)
{
	/* pairs with lock_release() */
	while (unlikely(atomic_exchange(&lock->held, 1u))) {
		cpu_serve(smp_self());
		smp_relax();
	}
}


/** Whether a CPU has answered the request 'ticket' or a later one. */
static bool quiet_since(struct cpu *cpu, uint16_t ticket)
{
	return (int16_t)(atomic_load(&cpu->quiet) - ticket) >= 0; /* cpu_serve_all() */
}


bool cpu_quiesced(uint16_t *ticket)
{
	unsigned self = smp_self()->id;
	bool     done = true;

	if (cpu_count == 1)
		return true;

	bool ask = !*ticket;
	if (ask) {
		uint16_t next = (uint16_t)(quiet_wanted + 1);
		atomic_store(&quiet_wanted, (uint16_t)(next ? next : 1));
		*ticket = quiet_wanted;
	}
	for (unsigned i = 0; i < cpu_count; i++) {
		if (!cpus[i].online)
			continue;
		/*
		 * This one as well: it is inside because of this call, but core can ask for
		 * the outcome from elsewhere, and numbers must not stay behind for long.
		 */
		if (ask)
			atomic_fetch_or(&cpus[i].work, WORK_QUIESCE); /* cpu_serve_all() */
		if (i == self)
			continue;
		if (ask)
			smp_ipi(i);
		done = done && quiet_since(&cpus[i], *ticket);
	}

	return done;
}


void cpu_unload(struct pd *pd)
{
	cpu_flush.pd = pd;
	unload(smp_self(), pd);
	cpu_broadcast(atomic_load(&pd->cpus), WORK_UNLOAD);
}
