/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text of the kernel itself: boot messages before core takes the console over,
 * and panics.
 */
#ifndef KERNEL_PRINT_H
#define KERNEL_PRINT_H

#include <stdarg.h>

/** Print on the boot console. Knows %s %c %u %d %x %zx %lx %llx %p and a zero-padded width. */
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

void vprint(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/** Text goes to this log as well, so that a panic is known after a reset. NULL: there is none. */
extern struct by_log_ring *print_log;

#endif
