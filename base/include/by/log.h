/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages for people, through the component's LOG session.
 *
 * Each call prints one line, to which a newline is added, in one request; lines that
 * are longer than a request are sent in several. Formats are those of by/format.h.
 * May be called by any thread, also inside handlers.
 */
#ifndef BY_LOG_H
#define BY_LOG_H

/** Print a line. */
void by_log(char const *fmt, ...) __attribute__((format(printf, 1, 2)));

/** Print a line that begins with "Warning: ". */
void by_warning(char const *fmt, ...) __attribute__((format(printf, 1, 2)));

/** Print a line that begins with "Error: ". */
void by_error(char const *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
