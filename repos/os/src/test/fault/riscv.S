/* SPDX-License-Identifier: BSD-2-Clause */
	.text
	.globl fault_illegal
fault_illegal:
	.word 0
	ret

	.globl fault_breakpoint
fault_breakpoint:
	ebreak
	ret

	/* division by zero is defined */
	.globl fault_divide
fault_divide:
	ret

	.globl fault_privileged
fault_privileged:
	csrw satp, zero
	ret

	.section .note.GNU-stack, "", @progbits
