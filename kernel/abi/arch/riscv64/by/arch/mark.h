/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * riscv64: marks for the instruction counter, see tool/plugin/marks.md: hints
 * in the space that the manual leaves to everybody's own use.
 */
#ifndef BY_ARCH_MARK_H
#define BY_ARCH_MARK_H

#ifdef __ASSEMBLER__
.macro by_mark_begin id
	slti zero, zero, 0x400 + \id
.endm
.macro by_mark_end id
	slti zero, zero, 0x500 + \id
.endm
#else

#define BY_MARK_BEGIN(id) \
	__asm__ volatile ("slti zero, zero, 0x400 + %0" : : "i"(id) : "memory")
#define BY_MARK_END(id) \
	__asm__ volatile ("slti zero, zero, 0x500 + %0" : : "i"(id) : "memory")

#endif
#endif
