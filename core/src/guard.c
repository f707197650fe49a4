/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stack protector of core. The guard is a constant: core has no source of random
 * numbers before it has started somebody.
 */
#include "console.h"
#include <stdint.h>

extern uintptr_t __stack_chk_guard;
void __stack_chk_fail(void) __attribute__((noreturn));

/* a zero byte stops copies of text */
uintptr_t __stack_chk_guard = (uintptr_t)0x9e3779b97f4a7c00;


void __stack_chk_fail(void)
{
	console_emergency("core: a stack was overwritten\n");
	__builtin_trap();
}
