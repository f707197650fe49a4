/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of C for entry.S, as absolute symbols that the linker fills in. So they
 * need no generated file and cannot differ.
 */
#include "thread.h"
#include <port/local.h>

#define OFFSET(name, value) \
	asm volatile (".globl " #name "\n\t.set " #name ", %c0" : : "i"(value))

__attribute__((used))
static void offsets(void)
{
	OFFSET(LOCAL_CPU, offsetof(struct local, cpu));
	OFFSET(LOCAL_STACK, offsetof(struct local, stack));
	OFFSET(LOCAL_USER_SP, offsetof(struct local, user_sp));
	OFFSET(LOCAL_TLS, offsetof(struct local, tls));
	OFFSET(LOCAL_FS_OWNER, offsetof(struct local, fs_owner));
	OFFSET(LOCAL_SP0, offsetof(struct local, tss.sp));
	OFFSET(THREAD_TLS, offsetof(struct thread, tls));
	OFFSET(FRAME_VECTOR, offsetof(struct frame, vector));
	OFFSET(FRAME_CS, offsetof(struct frame, cs));
	OFFSET(FRAME_RSP, offsetof(struct frame, rsp));
	OFFSET(FRAME_SIZE, sizeof(struct frame));
}

/* What entry.S takes for granted: order of pushing, and where a frame is. */
_Static_assert(offsetof(struct thread, frame) == 0, "a thread begins with its frame");
_Static_assert(offsetof(struct frame, op) == 12 * 8, "13 registers are pushed by calls");
_Static_assert(offsetof(struct frame, vector) == 15 * 8, "15 by all others");
_Static_assert(offsetof(struct frame, rip) == 17 * 8 && sizeof(struct frame) == 22 * 8, "CPU");
