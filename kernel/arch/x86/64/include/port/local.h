/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the port has of each CPU. GS points here while the CPU is in the kernel.
 */
#ifndef PORT_LOCAL_H
#define PORT_LOCAL_H

#include "types.h"

struct cpu;

/** Selectors. SYSRET adds 8 and 16 to what STAR holds (AMD APM volume 3, SYSRET). */
enum {
	SELECTOR_KERNEL_CODE = 0x08,
	SELECTOR_KERNEL_DATA = 0x10,
	SELECTOR_USER_DATA   = 0x18 | 3,
	SELECTOR_USER_CODE   = 0x20 | 3,
	SELECTOR_TSS         = 0x28,
	SELECTORS            = 7,
};

/** Task state, Intel SDM volume 3, 8.7. */
struct tss {
	uint32_t reserved0;
	uint64_t sp[3];  /* [0]: end of the current thread's frame */
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map;
} __attribute__((packed));

struct local {
	struct cpu *cpu;      /* first: smp_self() reads it */
	word_t      stack;    /* top of the kernel's stack */
	word_t      user_sp;  /* of the system call being entered */
	word_t      tls;      /* FS base: this, or 0 if user level loaded a selector */
	word_t      fs_owner; /* the thread for which 'tls' was loaded */
	uint32_t    apic_id;
	struct tss  tss;      /* so that its stack pointers are aligned */
	uint64_t    gdt[SELECTORS];
} __attribute__((aligned(256)));   /* the TSS crosses no page */

_Static_assert(offsetof(struct local, cpu) == 0, "smp_self()");
_Static_assert(offsetof(struct local, tss.sp) % 8 == 0, "written at each switch");

enum { LOCAL_STACK_SIZE = 8192 };

extern struct local locals[];

/** Load descriptor tables, task state, and the entry of system calls, of this CPU. */
void local_init(struct local *local, struct cpu *cpu);


#endif
