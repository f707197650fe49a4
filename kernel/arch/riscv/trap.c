/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: what a trap means (privileged architecture 4.1.9, table 4.2).
 */
#include "kernel.h"
#include "panic.h"
#include "pd.h"
#include "thread.h"
#include <arch/irqc.h>
#include <arch/machine.h>
#include <arch/mmu.h>
#include <port/csr.h>
#include <port/internal.h>
#include <port/offsets.h>

_Static_assert(offsetof(struct frame, x) == FRAME_X(1), "offsets.h");
_Static_assert(offsetof(struct frame, stack) == FRAME_STACK, "offsets.h");
_Static_assert(offsetof(struct frame, cpu) == FRAME_CPU, "offsets.h");
_Static_assert(offsetof(struct thread, frame) == 0, "the entry saves into the thread");

enum { CAUSE_ILLEGAL = 2, CAUSE_BREAKPOINT = 3, CAUSE_CALL = 8, CAUSE_PAGE_EXEC = 12,
       CAUSE_COUNT = 16 };

struct frame trap_frame;
static bool  wanted; /* the trap is no mistake, but trap_self() */

/** Of traps of the kernel itself, whose own can be used up. */
static word_t trap_stack[256] __attribute__((aligned(16)));

static struct { uint8_t cause, access; } const faults[CAUSE_COUNT] = {
	[0]  = { BY_FAULT_ALIGNMENT, BY_ACCESS_EXEC },
	[1]  = { BY_FAULT_MACHINE, BY_ACCESS_EXEC },
	[4]  = { BY_FAULT_ALIGNMENT, BY_ACCESS_READ },
	[5]  = { BY_FAULT_MACHINE, BY_ACCESS_READ },
	[6]  = { BY_FAULT_ALIGNMENT, BY_ACCESS_WRITE },
	[7]  = { BY_FAULT_MACHINE, BY_ACCESS_WRITE },
	[12] = { BY_FAULT_PAGE, BY_ACCESS_EXEC },
	[13] = { BY_FAULT_PAGE, BY_ACCESS_READ },
	[15] = { BY_FAULT_PAGE, BY_ACCESS_WRITE },
};


/**
 * The walker may have kept what it found invalid earlier (4.2.1): forget that, and see
 * whether it is still so.
 */
static bool page_fault_spurious(struct thread const *thread, word_t va, unsigned access)
{
	static pte_t const needed[] = {
		[BY_ACCESS_READ]  = PTE_READ,
		[BY_ACCESS_WRITE] = PTE_WRITE,
		[BY_ACCESS_EXEC]  = PTE_EXEC,
	};
	unsigned level;

	tlb_flush(&thread->pd->space, va, 1);

	return space_entry(&thread->pd->space, va, &level) & needed[access];
}


static void trap_kernel(void) __attribute__((noreturn));

static void trap_kernel(void)
{
	if (wanted) {
		machine_backtrace();
		machine_halt();
	}
	panic("trap %lx in the kernel at %lx, value %lx", (unsigned long)csr_read(scause),
	      (unsigned long)trap_frame.pc, (unsigned long)csr_read(stval));
}


__attribute__((noinline))
static void fault(struct cpu *cpu, word_t number)
{
	word_t const value = csr_read(stval);
	word_t const index = number < CAUSE_COUNT && faults[number].cause ? number : 1;

	if (number == CAUSE_ILLEGAL) {
		bool const fpu = fpu_wanted(cpu->current, value);
		kernel_fault(cpu, fpu ? BY_FAULT_FPU : BY_FAULT_ILLEGAL, 0, 0);
	} else if (number == CAUSE_BREAKPOINT) {
		kernel_fault(cpu, BY_FAULT_BREAKPOINT, 0, 0);
	} else if (index < CAUSE_PAGE_EXEC
	           || !page_fault_spurious(cpu->current, value, faults[index].access)) {
		kernel_fault(cpu, faults[index].cause, value, faults[index].access);
	}
}


void trap_self(void)
{
	wanted = true;
	__asm__ volatile ("ebreak" ::: "memory");
	__builtin_unreachable();
}


__attribute__((noinline))
static struct thread *idle(struct cpu *cpu)
{
	struct thread *next;

	do {
		/* an interrupt that sie admits ends this even though SIE is off (3.3.3) */
		__asm__ volatile ("wfi" ::: "memory");
		if (irqc_pending())
			irqc_take();
	} while (!(next = kernel_leave(cpu)));

	return next;
}


/** Leave the kernel: the frame of the thread that runs next. */
static inline struct frame *leave(struct cpu *cpu)
{
	struct thread *next = kernel_leave(cpu);

	return &(likely(next) ? next : idle(cpu))->frame;
}


/** The current thread trapped; its registers are in 'frame'. */
struct frame *trap(struct frame *frame)
{
	struct cpu  *cpu   = smp_self();
	word_t const cause = csr_read(scause);

	if (likely(cause == CAUSE_CALL)) {
		frame->pc += 4;
		kernel_call(cpu);
	} else if ((intptr_t)cause < 0) {
		if (irqc_pending())
			irqc_take();
	} else {
		if (unlikely(frame == &trap_frame))
			trap_kernel();
		fault(cpu, cause);
	}
	struct frame *next = leave(cpu);

	/* no thread may complete what another one reserved (unprivileged ISA 8.2) */
	if (next != frame)
		__asm__ volatile ("sc.w zero, zero, (%0)" : : "r" (&next->stack) : "memory");

	return next;
}


void trap_init(void)
{
	trap_frame.stack = (word_t)(trap_stack + ARRAY_SIZE(trap_stack));
	trap_frame.cpu   = smp_self();
	csr_write(stvec, trap_entry);
}


struct frame *kernel_start(paddr_t boot_info)
{
	struct by_boot_info *info = mem_kernel(boot_info);

	port_init(info);
	kernel_main(info);

	return leave(smp_self());
}
