/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Formatted text, into a buffer or piece by piece into a sink.
 *
 * Formats are a subset of printf's: conversions d i u x X o c s p and %%, the
 * flags - 0 + space # (the last for x and X only), width and precision (also
 * *), the lengths hh h l ll z j t. There is no floating point. A width counts
 * at most 4095, so does the precision of a number. From an unknown conversion
 * on, the format is printed as it stands, because where the remaining
 * arguments are is unknown then.
 */
#ifndef BY_FORMAT_H
#define BY_FORMAT_H

#include <by/types.h>
#include <stdarg.h>

/** Where text goes; embedded in the object that knows what to do with it. */
struct by_sink {
	/* Borrows: text, which is not terminated and not empty. */
	void (*write)(struct by_sink *self, char const *text, size_t len);
};

/**
 * Format into 'buf' of 'size' bytes, cut off where it ends and terminated
 * unless 'size' is 0. A NULL for %s prints "(null)".
 *
 * Returns the length of the whole text: it was cut off if this is >= size.
 */
size_t by_format(char *buf, size_t size, char const *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** As by_format, arguments in 'args'. */
size_t by_vformat(char *buf, size_t size, char const *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));

/** Format to 'sink' (borrowed), in several pieces. Returns the length of the text. */
size_t by_format_to(struct by_sink *sink, char const *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** As by_format_to, arguments in 'args'. */
size_t by_vformat_to(struct by_sink *sink, char const *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));

#endif
