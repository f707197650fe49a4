/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: start of the kernel, entry by a trap and the way out.
 *
 * While a thread executes, sscratch holds the address of its frame; in the kernel
 * it holds 0 and tp the address of the struct cpu. Frames keep the kernel's stack
 * and tp as they are whenever the kernel is left. Backtraces end here.
 */
#include <port/offsets.h>

.macro each_x op
	.irp n, 1, 2, 3, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, \
	        23, 24, 25, 26, 27, 28, 29, 30, 31
	\op \n
	.endr
.endm

.macro save n
	sd	x\n, FRAME_X(\n)(tp)
.endm

.macro restore n
	ld	x\n, FRAME_X(\n)(a0)
.endm

/* lld 14 cannot align code that shrinks while it is linked. */
.option norelax

.cfi_sections .debug_frame
.section .text.start, "ax"
.cfi_startproc
.cfi_undefined ra

/* From the bootstrap, by the fault of its first fetch with address translation on. */
.balign 4
.global start
start:
	la	sp, stack_top
	la	tp, cpus
	csrw	sscratch, zero
	call	kernel_start
	j	leave

.balign 4
.global trap_entry
trap_entry:
	csrrw	tp, sscratch, tp
	bnez	tp, 1f
	la	tp, trap_frame                  /* a trap of the kernel itself */
1:	each_x	save
	sd	a0, FRAME_X(10)(tp)
	csrrw	t0, sscratch, zero
	csrr	t1, sepc
	sd	t0, FRAME_X(4)(tp)
	sd	t1, FRAME_X(0)(tp)
	mv	a0, tp
	ld	sp, FRAME_STACK(tp)
	ld	tp, FRAME_CPU(tp)
	call	trap

leave:	/* to the thread whose frame a0 is */
	ld	t0, FRAME_X(0)(a0)
	csrw	sscratch, a0
	csrw	sepc, t0
	sd	sp, FRAME_STACK(a0)
	sd	tp, FRAME_CPU(a0)
	each_x	restore
	ld	tp, FRAME_X(4)(a0)
	ld	a0, FRAME_X(10)(a0)
	sret
.cfi_endproc

/* The page below is not mapped; see kernel.ld. */
.section .stack, "aw", @nobits
	.skip	4096
.global stack_top
stack_top:
