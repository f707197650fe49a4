/* SPDX-License-Identifier: BSD-2-Clause */
	.syntax unified
	.arm
	.text
	.globl crash_illegal
	.type crash_illegal, %function
crash_illegal:
	udf #0 /* crash */
	bx lr
	.size crash_illegal, . - crash_illegal

	.globl crash_breakpoint
	.type crash_breakpoint, %function
crash_breakpoint:
	bkpt #0 /* crash */
	bx lr
	.size crash_breakpoint, . - crash_breakpoint

	/* not every core has a division, and none traps */
	.globl crash_divide
	.type crash_divide, %function
crash_divide:
	bx lr
	.size crash_divide, . - crash_divide

	.globl crash_privileged
	.type crash_privileged, %function
crash_privileged:
	mcr p15, 0, r0, c2, c0, 0 /* crash */
	bx lr
	.size crash_privileged, . - crash_privileged

	/* ordinary accesses may work, exclusive ones do not */
	.globl crash_misaligned
	.type crash_misaligned, %function
crash_misaligned:
	add r1, sp, #1
	ldrex r0, [r1] /* crash */
	bx lr
	.size crash_misaligned, . - crash_misaligned

	/* no crash where there is an FPU */
	.globl crash_fpu
	.type crash_fpu, %function
crash_fpu:
	.inst 0xee300b00 /* vadd.f64 d0, d0, d0: crash */
	bx lr
	.size crash_fpu, . - crash_fpu

	.section .note.GNU-stack, "", %progbits
