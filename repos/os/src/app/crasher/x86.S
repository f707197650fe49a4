/* SPDX-License-Identifier: BSD-2-Clause */
	.text
	.globl crash_illegal
	.type crash_illegal, @function
crash_illegal:
	ud2 /* crash */
	ret
	.size crash_illegal, . - crash_illegal

	.globl crash_breakpoint
	.type crash_breakpoint, @function
crash_breakpoint:
	int3
	ret /* crash: reported behind it */
	.size crash_breakpoint, . - crash_breakpoint

	.globl crash_divide
	.type crash_divide, @function
crash_divide:
	xor %edx, %edx
	xor %ecx, %ecx
	mov $1, %eax
	div %ecx /* crash */
	ret
	.size crash_divide, . - crash_divide

	.globl crash_privileged
	.type crash_privileged, @function
crash_privileged:
	cli /* crash */
	ret
	.size crash_privileged, . - crash_privileged

	/* only vector instructions mind, which are not for components without FPU */
	.globl crash_misaligned
	.type crash_misaligned, @function
crash_misaligned:
	ret
	.size crash_misaligned, . - crash_misaligned

	/* no crash: there is always an FPU */
	.globl crash_fpu
	.type crash_fpu, @function
crash_fpu:
	fld1
	fstp %st(0)
	ret
	.size crash_fpu, . - crash_fpu

	.section .note.GNU-stack, "", @progbits
