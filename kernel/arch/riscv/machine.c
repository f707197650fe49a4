/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: reset, halt, and what is on the stack.
 */
#include "panic.h"
#include "print.h"
#include <arch/frame.h>
#include <arch/machine.h>
#include <port/csr.h>
#include <port/internal.h>
#include <port/sbi.h>

extern char const text_start[], text_end[], stack_top[];


status_t machine_control(unsigned operation)
{
	static uint8_t const types[] = {
		[BY_MACHINE_RESET]    = SBI_COLD_REBOOT,
		[BY_MACHINE_POWEROFF] = SBI_SHUTDOWN,
	};

	if (operation < ARRAY_SIZE(types))
		sbi_call(SBI_SRST, SBI_SRST_RESET, types[operation], 0);

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
	csr_write(sie, 0);
	for (;;)
		__asm__ volatile ("wfi");
}


static void print_registers(struct frame const *frame)
{
	enum { PER_LINE = 4 };

	print("kernel: pc  %016lx", (unsigned long)frame->pc);
	for (unsigned i = 1; i < 32; i++)
		print("%sx%02u %016lx", i % PER_LINE ? " " : "\nkernel: ", i,
		      (unsigned long)frame_x(frame, i));
	print("\n");
}


void machine_backtrace(void)
{
	if (!trap_frame.pc)
		trap_self();

	print_registers(&trap_frame);
	panic_trace(&(struct panic_trace) {
		.pc = trap_frame.pc, .lr = frame_x(&trap_frame, 1), .sp = frame_sp(&trap_frame),
		.stack_top = (word_t)stack_top, .text = (word_t)text_start, .end = (word_t)text_end,
	});
}
