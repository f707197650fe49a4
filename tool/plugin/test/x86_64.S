/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Known numbers of instructions and events, in 64-bit mode. The expected result
 * stands in expected.tsv.
 */
#include <by/arch/mark.h>

.text
.long 0x1badb002, 0, -0x1badb002

.code32
.global _start
_start:
	/* 2 GiB mapped one to one by two large pages of 1 GiB, and the APIC's */
	movl $directory + 3, root
	movl $0x00000083, directory
	movl $0xc0000083, directory + 24
	mov  $root, %eax
	mov  %eax, %cr3
	mov  $0x20, %eax         /* PAE */
	mov  %eax, %cr4
	mov  $0xc0000080, %ecx   /* EFER: long mode */
	mov  $0x100, %eax
	xor  %edx, %edx
	wrmsr
	mov  $0x80000001, %eax
	mov  %eax, %cr0
	lgdt descriptor
	ljmp $8, $long_mode

.code64
long_mode:
	mov  $16, %eax
	mov  %eax, %ss
	lea  stack_top, %rsp
	mov  $0xfee00000, %rbx   /* local APIC */

.rept 3
	by_mark_begin 0
	by_mark_end 0
.endr

	by_mark_begin 1
	.rept 10
	nop
	.endr
	by_mark_begin 2          /* overlaps with 1 */
	mov  $1000, %ecx
1:	dec  %ecx
	jnz  1b
	by_mark_end 1
	by_mark_end 2

	mov  %cr3, %rax
	mov  %cr4, %rdx
	by_mark_begin 3
	mov  %rax, %cr3
	mov  %rax, %cr3
	mov  %cr3, %r8           /* reads do not count */
	by_mark_end 3

	by_mark_begin 4
	invlpg (%rsp)
	mov  %rdx, %cr4
	invlpg 8(%r9)
	by_mark_end 4

	by_mark_begin 5
	lock incl (%rsp)
	lock cmpxchg %rax, (%rsp)
	xchg %rax, (%rsp)
	xchg %rax, %r8           /* registers only: not counted */
	mfence
	lfence
	sfence
	by_mark_end 5

	by_mark_begin 6
	mov  0x20(%rbx), %eax    /* APIC id, version */
	mov  0x30(%rbx), %eax
	mov  (%rsp), %eax
	in   $0x61, %al
	mov  $0x80, %dx
	out  %al, %dx
	by_mark_end 6

	lea  source, %rsi
	lea  target, %rdi
	mov  $100, %ecx
	by_mark_begin 7          /* each round counts, and finding the end */
	rep movsb
	by_mark_end 7

	/* time stamp counter: a tick per instruction under -icount shift=0 */
	by_mark_begin 8
	rdtsc
	mov  %eax, %r8d
	mov  $500, %ecx
1:	dec  %ecx
	jnz  1b
	rdtsc
	by_mark_end 8
	sub  %r8d, %eax
	cmp  $1003, %eax         /* what lies between, and one rdtsc */
	setne %al
	out  %al, $0xf4          /* QEMU ends with 1 if equal, 3 if not */
1:	hlt
	jmp  1b

.balign 8
gdt:
	.quad 0, 0x00209a0000000000, 0x0000920000000000
descriptor:
	.word 23
	.long gdt

.bss
.balign 4096
root:      .skip 4096
directory: .skip 4096
source:    .skip 128
target:    .skip 128
	.skip 1024
stack_top: .skip 64
.section .note.GNU-stack, ""
