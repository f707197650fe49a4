/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The end: a broken invariant of the kernel, or a machine that cannot run it.
 */
#ifndef KERNEL_PANIC_H
#define KERNEL_PANIC_H

#include "types.h"

/** Print the text, registers and a backtrace on the console, and stop all CPUs. */
void panic(const char *format, ...)
	__attribute__((noreturn, cold, format(printf, 1, 2)));

void assert_fail(const char *file, int line, const char *text)
	__attribute__((noreturn, cold));

/** State what must hold unless the kernel, or core, is wrong. Never for user input. */
#define ASSERT(cond) \
	do { \
		if (unlikely(!(cond))) \
			assert_fail(__FILE__, __LINE__, #cond); \
	} while (0)

#endif
