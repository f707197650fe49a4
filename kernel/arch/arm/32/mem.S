/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: fill and copy memory, eight words at a time where both sides are aligned.
 */
.syntax unified
.arch armv7-a
.arm

.section .text.memset, "ax"
.balign 4
.global memset
.type memset, %function
memset:
	mov	r3, r0
	tst	r0, #3
	bne	3f
	and	r1, r1, #0xff
	orr	r1, r1, r1, lsl #8
	orr	r1, r1, r1, lsl #16
	push	{r4-r10}
	mov	r4, r1
	mov	r5, r1
	mov	r6, r1
	mov	r7, r1
	mov	r8, r1
	mov	r9, r1
	mov	r10, r1
1:	subs	r2, r2, #32
	stmiahs	r3!, {r1, r4-r10}
	bhs	1b
	add	r2, r2, #32
	pop	{r4-r10}
2:	subs	r2, r2, #4
	strhs	r1, [r3], #4
	bhs	2b
	add	r2, r2, #4
3:	subs	r2, r2, #1
	strbhs	r1, [r3], #1
	bhs	3b
	bx	lr

.section .text.memcpy, "ax"
.balign 4
.global memcpy
.type memcpy, %function
memcpy:
	mov	r12, r0
	orr	r3, r0, r1
	tst	r3, #3
	bne	3f
	push	{r4-r10}
1:	subs	r2, r2, #32
	ldmiahs	r1!, {r3-r10}
	stmiahs	r12!, {r3-r10}
	bhs	1b
	add	r2, r2, #32
	pop	{r4-r10}
2:	subs	r2, r2, #4
	ldrhs	r3, [r1], #4
	strhs	r3, [r12], #4
	bhs	2b
	add	r2, r2, #4
3:	subs	r2, r2, #1
	ldrbhs	r3, [r1], #1
	strbhs	r3, [r12], #1
	bhs	3b
	bx	lr

.section .note.GNU-stack, ""
