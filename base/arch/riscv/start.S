/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: where threads start, with an argument in a0 and the end of their stack in sp;
 * see by_start(). Nobody called them: backtraces end here.
 */
	.cfi_sections .debug_frame
	.section .text.start, "ax", @progbits

	.globl _start
	.type _start, @function
	.globl by_thread_start
	.type by_thread_start, @function
_start:
by_thread_start:
	.cfi_startproc
	.cfi_undefined ra
	.option push
	.option norelax
	la gp, __global_pointer$
	.option pop
	li s0, 0
	mv s1, a0
	mv s2, sp
	mv a0, sp
	call by_start_stack
	mv sp, a0
	mv a0, s1
	mv a1, s2
	call by_start
	unimp
	.cfi_endproc
	.size by_thread_start, . - by_thread_start
	.size _start, . - _start

	.section .note.GNU-stack, "", @progbits
