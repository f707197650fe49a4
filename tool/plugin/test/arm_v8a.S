/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Known numbers of instructions and events, at EL1. The expected result stands
 * in expected.tsv.
 */
#include <by/arch/mark.h>

.arch armv8.1-a
.text
.global _start
_start:
	mov  x8, #0x09000000     // UART
	ldr  x9, =variable

.rept 3
	by_mark_begin 0
	by_mark_end 0
.endr

	by_mark_begin 1
	.rept 10
	nop
	.endr
	by_mark_begin 2          // overlaps with 1
	mov  x0, #1000
1:	subs x0, x0, #1
	bne  1b
	by_mark_end 1
	by_mark_end 2

	by_mark_begin 3
	msr  ttbr0_el1, x0
	msr  ttbr1_el1, x0
	mrs  x0, ttbr0_el1       // reads do not count
	by_mark_end 3

	by_mark_begin 4
	tlbi vmalle1
	tlbi vae1is, x0
	tlbi aside1is, x0
	by_mark_end 4

	by_mark_begin 5
	ldxr x0, [x9]
	stxr w1, x0, [x9]
	ldr  x0, [x9]            // not counted
	ldar x0, [x9]
	dmb  ish
	dsb  sy
	isb
	by_mark_end 5

	by_mark_begin 6
	ldr  w0, [x8, #0x18]
	ldr  w0, [x8, #0x18]
	ldr  x0, [x9]
	str  w0, [x8, #0x44]
	str  w0, [x8, #0x44]
	nop
	by_mark_end 6

	by_mark_begin 7          // other hints are not marks
	hint #0
	hint #1
	hint #34
	hint #35
	by_mark_end 7

	by_mark_begin 8
	mov  x0, #501
1:	subs x0, x0, #1
	bne  1b
	nop
	by_mark_end 8

	mov  w0, #8              // PSCI: SYSTEM_OFF
	movk w0, #0x8400, lsl #16
	hvc  #0
1:	b    1b

.bss
.balign 8
variable: .skip 8
.section .note.GNU-stack, ""
