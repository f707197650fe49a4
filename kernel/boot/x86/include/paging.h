/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's page tables, as the bootstrap makes them.
 */
#ifndef BOOT_PAGING_H
#define BOOT_PAGING_H

#include "boot.h"
#include <arch/mmu.h>

/**
 * Map the kernel, all RAM and the interrupt controllers as port/layout.h says.
 * Returns the root table.
 */
pte_t *paging_init(struct boot *boot);

#endif
