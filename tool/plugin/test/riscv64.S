/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Known numbers of instructions and events, in machine mode. The expected
 * result stands in expected.tsv.
 */
#include <by/arch/mark.h>

.text
.option norvc
.global _start
_start:
	li   s0, 0x10000000      /* UART */
	la   s1, variable

.rept 3
	by_mark_begin 0
	by_mark_end 0
.endr

	by_mark_begin 1
	.rept 10
	nop
	.endr
	by_mark_begin 2          /* overlaps with 1 */
	li   t0, 1000
1:	addi t0, t0, -1
	bnez t0, 1b
	by_mark_end 1
	by_mark_end 2

	by_mark_begin 3
	csrw satp, zero
	csrrw t0, satp, t0
	csrr t0, satp            /* reads do not count */
	by_mark_end 3

	by_mark_begin 4
	sfence.vma
	sfence.vma t0
	sfence.vma t0, t1
	by_mark_end 4

	by_mark_begin 5
	lr.d t0, (s1)
	sc.d t0, t0, (s1)
	amoadd.w t0, t0, (s1)
	ld   t0, (s1)            /* not counted */
	fence
	fence.i
	fence rw, rw
	by_mark_end 5

	by_mark_begin 6
	lbu  t0, 5(s0)
	lbu  t0, 5(s0)
	ld   t0, (s1)
	sb   zero, 7(s0)
	sb   zero, 7(s0)
	nop
	by_mark_end 6

.option rvc
	by_mark_begin 7          /* compressed ones count as one each */
	.rept 100
	c.nop
	.endr
	by_mark_end 7
.option norvc

	/* instructions between two reads of minstret */
	by_mark_begin 8
	csrr t1, minstret
	nop
	li   t0, 500
1:	addi t0, t0, -1
	bnez t0, 1b
	csrr t2, minstret
	by_mark_end 8
	sub  t2, t2, t1
	li   t1, 1003
	li   t0, 0x5555          /* success, or failure with status 1 */
	beq  t1, t2, 1f
	li   t0, 0x13333
1:	li   t1, 0x100000
	sw   t0, (t1)
1:	wfi
	j    1b

.bss
.balign 8
variable: .skip 8
.section .note.GNU-stack, ""
