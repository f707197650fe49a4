/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text that grows.
 */
#ifndef TEXT_H
#define TEXT_H

#include <by/alloc.h>

/** Zeroed, with 'alloc' set: empty. */
struct text {
	struct by_alloc *alloc;
	char            *base;
	size_t           size, room;
	bool             cut;  /* memory did not suffice for all of it */
};

void text_add(struct text *text, char const *bytes, size_t size);

/** The same, with what terminals want for a newline: a return in front. */
void text_add_lines(struct text *text, char const *bytes, size_t size);

__attribute__((format(printf, 2, 3)))
void text_format(struct text *text, char const *format, ...);

/** Make it empty, and free its memory. */
void text_clear(struct text *text);

#endif
