/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts and exceptions.
 */
#include "kernel.h"
#include "panic.h"
#include "print.h"
#include "thread.h"
#include <arch/machine.h>
#include <port/instruction.h>
#include <port/local.h>
#include <port/trap.h>
#include <port/vector.h>

enum {
	EXCEPTIONS = 32,
	TRACE_MAX  = 24,

	/* error code of a page fault, Intel SDM volume 3, 4.7 */
	PAGE_ERROR_WRITE = 1 << 1,
	PAGE_ERROR_FETCH = 1 << 4,
};

/* Intel SDM volume 3, 6.15; what is missing here cannot come from user level. */
static uint8_t const causes[EXCEPTIONS] = {
	[0]  = BY_FAULT_DIVIDE,     [1]  = BY_FAULT_STEP,       [3]  = BY_FAULT_BREAKPOINT,
	[4]  = BY_FAULT_PROTECTION, [5]  = BY_FAULT_PROTECTION, [6]  = BY_FAULT_ILLEGAL,
	[7]  = BY_FAULT_FPU,        [10] = BY_FAULT_PROTECTION, [11] = BY_FAULT_PROTECTION,
	[12] = BY_FAULT_PROTECTION, [13] = BY_FAULT_PROTECTION, [14] = BY_FAULT_PAGE,
	[16] = BY_FAULT_ARITHMETIC, [17] = BY_FAULT_ALIGNMENT,  [19] = BY_FAULT_ARITHMETIC,
	[21] = BY_FAULT_PROTECTION,
};

extern char const kernel_text[], kernel_text_end[];

static struct frame const *fatal; /* what the kernel was doing when it failed */


static unsigned page_access(word_t error)
{
	if (error & PAGE_ERROR_FETCH)
		return BY_ACCESS_EXEC;

	return error & PAGE_ERROR_WRITE ? BY_ACCESS_WRITE : BY_ACCESS_READ;
}


void trap_user(struct frame const *frame)
{
	unsigned vector = (unsigned)frame->vector;

	if (vector >= EXCEPTIONS) {
		interrupt_taken(vector);
	} else if (vector == VECTOR_PAGE) {
		kernel_fault(smp_self(), BY_FAULT_PAGE, cr2_read(), page_access(frame->error));
	} else {
		unsigned cause = causes[vector] ? causes[vector] : BY_FAULT_MACHINE;
		kernel_fault(smp_self(), (enum by_fault_cause)cause, 0, 0);
	}
}


static void print_registers(struct frame const *f)
{
	struct { const char *name; word_t value; } const list[] = {
		{ "rax", f->op },      { "rbx", f->rbx },     { "rcx", f->rcx },
		{ "rdx", f->word[0] }, { "rsi", f->tag },     { "rdi", f->cap },
		{ "rbp", f->rbp },     { "rsp", f->rsp },     { "r8 ", f->word[2] },
		{ "r9 ", f->word[3] }, { "r10", f->word[1] }, { "r11", f->r11 },
		{ "r12", f->r12 },     { "r13", f->r13 },     { "r14", f->r14 },
		{ "r15", f->r15 },     { "rip", f->rip },     { "flg", f->rflags },
		{ "cr2", cr2_read() }, { "cr3", cr3_read() }, { "cr4", cr4_read() },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(list); i++)
		print("%s%s %016lx%s", i % 3 ? " " : "kernel: ", list[i].name, list[i].value,
		      i % 3 == 2 ? "\n" : "");
}


static bool in_text(word_t address)
{
	return address >= (word_t)kernel_text && address < (word_t)kernel_text_end;
}


/** Follow the chain of frame pointers, as long as it goes upwards on this CPU's stack. */
static void print_trace(struct frame const *frame)
{
	word_t const end = locals[smp_self()->id].stack;
	word_t least = end - LOCAL_STACK_SIZE, fp = frame->rbp;

	print("kernel: backtrace %lx", frame->rip);
	for (unsigned i = 0; i < TRACE_MAX && fp >= least && fp <= end - 16 && fp % 8 == 0; i++) {
		word_t const *link = (word_t const *)fp; /* caller's, return address */
		if (!in_text(link[1]))
			break;
		print(" %lx", link[1]);
		least = fp + 16;
		fp    = link[0];
	}
	print("\n");
}


/* A breakpoint makes the entry code collect all registers; trap_kernel() goes on. */
void machine_backtrace(void)
{
	if (!fatal)
		asm volatile ("int3");

	print_registers(fatal);
	print_trace(fatal);
}


void trap_kernel(struct frame const *frame)
{
	unsigned vector = (unsigned)frame->vector;

	if (vector >= EXCEPTIONS) {
		interrupt_taken(vector);
		return;
	}
	fatal = frame;
	if (vector == VECTOR_BREAKPOINT) {
		machine_backtrace();
		machine_halt();
	}
	panic("exception %u, error %lx, rip %lx, address %lx", vector, frame->error,
	      frame->rip, cr2_read());
}
