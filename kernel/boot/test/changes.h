/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz inputs as text. A line "<letter> <offset> <byte> <byte> ..." with
 * hexadecimal numbers puts bytes at an offset of what the letter stands for. So
 * seeds can be read, and compared. What is no digit counts as one all the same:
 * a fuzzer's mutations shall not be wasted.
 */
#ifndef CHANGES_H
#define CHANGES_H

#include <stddef.h>
#include <stdint.h>

typedef void change_put(char letter, unsigned long offset, uint8_t byte);

static inline unsigned change_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - (unsigned)'0';

	return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : c & 15u;
}


/** Apply all lines of the input. */
static inline void change_all(uint8_t const *data, size_t size, change_put *put)
{
	unsigned long offset = 0, number = 0;
	unsigned      column = 0, token = 0;
	char          letter = 0;

	for (size_t i = 0; i <= size; i++) {
		uint8_t const c = i < size ? data[i] : '\n';

		if (column++ == 0) {
			letter = (char)c;
			token  = 0;
		} else if (c != ' ' && c != '\n') {
			number = number << 4 | change_digit(c);
			continue;
		} else if (token++ == 1) {
			offset = number;
		} else if (token > 2) {
			put(letter, offset++, (uint8_t)number);
		}
		number = 0;
		if (c == '\n')
			column = 0;
	}
}

#endif
