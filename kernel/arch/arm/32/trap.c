/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: what an exception means (Arm ARM, DDI 0406C, B1.8 and B3.13).
 */
#include "kernel.h"
#include "panic.h"
#include "pd.h"
#include "thread.h"
#include <arch/irqc.h>
#include <arch/machine.h>
#include <port/cp15.h>
#include <port/internal.h>
#include <port/offsets.h>

_Static_assert(offsetof(struct frame, pc) == FRAME_REGS, "offsets.h");
_Static_assert(offsetof(struct frame, cpsr) == FRAME_CPSR, "offsets.h");
_Static_assert(sizeof(struct frame) == FRAME_SIZE, "offsets.h");
_Static_assert(offsetof(struct thread, frame) == 0, "the entry saves into the thread");

/** Fault status of the long-descriptor format (B3.13.3, table B3-24). */
enum {
	FSR_STATUS    = 0x3f,
	FSR_WRITE     = 1 << 11,
	STATUS_LEVEL  = 3,        /* bits that tell the level */
	STATUS_TRANSLATION = 0x04,
	STATUS_ACCESS_FLAG = 0x08,
	STATUS_PERMISSION  = 0x0c,
	STATUS_ALIGNMENT   = 0x21,
	STATUS_DEBUG       = 0x22,
};


struct trap trap_fatal;
static bool wanted; /* the exception is no mistake, but trap_self() */


/** An abort. A walker that saw an entry late makes a fault that is none. */
static void abort_fault(struct cpu *cpu, word_t status, word_t address, unsigned access)
{
	switch (status & FSR_STATUS & ~(word_t)STATUS_LEVEL) {
	case STATUS_TRANSLATION:
	case STATUS_ACCESS_FLAG:
	case STATUS_PERMISSION:
		if (!space_permits(&cpu->current->pd->space, address, access))
			kernel_fault(cpu, BY_FAULT_PAGE, address, access);
		return;
	}
	switch (status & FSR_STATUS) {
	case STATUS_ALIGNMENT:
		kernel_fault(cpu, BY_FAULT_ALIGNMENT, address, access);
		return;
	case STATUS_DEBUG:
		kernel_fault(cpu, BY_FAULT_BREAKPOINT, 0, 0);
		return;
	default:
		kernel_fault(cpu, BY_FAULT_MACHINE, address, access);
	}
}


static void data_abort(struct cpu *cpu)
{
	word_t const status = cp15_read(CP15_DFSR);

	abort_fault(cpu, status, cp15_read(CP15_DFAR),
	            status & FSR_WRITE ? BY_ACCESS_WRITE : BY_ACCESS_READ);
}


static void undefined(struct cpu *cpu, struct frame *frame)
{
	/* to where the instruction stands (table B1-7) */
	frame->pc -= frame->cpsr & PSR_T ? 2 : 4;
	kernel_fault(cpu, fpu_wanted(cpu->current) ? BY_FAULT_FPU : BY_FAULT_ILLEGAL, 0, 0);
}


static void fault(struct cpu *cpu, unsigned cause)
{
	if (cause == TRAP_DATA)
		data_abort(cpu);
	else if (cause == TRAP_PREFETCH)
		abort_fault(cpu, cp15_read(CP15_IFSR), cp15_read(CP15_IFAR), BY_ACCESS_EXEC);
	else
		undefined(cpu, &cpu->current->frame);
}


/** Leave the kernel: the frame of the thread that runs next. */
static struct frame *leave(struct cpu *cpu)
{
	struct thread *thread;

	while (unlikely(!(thread = kernel_leave(cpu)))) {
		/* an interrupt ends this even though it is masked (B1.8.14) */
		__asm__ volatile ("wfi" ::: "memory");
		if (irqc_pending())
			irqc_take();
	}

	/* user level can write the one, and reads the other */
	cp15_write(CP15_TPIDRURW, 0);
	cp15_write(CP15_TPIDRURO, thread->tls);

	return &thread->frame;
}


/** The current thread trapped; its registers are in 'frame'. */
struct frame *trap(struct frame *frame, unsigned cause)
{
	struct cpu *cpu = smp_self();

	if (likely(cause == TRAP_CALL))
		kernel_call(cpu);
	else if (cause == TRAP_IRQ)
		irqc_take();
	else
		fault(cpu, cause);

	struct frame *next = leave(cpu);

	/* no thread may complete what another one reserved (A3.4.5) */
	if (next != frame)
		__asm__ volatile ("clrex" ::: "memory");

	return next;
}


void trap_kernel(struct frame const *frame, unsigned cause, word_t sp, word_t lr)
{
	trap_fatal = (struct trap) { frame, sp, lr };
	if (wanted) {
		machine_backtrace();
		machine_halt();
	}
	panic("exception %u in the kernel near %lx, data %lx at %lx, code %lx", cause,
	      (unsigned long)frame->pc, (unsigned long)cp15_read(CP15_DFSR),
	      (unsigned long)cp15_read(CP15_DFAR), (unsigned long)cp15_read(CP15_IFSR));
}


void trap_self(void)
{
	wanted = true;
	__asm__ volatile ("udf #0" ::: "memory");
	__builtin_unreachable();
}


struct frame *kernel_start(word_t boot_info, word_t zone)
{
	mmu_offset = MMU_WINDOW - zone;

	struct by_boot_info *info = mem_kernel(boot_info);

	port_init(info);
	kernel_main(info);

	return leave(smp_self());
}
