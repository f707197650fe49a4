/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Known numbers of instructions and events, in A32 and, with id 7, in T32. The
 * expected result stands in expected.tsv.
 */
#include <by/arch/mark.h>

.syntax unified
.arm
.text
.global _start
_start:
	ldr  r8, =0x09000000     @ UART
	ldr  r9, =variable

.rept 3
	by_mark_begin 0
	by_mark_end 0
.endr

	by_mark_begin 1
	.rept 10
	nop
	.endr
	by_mark_begin 2          @ overlaps with 1
	mov  r0, #1000
1:	subs r0, r0, #1
	bne  1b
	by_mark_end 1
	by_mark_end 2

	by_mark_begin 3
	mcr  p15, 0, r0, c2, c0, 0
	mcr  p15, 0, r0, c2, c0, 1
	mrc  p15, 0, r0, c2, c0, 0  @ reads do not count
	by_mark_end 3

	by_mark_begin 4
	mcr  p15, 0, r0, c8, c7, 0
	mcr  p15, 0, r0, c8, c3, 1
	mcr  p15, 0, r0, c8, c7, 2
	by_mark_end 4

	by_mark_begin 5
	ldrex r0, [r9]
	strex r1, r0, [r9]
	ldr  r0, [r9]            @ not counted
	ldrexb r0, [r9]
	dmb
	dsb
	isb
	by_mark_end 5

	by_mark_begin 6
	ldr  r0, [r8, #0x18]
	ldr  r0, [r8, #0x18]
	ldr  r0, [r9]
	str  r0, [r8, #0x44]
	str  r0, [r8, #0x44]
	nop
	by_mark_end 6

	adr  r0, thumb_code + 1
	bx   r0
.pool
.thumb
.balign 4
thumb_code:
	.inst.w 0xf3af8000 + 64 + 7
	.rept 93
	nop
	.endr
	ldrex r0, [r9]
	dmb
	mcr  p15, 0, r0, c8, c7, 0
	mcr  p15, 0, r0, c2, c0, 0
	ldr  r0, [r8, #0x18]
	bl   1f                  @ looks like dsb if taken for A32
1:	nop.w
	.inst.w 0xf3af8000 + 96 + 7

	/* a T32 loop */
	.inst.w 0xf3af8000 + 64 + 8
	movw r0, #501
1:	subs r0, r0, #1
	bne  1b
	nop
	.inst.w 0xf3af8000 + 96 + 8

	/* Switch off: PSCI's SYSTEM_OFF. */
	movw r0, #8
	movt r0, #0x8400
	.arch armv7ve
	hvc  #0
1:	b    1b

.bss
.balign 8
variable: .skip 8
.section .note.GNU-stack, ""
