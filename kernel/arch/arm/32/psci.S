/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: calls of PSCI (Arm DEN 0022, chapter 5); r0 is the function.
 */
.syntax unified
.arch armv7-a
.arch_extension virt
.arch_extension sec
.arm

.section .text.psci, "ax"
.balign 4

.global psci_hvc
.type psci_hvc, %function
psci_hvc:
	hvc	#0
	bx	lr

.global psci_smc
.type psci_smc, %function
psci_smc:
	smc	#0
	bx	lr

.section .note.GNU-stack, ""
