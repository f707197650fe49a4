/* SPDX-License-Identifier: BSD-2-Clause */
	.text
	.globl crash_illegal
	.type crash_illegal, @function
crash_illegal:
	unimp /* crash */
	ret
	.size crash_illegal, . - crash_illegal

	.globl crash_breakpoint
	.type crash_breakpoint, @function
crash_breakpoint:
	ebreak /* crash */
	ret
	.size crash_breakpoint, . - crash_breakpoint

	/* division by zero is defined */
	.globl crash_divide
	.type crash_divide, @function
crash_divide:
	ret
	.size crash_divide, . - crash_divide

	.globl crash_privileged
	.type crash_privileged, @function
crash_privileged:
	csrw satp, zero /* crash */
	ret
	.size crash_privileged, . - crash_privileged

	/* ordinary accesses may work, atomic ones do not */
	.globl crash_misaligned
	.type crash_misaligned, @function
crash_misaligned:
	addi t0, sp, 1
	lr.w zero, (t0) /* crash */
	ret
	.size crash_misaligned, . - crash_misaligned

	/* no crash where there is an FPU */
	.globl crash_fpu
	.type crash_fpu, @function
crash_fpu:
	.word 0x02007053 /* fadd.d f0, f0, f0: crash */
	ret
	.size crash_fpu, . - crash_fpu

	.section .note.GNU-stack, "", @progbits
