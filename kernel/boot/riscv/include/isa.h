/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: what a hart can do, by the strings that describe it in the device tree.
 */
#ifndef BOOT_ISA_H
#define BOOT_ISA_H

#include <stdbool.h>

/**
 * Whether the string 'isa' (NULL: there is none) names an extension: a single letter, or
 * a longer name between underscores.
 */
bool isa_has(char const *isa, char const *extension);

/** What a hart with these strings (NULL: absent) lacks to run Banyan; NULL: nothing. */
char const *isa_lacks(char const *isa, char const *mmu);

#endif
