/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub: page-table entries.
 *
 *     address | ... | 4 table | 3 | 2 exec | 1 write | 0 present
 */
#ifndef PORT_PTE_H
#define PORT_PTE_H

typedef uint64_t pte_t;

struct space {
	pte_t   *root;
	uint64_t tag;   /* ASID and its generation */
};

enum { PT_LEVELS = 3 };

#endif
