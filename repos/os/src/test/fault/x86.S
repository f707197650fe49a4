/* SPDX-License-Identifier: BSD-2-Clause */
	.text
	.globl fault_illegal
fault_illegal:
	ud2
	ret

	.globl fault_breakpoint
fault_breakpoint:
	int3
	ret

	.globl fault_divide
fault_divide:
	xor %edx, %edx
	xor %ecx, %ecx
	mov $1, %eax
	div %ecx
	ret

	.globl fault_privileged
fault_privileged:
	cli
	ret

	.section .note.GNU-stack, "", @progbits
