/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: from the firmware to C, and from C to the kernel.
 *
 * SBI 1.0, chapter 9 (HSM): one hart enters, in supervisor mode and without address
 * translation, with its number in a0 and the address of the device tree in a1.
 */
#include <by/arch/mark.h>

.option norelax /* lld 14 cannot align code that shrinks while it is linked */

.section .text.start, "ax"
.global start
start:
	by_mark_begin 31                        /* for "make bench"; a nop */
	csrw	sie, zero
	csrw	satp, zero
	la	t0, bss_start
	la	t1, bss_end
1:	bgeu	t0, t1, 2f
	sd	zero, 0(t0)
	addi	t0, t0, 8
	j	1b
2:	la	sp, boot_stack_top
	la	t0, unexpected
	csrw	stvec, t0
	call	boot_main

/* a0: boot information, a1: satp, a2: entry. Nothing maps this code any more when
   satp is written, so the next fetch traps, to the kernel's entry. */
.balign 4
.global boot_enter
boot_enter:
	csrw	stvec, a2
	sfence.vma
	csrw	satp, a1
	unimp

.balign 4
unexpected:
	csrr	a0, scause
	csrr	a1, sepc
	csrr	a2, stval
	la	sp, boot_stack_top
	call	boot_trap

.section .bss.stack, "aw", @nobits
.balign 16
	.skip	8192
boot_stack_top:
