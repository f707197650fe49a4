/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control and status registers: RISC-V privileged architecture, version 20211203,
 * chapter 4 (supervisor level); Sstc extension for stimecmp.
 */
#ifndef PORT_CSR_H
#define PORT_CSR_H

#include <by/types.h>

#define csr_read(name) ({ \
	by_word_t csr_value; \
	__asm__ volatile ("csrr %0, " #name : "=r" (csr_value)); \
	csr_value; })

#define csr_write(name, value) \
	__asm__ volatile ("csrw " #name ", %0" : : "rK" ((by_word_t)(value)) : "memory")

#define csr_set(name, bits) \
	__asm__ volatile ("csrs " #name ", %0" : : "rK" ((by_word_t)(bits)) : "memory")

#define csr_clear(name, bits) \
	__asm__ volatile ("csrc " #name ", %0" : : "rK" ((by_word_t)(bits)) : "memory")

/** stimecmp by its number, because older assemblers do not know the name. */
#define CSR_STIMECMP 0x14d

#define SSTATUS_SIE   ((by_word_t)1 << 1)
#define SSTATUS_SPIE  ((by_word_t)1 << 5)
#define SSTATUS_SPP   ((by_word_t)1 << 8)
#define SSTATUS_FS    ((by_word_t)3 << 13) /* FPU: 0 off, 1 initial, 2 clean, 3 dirty */
#define SSTATUS_FS_CLEAN ((by_word_t)2 << 13)
#define SSTATUS_VS    ((by_word_t)3 << 9)
#define SSTATUS_SUM   ((by_word_t)1 << 18)
#define SSTATUS_MXR   ((by_word_t)1 << 19)

/** Interrupts, in sie and sip by bit, in scause by number. */
enum { IRQ_SOFTWARE = 1, IRQ_TIMER = 5, IRQ_EXTERNAL = 9 };

/** User level may read 'time', and no other counter. */
enum { SCOUNTEREN_TM = 1 << 1 };

enum { SATP_ASID_SHIFT = 44 };
#define SATP_SV39     ((by_word_t)8 << 60)
#define SATP_ASID     ((by_word_t)0xffff << SATP_ASID_SHIFT)
#define SATP_PPN      (((by_word_t)1 << SATP_ASID_SHIFT) - 1)

#endif
