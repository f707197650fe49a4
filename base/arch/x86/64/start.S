/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86_64: where threads start, with an argument in rdi and the end of their stack in rsp;
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
	.cfi_undefined rip
	xor %ebp, %ebp
	mov %rdi, %rbx
	mov %rsp, %r12
	mov %rsp, %rdi
	call by_start_stack
	mov %rax, %rsp
	mov %rbx, %rdi
	mov %r12, %rsi
	call by_start
	ud2
	.cfi_endproc
	.size by_thread_start, . - by_thread_start
	.size _start, . - _start

	.section .note.GNU-stack, "", @progbits
