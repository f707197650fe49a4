/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page-table entries of 64 bit, as PAE and long mode have them (Intel SDM volume
 * 3, 4.4 and 4.5).
 */
#ifndef PORT_PTE_H
#define PORT_PTE_H

#include <stdint.h>

typedef uint64_t pte_t;

#define PTE_PRESENT   ((pte_t)1 << 0)
#define PTE_WRITE     ((pte_t)1 << 1)
#define PTE_USER      ((pte_t)1 << 2)
#define PTE_COMBINE   ((pte_t)1 << 3)  /* PWT: entry 1 of the PAT, see mmu.c */
#define PTE_UNCACHED  ((pte_t)3 << 3)  /* PWT and PCD: entry 3 */
#define PTE_ACCESSED  ((pte_t)1 << 5)
#define PTE_DIRTY     ((pte_t)1 << 6)
#define PTE_PAGE      ((pte_t)1 << 7)  /* a page, at levels where it could be a table */
#define PTE_GLOBAL    ((pte_t)1 << 8)
#define PTE_NO_EXEC   ((pte_t)1 << 63)
#define PTE_ADDRESS   ((pte_t)0x000ffffffffff000)

#endif
