/* SPDX-License-Identifier: BSD-2-Clause */
	.syntax unified
	.arm
	.text
	.globl fault_illegal
	.type fault_illegal, %function
fault_illegal:
	udf #0
	bx lr

	.globl fault_breakpoint
	.type fault_breakpoint, %function
fault_breakpoint:
	bkpt #0
	bx lr

	/* not every core has a division, and none traps */
	.globl fault_divide
	.type fault_divide, %function
fault_divide:
	bx lr

	.globl fault_privileged
	.type fault_privileged, %function
fault_privileged:
	mcr p15, 0, r0, c2, c0, 0
	bx lr

	.section .note.GNU-stack, "", %progbits
