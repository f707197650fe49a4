/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: start of the kernel, entry by an exception and the way out.
 *
 * While a thread executes, the stack pointer of SVC mode stands at the end of its
 * frame: so SRS and STM of an exception save into the frame. The kernel itself runs
 * in IRQ mode, whose stack pointer stands at the top of the CPU's stack then; that of
 * SVC mode stands at the end of a frame for exceptions of the kernel meanwhile.
 * Backtraces end here.
 */
#include <port/offsets.h>

.syntax unified
.arch armv7-a
.arm

#define MODE_IRQ 0x12
#define MODE_SVC 0x13

/* From the bootstrap: r0 and r1 are what kernel_start() wants. */
.cfi_sections .debug_frame
.section .text.start, "ax"
.cfi_startproc
.cfi_undefined lr
.balign 4
.global start
.type start, %function
start:
	ldr	r2, =vectors
	mcr	p15, 0, r2, c12, c0, 0          @ VBAR
	ldr	r2, =cpus
	mcr	p15, 0, r2, c13, c0, 4          @ TPIDRPRW
	cpsid	aif, #MODE_SVC
	ldr	sp, =kernel_frame_end
	cps	#MODE_IRQ
	ldr	sp, =stack_top
	bl	kernel_start
	b	leave
	.ltorg

/* Save the registers; 'late' is how far the return address is behind. */
.macro vector cause, late, common
	.if	\late
	sub	lr, lr, #\late
	.endif
	srsdb	sp!, #MODE_SVC
	cpsid	aif, #MODE_SVC
	stmdb	sp, {r0-r14}^
	mov	r1, #\cause
	b	\common
.endm

.balign 32
vectors:
	b	on_unexpected
	b	on_undefined
	b	on_call
	b	on_prefetch
	b	on_data
	b	on_unexpected
	b	on_irq
	b	on_unexpected

/* Arm ARM, DDI 0406C, table B1-7: where lr points to. */
on_undefined:
	vector	TRAP_UNDEFINED, 0, enter_fault
on_prefetch:
	vector	TRAP_PREFETCH, 4, enter_fault
on_data:
	vector	TRAP_DATA, 8, enter_fault
on_unexpected:                                  /* reset, HVC, FIQ: never */
	vector	TRAP_UNEXPECTED, 4, enter_fault
on_irq:
	vector	TRAP_IRQ, 4, enter
on_call:
	vector	TRAP_CALL, 0, enter

enter_fault:
	sub	r0, sp, #FRAME_REGS
	ldr	r2, [r0, #FRAME_CPSR]
	tst	r2, #0xf                        @ user mode is 0x10
	beq	enter
	ldr	sp, =kernel_frame_end
	cps	#MODE_IRQ                       @ the kernel's stack may be used up
	mov	r2, sp
	mov	r3, lr
	ldr	sp, =panic_stack_top
	bl	trap_kernel

enter:
	sub	r0, sp, #FRAME_REGS
	ldr	sp, =kernel_frame_end
	cps	#MODE_IRQ
	bl	trap

leave:	/* to the thread whose frame r0 is */
	cps	#MODE_SVC
	mov	sp, r0
	ldmia	sp, {r0-r14}^
	add	sp, sp, #FRAME_REGS
	rfeia	sp!
.cfi_endproc

	.ltorg

/* Registers of an exception of the kernel itself. */
.section .bss.kernel_frame, "aw", %nobits
.balign 8
	.skip	FRAME_SIZE
kernel_frame_end:

.section .bss.panic_stack, "aw", %nobits
.balign 8
	.skip	2048
panic_stack_top:

/* The page below is not mapped; see kernel.ld. */
.section .stack, "aw", %nobits
	.skip	4096
.global stack_top
stack_top:

.section .note.GNU-stack, ""
