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
	machine_halt();
}


void assert_fail(const char *file, int line, const char *text)
{
	panic("assertion failed: %s (%s:%d)", text, file, line);
}
