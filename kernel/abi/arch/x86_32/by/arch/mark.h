/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * x86_32: marks for the instruction counter, see tool/plugin/marks.md: a nop with
 * an address that nobody accesses, 0x42590000 + 0x100 if it ends an interval.
 */
#ifndef BY_ARCH_MARK_H
#define BY_ARCH_MARK_H

#ifdef __ASSEMBLER__
.macro by_mark_begin id
	nopl 0x42590000 + \id(%eax)
.endm
.macro by_mark_end id
	nopl 0x42590100 + \id(%eax)
.endm
#else

#define BY_MARK_BEGIN(id) \
	__asm__ volatile ("nopl 0x42590000 + %c0(%%eax)" : : "i"(id) : "memory")
#define BY_MARK_END(id) \
	__asm__ volatile ("nopl 0x42590100 + %c0(%%eax)" : : "i"(id) : "memory")

#endif
#endif
