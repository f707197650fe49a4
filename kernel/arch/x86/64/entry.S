/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways into the kernel and out of it.
 *
 * While a thread runs, TSS.SP0 points to the end of its frame, which is where
 * the CPU pushes its part at an interrupt and where the rest is added. So the
 * registers of a thread are saved once, into the thread. The kernel's own stack
 * begins empty at each entry, and backtraces end there. See port/frame.h for the order.
 */
#include <port/vector.h>

#define MSR_FS_BASE 0xc0000100
#define MSR_GS_BASE 0xc0000101

.macro push_call_registers
	.irp reg, rax, r9, r8, r10, rdx, rsi, rdi, rbx, rbp, r12, r13, r14, r15
	push %\reg
	.endr
.endm

.macro pop_call_registers
	.irp reg, r15, r14, r13, r12, rbp, rbx, rdi, rsi, rdx, r10, r8, r9, rax
	pop %\reg
	.endr
.endm

	.cfi_sections .debug_frame
	.section .text.entry, "ax"
	.cfi_startproc
	.cfi_undefined rip

/* From the bootstrap, with the physical address of struct by_boot_info in rdi. */
	.globl kernel_entry
kernel_entry:
	mov $local_stack_end, %rsp
	xor %ebp, %ebp
	call port_start
	jmp leave

/*
 * System call: rcx and r11 hold the caller's rip and rflags, cs and ss are
 * constant. IF, TF, DF and AC are clear (SFMASK).
 */
	.globl entry_call
	.balign 64
entry_call:
	swapgs
	mov %rsp, %gs:LOCAL_USER_SP
	mov %gs:LOCAL_SP0, %rsp
	mov %rcx, -40(%rsp)
	mov %r11, -24(%rsp)
	movq $VECTOR_CALL, -56(%rsp)
	sub $72, %rsp
	push_call_registers
	mov %gs:LOCAL_USER_SP, %rcx
	mov %rcx, FRAME_RSP(%rsp)
	mov %gs:LOCAL_CPU, %rdi
	mov %gs:LOCAL_STACK, %rsp
	call kernel_call

/* Run the current thread of this CPU, whatever it is by now. */
leave:
	mov %gs:LOCAL_CPU, %rdi
	call kernel_leave
	mov %rax, %rsp
	test %rax, %rax
	jz idle
	lea FRAME_SIZE(%rsp), %rcx
	mov %rcx, %gs:LOCAL_SP0
	mov THREAD_TLS(%rsp), %rax
	or %gs:LOCAL_TLS, %rax
	jnz load_tls

/*
 * SYSRET faults in the kernel if rcx is not canonical (Intel SDM volume 2,
 * SYSRET). It is behind a SYSCALL instruction, and the last user page is never
 * mapped; whoever sets another rip makes the frame one for IRET. TF works as
 * one wants for a step over SYSCALL: the trap comes before the next instruction.
 */
restore:
	cmpl $VECTOR_CALL, FRAME_VECTOR(%rsp)
	jne restore_all
	pop_call_registers
	mov 32(%rsp), %rcx
	mov 48(%rsp), %r11
	mov 56(%rsp), %rsp
	swapgs
	sysretq

/* 'entry_wake' is the gate of an interrupt that shall just end a HLT, see clock.c. */
	.globl entry_wake
restore_all:
	pop_call_registers
	pop %rcx
	pop %r11
	add $16, %rsp
	swapgs
entry_wake:
	iretq

/*
 * FS base is what the kernel loaded, or 0: user level can load selectors, all
 * of which have base 0. So a thread with a base gets it whenever another one
 * ran in between, and threads without one cost nothing.
 */
load_tls:
	mov THREAD_TLS(%rsp), %rax
	cmp %rsp, %gs:LOCAL_FS_OWNER
	jne 1f
	cmp %rax, %gs:LOCAL_TLS
	je restore
1:	mov %rsp, %gs:LOCAL_FS_OWNER
	mov %rax, %gs:LOCAL_TLS
	mov %rax, %rdx
	shr $32, %rdx
	mov $MSR_FS_BASE, %ecx
	wrmsr
	jmp restore

/* An interrupt does not come back here: there is nothing to come back to. */
idle:
	mov %gs:LOCAL_STACK, %rsp
1:	sti
	hlt
	jmp 1b

/* Interrupts and exceptions; 'entry_vectors' are 16 bytes each. */
	.globl entry_vectors
	.balign 16
entry_vectors:
	vector = 0
	.rept VECTORS
	.balign 16
	.if vector != 8 && (vector < 10 || vector > 14) && vector != 17 && vector != 21 \
	    && vector != 29 && vector != 30
	push $0
	.endif
	push $vector
	.if vector == VECTOR_NMI || vector == VECTOR_DOUBLE || vector == VECTOR_CHECK
	jmp trap_own_stack
	.else
	jmp trap
	.endif
	vector = vector + 1
	.endr

/*
 * lfence: nothing is loaded through a GS that is not the kernel's, not even
 * speculatively. popf: user level's AC would switch SMAP off, its DF break C.
 */
trap:
	push %r11
	push %rcx
	push_call_registers
	mov %rsp, %rdi
	testb $3, FRAME_CS(%rsp)
	jz trap_in_kernel
	swapgs
	lfence
	mov %gs:LOCAL_STACK, %rsp
	pushq $2
	popfq
	call trap_user
	jmp leave

/* An interrupt while idle, or a mistake of the kernel. */
trap_in_kernel:
	lfence
	call trap_kernel
	mov %gs:LOCAL_STACK, %rsp
	jmp leave

/* On a stack of its own, because it can come before the kernel has one. Final. */
trap_own_stack:
	push %r11
	push %rcx
	push_call_registers
	mov $MSR_GS_BASE, %ecx
	rdmsr
	test %edx, %edx
	js 1f
	swapgs
1:	mov %rsp, %rdi
	pushq $2
	popfq
	call trap_kernel
	hlt
	.cfi_endproc

	.section .note.GNU-stack, "", @progbits
