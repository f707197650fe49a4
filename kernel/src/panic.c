/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Panic: say what is known, and stop.
 */
#include "panic.h"
#include "cpu.h"
#include "print.h"
#include "thread.h"
#include <arch/console.h>
#include <arch/machine.h>
#include <arch/mmu.h>
#include <by/log_ring.h>


/** Who panics: on Arm, functions that never return do not save where they came from. */
static word_t caller;


static void stop_others(void)
{
	for (unsigned i = 0; i < cpu_count; i++) {
		if (&cpus[i] == smp_self() || !cpus[i].online)
			continue;
		atomic_fetch_or(&cpus[i].work, WORK_STOP); /* pairs with cpu_serve() */
		smp_ipi(i);
	}
}


void panic(const char *format, ...)
{
	static uint32_t panicking;
	va_list args;

	/* one report: a second panic, here or elsewhere, would only hide the first */
	if (atomic_exchange(&panicking, 1u))
		machine_halt();

	if (!caller)
		caller = (word_t)__builtin_return_address(0);
	stop_others();
	console_init();
	print("\nkernel: panic on CPU %u: ", smp_self()->id);
	va_start(args, format);
	vprint(format, args);
	va_end(args);
	print("\n");
	if (smp_self()->current)
		print("kernel: current thread %lx, ip %lx, sp %lx\n",
		      (unsigned long)smp_self()->current->obj.id,
		      (unsigned long)frame_ip(&smp_self()->current->frame),
		      (unsigned long)frame_sp(&smp_self()->current->frame));
	machine_backtrace();
	/* a reset loses what is in caches only */
	for (unsigned i = 0; print_log && i < sizeof(*print_log); i += PAGE_SIZE)
		mem_cache_page(mem_physical(print_log) + i, BY_CACHE_CLEAN);
	machine_halt();
}


void panic_trace(struct panic_trace const *trace)
{
	word_t const least = trace->stack_top - PAGE_SIZE;
	word_t at = trace->sp > least && trace->sp < trace->stack_top ? trace->sp : least;

	print("kernel: backtrace %lx %lx %lx", (unsigned long)trace->pc,
	      (unsigned long)trace->lr, (unsigned long)caller);
	for (at &= ~(word_t)(sizeof(word_t) - 1); at < trace->stack_top; at += sizeof(word_t)) {
		word_t const value = *(word_t const *)at;
		if (value > trace->text && value < trace->end)
			print(" %lx", (unsigned long)value);
	}
	print("\n");
}


void assert_fail(const char *file, int line, const char *text)
{
	caller = (word_t)__builtin_return_address(0);
	panic("assertion failed: %s (%s:%d)", text, file, line);
}
