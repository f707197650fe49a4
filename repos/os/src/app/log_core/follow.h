/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text that grows at its end while its beginning gets lost: what is new in it.
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include <by/types.h>

enum { FOLLOW_MAX = 16 * 1024 }; /* bytes of text, as much as core's log shows */

/** What was there at the last look. Zeroed: nothing. */
struct follow {
	char     text[FOLLOW_MAX];
	size_t   size;
	uint16_t border[FOLLOW_MAX]; /* while it is compared */
};

/**
 * Where in 'text' the new part begins: behind the longest beginning that is an end of what was
 * there at the last look. 0, if there is none: something may have got lost. At most FOLLOW_MAX
 * bytes, its end, are looked at, and remembered. Takes O(size).
 */
size_t follow_new(struct follow *follow, char const *text, size_t size);

/**
 * A line of 'text' from '*at', without its newline, and '*at' behind it; false if there is no
 * complete one.
 */
bool follow_line(char const *text, size_t size, size_t *at, size_t *len);

#endif
