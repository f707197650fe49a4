/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a Multiboot loader to C in long mode.
 *
 * Loaders enter in 32-bit mode without paging, eax and ebx as in multiboot.h. The
 * tables made here map the first 4 GiB to themselves; the kernel's replace them.
 */
#include "board.h"

#define BY_MARK_BOOT 31

#define V1_MAGIC  0x1badb002
#define V1_FLAGS  3           /* modules page-aligned, memory map wanted */
#define V2_MAGIC  0xe85250d6

#define STACK_SIZE 16384
#define MSR_EFER   0xc0000080

	.section .head, "ax"
	.code32

	/* Multiboot Specification 0.6.96, 3.1 */
	.balign 8
	.long V1_MAGIC, V1_FLAGS, -(V1_MAGIC + V1_FLAGS)

	/* Multiboot Specification 2.0, 3.1: header, tags */
	.balign 8
v2_header:
	.long V2_MAGIC, 0, v2_end - v2_header, -(V2_MAGIC + 0 + (v2_end - v2_header))
	.balign 8
	.short 5, 1                   /* framebuffer, if there can be one */
	.long 20, 1024, 768, 32
	.balign 8
	.short 0, 0
	.long 8
v2_end:

	/* the mark of by/mark.h with which "make bench" begins; a nop */
	.globl boot_entry
boot_entry:
	nopl 0x42590000 + BY_MARK_BOOT(%eax)
	cld
	mov $boot_stack + STACK_SIZE, %esp
	mov %eax, %ebp
	mov %ebx, %esi

	/* long mode? Intel SDM volume 2, CPUID, leaf 80000001H */
	mov $0x80000000, %eax
	cpuid
	cmp $0x80000001, %eax
	jb no_long_mode
	mov $0x80000001, %eax
	cpuid
	bt $29, %edx
	jnc no_long_mode

	/* one root, one table of four directories, 2048 pages of 2 MiB */
	movl $boot_directory_table + 3, boot_root
	mov $boot_directories + 3, %eax
	mov $boot_directory_table, %edi
1:	mov %eax, (%edi)
	add $4096, %eax
	add $8, %edi
	cmp $boot_directory_table + 32, %edi
	jne 1b
	mov $0x83, %eax
	mov $boot_directories, %edi
2:	mov %eax, (%edi)
	add $0x200000, %eax
	add $8, %edi
	cmp $boot_directories + 4 * 4096, %edi
	jne 2b

	/* Intel SDM volume 3, 10.8.5: PAE, root, LME, paging */
	mov %cr4, %eax
	or $0x20, %eax
	mov %eax, %cr4
	mov $boot_root, %eax
	mov %eax, %cr3
	mov $MSR_EFER, %ecx
	rdmsr
	or $0x100, %eax
	wrmsr
	mov %cr0, %eax
	or $0x80000001, %eax
	mov %eax, %cr0
	mov %ebp, %edi
	lgdt segments_pointer
	ljmp $8, $long_mode

/* The UART is as the loader left it: there is nothing better without C. */
no_long_mode:
	mov $no_long_mode_text, %esi
1:	mov $BOARD_UART_PORT + 5, %dx
	inb %dx, %al
	test $0x20, %al
	jz 1b
	lodsb
	mov $BOARD_UART_PORT, %dx
	outb %al, %dx
	cmpb $0, (%esi)
	jne 1b
2:	cli
	hlt
	jmp 2b

	.code64
long_mode:
	mov $16, %eax
	mov %eax, %ss
	mov %eax, %ds
	mov %eax, %es
	mov $boot_stack + STACK_SIZE, %esp
	call boot_main

/* boot_enter(root, entry, info): into the kernel, whose root maps this code as well. */
	.globl boot_enter
boot_enter:
	mov boot_root, %rax
	mov %rax, (%rdi)
	mov %rdx, %r8
	mov $MSR_EFER, %ecx
	rdmsr
	or $0x800, %eax
	wrmsr
	mov %rdi, %cr3
	mov %r8, %rdi
	jmp *%rsi

	.section .rodata
no_long_mode_text:
	.asciz "boot: this CPU cannot run Banyan: it has no 64-bit mode (long mode)\r\n"
	.balign 8
segments:
	.quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
segments_pointer:
	.short . - segments - 1
	.long segments

	.section .bss
	.balign 4096
boot_root:            .skip 4096
boot_directory_table: .skip 4096
boot_directories:     .skip 4 * 4096
boot_stack:           .skip STACK_SIZE

	.section .note.GNU-stack, "", @progbits
