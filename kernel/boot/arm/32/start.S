/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: from the loader to C, and from C to the kernel.
 *
 * The loader leaves address translation off, and enters in SVC or HYP mode with the
 * address of the device tree in r2, or 0. HYP is given up: the kernel runs at PL1.
 */
#include <by/arch/mark.h>

.syntax unified
.arch armv7-a
.arch_extension virt
.arm

#define MODE_SVC 0x13
#define MODE_HYP 0x1a
#define MODE_MASK 0x1f
#define PSR_AIF  0x1c0

.section .text.start, "ax"
.balign 4
.global start
.type start, %function
start:
	by_mark_begin 31                        @ for "make bench"; a nop
	mrs	r0, cpsr
	and	r0, r0, #MODE_MASK
	cmp	r0, #MODE_HYP
	beq	from_hyp
	cpsid	aif, #MODE_SVC

clear:
	ldr	r0, =bss_start
	ldr	r1, =bss_end
	mov	r3, #0
1:	cmp	r0, r1
	strlo	r3, [r0], #4
	blo	1b
	ldr	r0, =vectors
	mcr	p15, 0, r0, c12, c0, 0          @ VBAR
	ldr	sp, =boot_stack_top
	mov	r0, r2
	bl	boot_main

/* Arm ARM, DDI 0406C, B1.7 and B4.1: no trap from PL1 to PL2, and its timers free. */
from_hyp:
	mov	r0, #0
	mcr	p15, 4, r0, c1, c1, 0           @ HCR
	mcr	p15, 4, r0, c1, c1, 3           @ HSTR
	mcrr	p15, 4, r0, r0, c14             @ CNTVOFF
	mrc	p15, 4, r1, c1, c1, 2           @ HCPTR: coprocessors 10, 11, TASE, TTA
	ldr	r3, =0x00108c00
	bic	r1, r1, r3
	mcr	p15, 4, r1, c1, c1, 2
	mrc	p15, 4, r1, c14, c1, 0          @ CNTHCTL: PL1PCTEN, PL1PCEN
	orr	r1, r1, #3
	mcr	p15, 4, r1, c14, c1, 0
	mrc	p15, 0, r1, c0, c0, 0
	mcr	p15, 4, r1, c0, c0, 0           @ VPIDR = MIDR
	mrc	p15, 0, r1, c0, c0, 5
	mcr	p15, 4, r1, c0, c0, 5           @ VMPIDR = MPIDR
	mov	r1, #(MODE_SVC | PSR_AIF)
	msr	spsr_cxsf, r1
	ldr	r1, =clear
	msr	elr_hyp, r1
	eret

/* void boot_enter(info, zone, entry, struct translation *) */
.global boot_enter
.type boot_enter, %function
boot_enter:
	ldr	r4, [r3, #0]
	mcr	p15, 0, r4, c10, c2, 0          @ MAIR0
	ldr	r4, [r3, #4]
	mcr	p15, 0, r4, c2, c0, 2           @ TTBCR
	mov	r5, #0
	ldr	r4, [r3, #8]
	mcrr	p15, 0, r4, r5, c2              @ TTBR0
	ldr	r4, [r3, #12]
	mcrr	p15, 1, r4, r5, c2              @ TTBR1
	dsb
	isb
	mcr	p15, 0, r5, c8, c7, 0           @ TLBIALL
	mcr	p15, 0, r5, c7, c5, 0           @ ICIALLU
	mcr	p15, 0, r5, c7, c5, 6           @ BPIALL
	dsb
	isb
	ldr	r6, [r3, #16]
	mcr	p15, 0, r6, c1, c0, 0           @ SCTLR
	isb
	bx	r2
	.ltorg

.balign 32
vectors:
	.rept	8
	b	unexpected
	.endr

unexpected:
	mov	r0, lr
	mrc	p15, 0, r1, c5, c0, 0           @ DFSR
	mrc	p15, 0, r2, c6, c0, 0           @ DFAR
	cpsid	aif, #MODE_SVC
	ldr	sp, =boot_stack_top
	bl	boot_trap
	.ltorg

.section .bss.stack, "aw", %nobits
.balign 8
	.skip	8192
boot_stack_top:

.section .note.GNU-stack, ""
