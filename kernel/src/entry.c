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


static void load_space(struct cpu *cpu, struct pd *pd)
{
	uint64_t self = 1ull << cpu->id;

	if (!(atomic_relaxed(&pd->cpus) & self))
		atomic_fetch_or(&pd->cpus, self); /* pairs with pd_flush() */
	space_load(&pd->space);
	cpu->pd = pd;
}


void kernel_leave(struct cpu *cpu)
{
	if (unlikely(atomic_relaxed(&cpu->inbox) || atomic_relaxed(&cpu->work)))
		cpu_serve_all(cpu);

	while (unlikely(cpu->resched || (cpu->current && !thread_runnable(cpu->current))))
		sched_choose(cpu);

	struct thread *next = cpu->current;
	if (!next)
		return;

	if (next->pd != cpu->pd)
		load_space(cpu, next->pd);
	if (unlikely(next->fpu != cpu->fpu)) {
		fpu_switch(cpu->fpu, next->fpu);
		cpu->fpu = next->fpu;
	}
}
