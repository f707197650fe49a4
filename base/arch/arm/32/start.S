/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 32-bit Arm: where threads start, with an argument in r0 and the end of their stack
 * in sp; see by_start(). Nobody called them: backtraces end here. And the thread pointer,
 * for compilers that call a function to get it; it must preserve all but r0.
 */
	.syntax unified
	.arm
	.cfi_sections .debug_frame
	.section .text.start, "ax", %progbits

	.globl _start
	.type _start, %function
	.globl by_thread_start
	.type by_thread_start, %function
_start:
by_thread_start:
	.cfi_startproc
	.cfi_undefined lr
	mov r11, #0
	mov r4, r0
	mov r5, sp
	mov r0, sp
	bl by_start_stack
	mov sp, r0
	mov r0, r4
	mov r1, r5
	bl by_start
	udf #0
	.cfi_endproc
	.size by_thread_start, . - by_thread_start
	.size _start, . - _start

	.section .text.read_tp, "ax", %progbits
	.globl __aeabi_read_tp
	.type __aeabi_read_tp, %function
__aeabi_read_tp:
	mrc p15, 0, r0, c13, c0, 3
	bx lr
	.size __aeabi_read_tp, . - __aeabi_read_tp

	.section .note.GNU-stack, "", %progbits
