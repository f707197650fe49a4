/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Session labels.
 */
#include <by/label.h>
#include <by/string.h>
#include <by/utf8.h>

static char const arrow[] = " -> ";

enum { ARROW_LEN = sizeof(arrow) - 1 };


static bool character_valid(uint32_t code)
{
	bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);

	return !control && code != '|';
}


bool by_label_valid(char const *label)
{
	size_t len = by_strnlen(label, BY_LABEL_SIZE), bytes;

	if (len > BY_LABEL_MAX)
		return false;

	if (len && (label[0] == ' ' || label[len - 1] == ' '))
		return false;

	for (size_t at = 0; at < len; at += bytes) {
		uint32_t code;

		bytes = by_utf8_decode(label + at, len - at, &code);
		if (!bytes || !character_valid(code))
			return false;
	}

	return true;
}


by_status_t by_label_prefix(char *out, char const *child, char const *label)
{
	size_t child_len = by_strnlen(child, BY_LABEL_SIZE);
	size_t label_len = by_strnlen(label, BY_LABEL_SIZE);
	size_t arrow_len = label_len ? ARROW_LEN : 0;

	if (child_len + arrow_len + label_len > BY_LABEL_MAX)
		return BY_LIMIT;

	memcpy(out, child, child_len);
	memcpy(out + child_len, arrow, arrow_len);
	memcpy(out + child_len + arrow_len, label, label_len);
	out[child_len + arrow_len + label_len] = 0;

	return BY_OK;
}


/* The last arrow in 'label', NULL if there is none. */
static char const *last_arrow(char const *label)
{
	for (size_t at = by_strlen(label); at >= ARROW_LEN; at--)
		if (!memcmp(label + at - ARROW_LEN, arrow, ARROW_LEN))
			return label + at - ARROW_LEN;

	return NULL;
}


char const *by_label_last(char const *label)
{
	char const *place = last_arrow(label);

	return place ? place + ARROW_LEN : label;
}


size_t by_label_parent_len(char const *label)
{
	char const *place = last_arrow(label);

	return place ? (size_t)(place - label) : 0;
}
