/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * System control coprocessor of Arm v7-A (Arm ARM, DDI 0406C, B3.17 and B4.1).
 *
 *     cp15_write(CP15_SCTLR, cp15_read(CP15_SCTLR) | SCTLR_WXN);
 */
#ifndef PORT_CP15_H
#define PORT_CP15_H

#include <by/types.h>

#define cp15_read(reg)         cp15_read_(reg)
#define cp15_write(reg, value) cp15_write_(reg, value)

#define cp15_read_(op1, crn, crm, op2) ({ \
	by_word_t cp15_value; \
	__asm__ volatile ("mrc p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 \
	                  : "=r" (cp15_value)); \
	cp15_value; })

#define cp15_write_(op1, crn, crm, op2, value) \
	__asm__ volatile ("mcr p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 \
	                  : : "r" ((by_word_t)(value)) : "memory")

#define cp15_read64(reg)         cp15_read64_(reg)
#define cp15_write64(reg, value) cp15_write64_(reg, value)

#define cp15_read64_(op1, crm) ({ \
	uint64_t cp15_value; \
	__asm__ volatile ("mrrc p15, " #op1 ", %Q0, %R0, " #crm : "=r" (cp15_value)); \
	cp15_value; })

#define cp15_write64_(op1, crm, value) \
	__asm__ volatile ("mcrr p15, " #op1 ", %Q0, %R0, " #crm \
	                  : : "r" ((uint64_t)(value)) : "memory")

/* opc1, CRn, CRm, opc2; of registers of 64 bit: opc1, CRm */
#define CP15_CTR       0, c0, c0, 1
#define CP15_MPIDR     0, c0, c0, 5
#define CP15_ID_PFR0   0, c0, c1, 0
#define CP15_ID_PFR1   0, c0, c1, 1
#define CP15_ID_MMFR0  0, c0, c1, 4
#define CP15_SCTLR     0, c1, c0, 0
#define CP15_CPACR     0, c1, c0, 2
#define CP15_TTBR0     0, c2
#define CP15_DFSR      0, c5, c0, 0
#define CP15_IFSR      0, c5, c0, 1
#define CP15_DFAR      0, c6, c0, 0
#define CP15_IFAR      0, c6, c0, 2
#define CP15_ICIALLUIS 0, c7, c1, 0
#define CP15_BPIALLIS  0, c7, c1, 6
#define CP15_PAR       0, c7
#define CP15_ATS1CPR   0, c7, c8, 0
#define CP15_DCCMVAC   0, c7, c10, 1
#define CP15_DCCMVAU   0, c7, c11, 1
#define CP15_DCCIMVAC  0, c7, c14, 1
#define CP15_BPIALL    0, c7, c5, 6
#define CP15_TLBIALL   0, c8, c7, 0
#define CP15_TLBIMVA   0, c8, c7, 1
#define CP15_TLBIASID  0, c8, c7, 2
#define CP15_PMUSERENR 0, c9, c14, 0
#define CP15_TPIDRURW  0, c13, c0, 2
#define CP15_TPIDRURO  0, c13, c0, 3
#define CP15_CNTFRQ    0, c14, c0, 0
#define CP15_CNTKCTL   0, c14, c1, 0
#define CP15_CNTV_CTL  0, c14, c3, 1
#define CP15_CNTVCT    1, c14
#define CP15_CNTV_CVAL 3, c14

enum {
	SCTLR_A    = 1 << 1,  /* misaligned accesses fault */
	SCTLR_WXN  = 1 << 19, /* what is writeable cannot be executed */
	SCTLR_UWXN = 1 << 20, /* what user level can write the kernel cannot execute */
};

enum {
	PSR_USER   = 0x10,
	PSR_T      = 1 << 5,
	PSR_F      = 1 << 6,
};

/** Flags, IT state, and T: what user level has for its own. */
#define PSR_OWN 0xfe0ffc20u

static inline void cp15_isb(void) { __asm__ volatile ("isb" ::: "memory"); }
static inline void cp15_dsb(void) { __asm__ volatile ("dsb ish" ::: "memory"); }

#endif
