/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: session labels. The first line is a label, what follows a child's
 * name; whatever they are, the functions must keep their promises.
 */
#include "canary.h"
#include <by/label.h>
#include <by/utf8.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);


static void check(bool fact)
{
	if (!fact)
		abort();
}


static char *copy(uint8_t const *data, size_t size)
{
	char *text = malloc(size + 1);

	if (size)
		memcpy(text, data, size);
	text[size] = 0;

	return text;
}


/* The largest byte that may follow 'lead'; 0 if no character begins with 'lead'. */
static uint8_t second_max(uint8_t lead)
{
	if (lead < 0xc2 || lead > 0xf4)
		return 0;

	return lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
}


static uint8_t second_min(uint8_t lead)
{
	return lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
}


/* UTF-8 by the byte, unlike by_utf8_decode(). */
static bool utf8_by_bytes(uint8_t const *text, size_t size)
{
	for (size_t at = 0; at < size;) {
		uint8_t lead = text[at++];

		if (lead < 0x80)
			continue;
		if (at == size || text[at] < second_min(lead) || text[at] > second_max(lead))
			return false;
		for (unsigned more = 1 + (lead >= 0xe0) + (lead >= 0xf0); more; more--, at++)
			if (at == size || (text[at] & 0xc0) != 0x80)
				return false;
	}

	return true;
}


/* On a copy without NUL behind it, so that the sanitizer sees each byte read too much. */
static void check_utf8(uint8_t const *data, size_t size)
{
	char *text = malloc(size ? size : 1);

	if (size)
		memcpy(text, data, size);
	check(by_utf8_valid(text, size) == utf8_by_bytes(data, size));
	free(text);
}


static void check_valid(char const *label)
{
	size_t len = strlen(label);

	check(len <= BY_LABEL_MAX && utf8_by_bytes((uint8_t const *)label, len));
	check(len == 0 || (label[0] != ' ' && label[len - 1] != ' '));
	for (; *label; label++)
		check(*label != '|' && *label != 0x7f && (*label & 0xe0));
}


/* A label of three elements, not all of ASCII. */
static bool deep(char const *label)
{
	char const *arrow = strstr(label, " -> ");
	bool        ascii = true;

	for (char const *at = label; *at; at++)
		ascii &= !(*at & 0x80);

	return !ascii && arrow && strstr(arrow + 4, " -> ");
}


/* Parent, arrow and last element make the label. */
static void check_parts(char const *label)
{
	char const *last   = by_label_last(label);
	size_t      parent = by_label_parent_len(label);

	check(last == label ? parent == 0 : last == label + parent + 4);
	check(last == label || !memcmp(label + parent, " -> ", 4));
	check(!strstr(last, " -> "));
}


static void check_prefix(char const *child, char const *label)
{
	char   out[BY_LABEL_SIZE];
	size_t total = strlen(child) + (*label ? 4 + strlen(label) : 0);

	if (by_label_prefix(out, child, label) != BY_OK) {
		check(total > BY_LABEL_MAX);
		return;
	}
	check(strlen(out) == total && !memcmp(out, child, strlen(child)));
	check(!strcmp(out + total - strlen(label), label));
	check_parts(out);
	if (*child && *label && by_label_valid(child) && by_label_valid(label))
		check(by_label_valid(out));
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	uint8_t const *end = size ? memchr(data, '\n', size) : NULL;
	size_t len   = end ? (size_t)(end - data) : size;
	char  *label = copy(data, len), *child = copy(data + len, size - len);

	check_utf8(data, size);
	canary(by_label_valid(label) && deep(label));
	if (by_label_valid(label))
		check_valid(label);
	check_parts(label);
	check_prefix(child, label);
	if (*child)
		check_prefix(child + 1, label);
	free(label);
	free(child);

	return 0;
}
