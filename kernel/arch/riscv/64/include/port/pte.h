/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * riscv64: Sv39, three levels of 512 entries (privileged architecture 4.4).
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
