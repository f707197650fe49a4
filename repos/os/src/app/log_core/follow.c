/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is new in a text: by the algorithm of Knuth, Morris and Pratt.
 */
#include "follow.h"
#include <by/mem.h>


/* border[i]: how long the longest true beginning of text[0..i] is that is an end of it, too. */
static void find_borders(uint16_t *border, char const *text, size_t size)
{
	size_t length = 0;

	if (size)
		border[0] = 0;
	for (size_t i = 1; i < size; i++) {
		while (length && text[i] != text[length])
			length = border[length - 1];
		if (text[i] == text[length])
			length++;
		border[i] = (uint16_t)length;
	}
}


/* The longest beginning of 'text' that is an end of 'before'. */
static size_t overlap(uint16_t const *border, char const *text, size_t size, char const *before,
                      size_t before_size)
{
	size_t length = 0;

	for (size_t i = 0; i < before_size; i++) {
		/* all of it was found, and yet there is more: go on with what could still be */
		if (length == size)
			length = size ? border[length - 1] : 0;
		while (length && before[i] != text[length])
			length = border[length - 1];
		if (size && before[i] == text[length])
			length++;
	}

	return length;
}


size_t follow_new(struct follow *follow, char const *text, size_t size)
{
	size_t const skipped = size > FOLLOW_MAX ? size - FOLLOW_MAX : 0;
	char const  *end     = text + skipped;
	size_t const kept    = size - skipped;

	find_borders(follow->border, end, kept);
	size_t const known = overlap(follow->border, end, kept, follow->text, follow->size);

	memcpy(follow->text, end, kept);
	follow->size = kept;

	return known ? skipped + known : 0;
}


bool follow_line(char const *text, size_t size, size_t *at, size_t *len)
{
	for (size_t i = *at; i < size; i++)
		if (text[i] == '\n') {
			*len = i - *at;
			*at  = i + 1;
			return true;
		}

	return false;
}
