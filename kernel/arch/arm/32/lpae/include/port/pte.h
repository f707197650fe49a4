/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: long-descriptor format, three levels (Arm ARM, DDI 0406C, B3.6).
 */
#ifndef PORT_PTE_H
#define PORT_PTE_H

typedef uint64_t pte_t;

enum { PT_LEVELS = 3 };

struct space {
	pte_t   *root;
	uint64_t tag;  /* ASID with its generation, see asid.h */
};

#endif
