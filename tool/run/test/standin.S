/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the run tool's own tests boot instead of an image: prints its command
 * line on COM1, with newlines for '~', then echoes what it reads there. A 'q'
 * ends QEMU, if it has the isa-debug-exit device.
 */
.text
.long 0x1badb002, 0, -0x1badb002

.global _start
_start:
	mov  16(%ebx), %esi      /* command line, with or without our file name */
2:	lodsb
	cmp  $'~', %al
	jne  3f
	mov  $'\n', %al
3:	test %al, %al
	jz   4f
	mov  $0x3f8, %dx
	out  %al, %dx
	jmp  2b
4:	mov  $'\n', %al
	out  %al, %dx

5:	mov  $0x3fd, %dx         /* a character there? */
	in   %dx, %al
	test $1, %al
	jz   5b
	mov  $0x3f8, %dx
	in   %dx, %al
	out  %al, %dx
	cmp  $'q', %al
	jne  5b
	out  %al, $0xf4
	jmp  5b
.section .note.GNU-stack, ""
