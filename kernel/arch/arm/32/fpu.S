/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: the registers of VFPv3 and Advanced SIMD.
 */
.syntax unified
.arch armv7-a
.fpu neon
.arm

.section .text.fpu, "ax"
.balign 4

.global fpu_set_enabled
.type fpu_set_enabled, %function
fpu_set_enabled:
	lsl	r0, r0, #30
	vmsr	fpexc, r0                       @ EN, all else 0
	bx	lr

.global fpu_save
.type fpu_save, %function
fpu_save:
	vstmia	r0!, {d0-d15}
	vstmia	r0!, {d16-d31}
	vmrs	r1, fpscr
	str	r1, [r0]
	bx	lr

.global fpu_load
.type fpu_load, %function
fpu_load:
	vldmia	r0!, {d0-d15}
	vldmia	r0!, {d16-d31}
	ldr	r1, [r0]
	vmsr	fpscr, r1
	bx	lr

.section .note.GNU-stack, ""
