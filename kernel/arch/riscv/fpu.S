/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the floating-point registers, F and D extensions.
 */
.attribute arch, "rv64imafdc"

.macro save n
	fsd	f\n, \n * 8(a0)
.endm

.macro load n
	fld	f\n, \n * 8(a0)
.endm

.macro each_f op
	.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, \
	        21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\op \n
	.endr
.endm

.section .text.fpu, "ax"

.global fpu_save
fpu_save:
	each_f	save
	csrr	t0, fcsr
	sd	t0, 32 * 8(a0)
	ret

.global fpu_load
fpu_load:
	ld	t0, 32 * 8(a0)
	csrw	fcsr, t0
	each_f	load
	ret
