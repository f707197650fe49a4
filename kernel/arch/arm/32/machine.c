/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: power and reset by PSCI 0.2 (Arm DEN 0022), halt, and what is on the stack.
 */
#include "panic.h"
#include "print.h"
#include <arch/frame.h>
#include <arch/machine.h>
#include <by/boot_info.h>
#include <port/internal.h>
#include <port/platform.h>

static uint32_t const PSCI_SYSTEM_OFF = 0x84000008, PSCI_SYSTEM_RESET = 0x84000009;

extern char const text_start[], text_end[], stack_top[];

static void (*psci)(word_t function); /* NULL: there is none */


void machine_start(struct by_boot_info const *info)
{
	static void (*const ways[])(word_t) = { [PSCI_HVC] = psci_hvc, [PSCI_SMC] = psci_smc };

	if (info->platform[PLATFORM_PSCI] < ARRAY_SIZE(ways))
		psci = ways[info->platform[PLATFORM_PSCI]];
}


status_t machine_control(unsigned operation)
{
	if (psci && operation == BY_MACHINE_POWEROFF)
		psci(PSCI_SYSTEM_OFF);
	if (psci && operation == BY_MACHINE_RESET)
		psci(PSCI_SYSTEM_RESET);

	return BY_NOT_SUPPORTED;
}


status_t machine_port_io(word_t port, unsigned width, bool out, word_t *value)
{
	(void)port;
	(void)width;
	(void)out;
	(void)value;

	return BY_NOT_SUPPORTED;
}


void machine_halt(void)
{
	__asm__ volatile ("cpsid aif");
	for (;;)
		__asm__ volatile ("wfi");
}


static void print_registers(struct trap const *trap)
{
	enum { PER_LINE = 5 };

	for (unsigned i = 0; i < ARRAY_SIZE(trap->frame->r); i++)
		print("%sr%02u %08lx", i % PER_LINE ? " " : i ? "\nkernel: " : "kernel: ", i,
		      (unsigned long)trap->frame->r[i]);
	print("\nkernel: sp %08lx lr %08lx pc %08lx cpsr %08lx\n", (unsigned long)trap->sp,
	      (unsigned long)trap->lr, (unsigned long)trap->frame->pc,
	      (unsigned long)trap->frame->cpsr);
}


void machine_backtrace(void)
{
	if (!trap_fatal.frame)
		trap_self();

	print_registers(&trap_fatal);
	panic_trace(&(struct panic_trace) {
		.pc = trap_fatal.frame->pc, .lr = trap_fatal.lr, .sp = trap_fatal.sp,
		.stack_top = (word_t)stack_top, .text = (word_t)text_start, .end = (word_t)text_end,
	});
}
