/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries into the kernel other than system calls, and the way out.
 */
#include "kernel.h"
#include "irq.h"
#include "panic.h"
#include "pd.h"
#include "sched.h"
#include <arch/clock.h>
#include <arch/fpu.h>


void kernel_fault(struct cpu *cpu, enum by_fault_cause cause, word_t address,
                  unsigned access)
{
	struct thread *thread = cpu->current;

	if (thread->pd == core_pd)
		panic("core faulted: cause %u, address %lx, ip %lx, sp %lx", cause,
		      (unsigned long)address, (unsigned long)frame_ip(&thread->frame),
		      (unsigned long)frame_sp(&thread->frame));

	thread_fault(thread, cause, address, access);
}


void kernel_irq(unsigned number)
{
	irq_occurred(number);
}


void kernel_timer(struct cpu *cpu)
{
	sched_tick(cpu, clock_now());
}


static inline void load_space(struct cpu *cpu, struct pd *pd)
{
	uint64_t self = 1ull << cpu->id;

	if (!(atomic_relaxed(&pd->cpus) & self))
		atomic_fetch_or(&pd->cpus, self); /* pairs with pd_flush() */
	space_load(&pd->space);
	cpu->pd = pd;
}


static inline bool must_serve(struct cpu const *cpu)
{
	return atomic_relaxed(&cpu->inbox) || atomic_relaxed(&cpu->work);
}


static bool must_choose(struct cpu const *cpu)
{
	return cpu->resched || (cpu->current && !thread_runnable(cpu->current));
}


/** Something is to be decided before this CPU can go on. */
__attribute__((noinline))
static struct thread *leave_slowly(struct cpu *cpu)
{
	/* a choice can take the interrupt that announced further work */
	do {
		if (must_serve(cpu))
			cpu_serve_all(cpu);
		if (must_choose(cpu))
			sched_choose(cpu);
	} while (must_serve(cpu) || must_choose(cpu));

	struct thread *next = cpu->current;
	if (!next)
		return NULL;

	if (next->pd != cpu->pd)
		load_space(cpu, next->pd);
	if (next->fpu != cpu->fpu) {
		fpu_switch(cpu->fpu, next->fpu);
		cpu->fpu = next->fpu;
	}

	return next;
}


/* The usual way calls nothing, and so saves no registers. */
struct thread *kernel_leave(struct cpu *cpu)
{
	struct thread *next = cpu->current;

	if (unlikely(!next || must_serve(cpu) || cpu->resched || !thread_runnable(next)
	             || next->fpu != cpu->fpu))
		return leave_slowly(cpu);

	if (next->pd != cpu->pd)
		load_space(cpu, next->pd);

	return next;
}
