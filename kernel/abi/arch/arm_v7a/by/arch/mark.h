/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: marks for the instruction counter, see tool/plugin/marks.md: hints
 * without a meaning, which the manual makes nops. Written as numbers, because
 * assemblers accept the numbers that they know only. They are those of the
 * instruction set that the place is compiled for.
 */
#ifndef BY_ARCH_MARK_H
#define BY_ARCH_MARK_H

#ifdef __ASSEMBLER__
/* a32 */
.macro by_mark_begin id
	.inst 0xe320f000 + 64 + \id
.endm
.macro by_mark_end id
	.inst 0xe320f000 + 96 + \id
.endm
#elif defined(__thumb__)
#define BY_MARK_BEGIN(id) \
	__asm__ volatile (".inst.w 0xf3af8000 + 64 + %c0" : : "i"(id) : "memory")
#define BY_MARK_END(id) \
	__asm__ volatile (".inst.w 0xf3af8000 + 96 + %c0" : : "i"(id) : "memory")
#else
#define BY_MARK_BEGIN(id) \
	__asm__ volatile (".inst 0xe320f000 + 64 + %c0" : : "i"(id) : "memory")
#define BY_MARK_END(id) \
	__asm__ volatile (".inst 0xe320f000 + 96 + %c0" : : "i"(id) : "memory")
#endif

#endif
