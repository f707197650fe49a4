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

/**
 * For ports without frame pointers: print 'pc', 'lr', who called panic(), and all words
 * from 'sp' up to 'stack_top' that point into the code [text, end), most of which are
 * return addresses.
 */
struct panic_trace { word_t pc, lr, sp, stack_top, text, end; };
void panic_trace(struct panic_trace const *trace) __attribute__((cold));

/** State what must hold unless the kernel, or core, is wrong. Never for user input. */
#define ASSERT(cond) \
	do { \
		if (unlikely(!(cond))) \
			assert_fail(__FILE__, __LINE__, #cond); \
	} while (0)

#endif
