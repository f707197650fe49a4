/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v8a: marks for the instruction counter, see tool/plugin/marks.md: hints
 * without a meaning, which the manual makes nops.
 */
#ifndef BY_ARCH_MARK_H
#define BY_ARCH_MARK_H

#ifdef __ASSEMBLER__
.macro by_mark_begin id
	hint #(64 + \id)
.endm
.macro by_mark_end id
	hint #(96 + \id)
.endm
#else

#define BY_MARK_BEGIN(id) \
	__asm__ volatile ("hint #(64 + %0)" : : "i"(id) : "memory")
#define BY_MARK_END(id) \
	__asm__ volatile ("hint #(96 + %0)" : : "i"(id) : "memory")

#endif
#endif
