/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 'hid get': values by path. A path names nodes from the top, and at its end the
 * tag of an attribute:  config | + start vfs | + config | : verbose
 */
#include "tree.h"

#include <stdio.h>
#include <string.h>


/* Cut the next part, up to '|', off a path; false at its end. */
static bool next_part(char const **path, struct text *part)
{
	char const *at = *path + strspn(*path, " |");

	if (!*at)
		return false;

	size_t size = strcspn(at, "|");

	*path = at + size;
	while (size > 0 && at[size - 1] == ' ')
		size--;
	*part = (struct text){ at, size };

	return true;
}


/* Does the node fit "type" or "type name"? */
static bool fits(struct node const *node, struct text part)
{
	size_t const      size = strcspn(part.base, " |");
	char const *const at   = part.base + size + strspn(part.base + size, " ");
	struct text const name = { at, (size_t)(part.base + part.size - at) };

	if (node->disabled || !text_equal(node->type, (struct text){ part.base, size }))
		return false;

	return size == part.size || text_equal(node_value(node, "name", ""), name);
}


static unsigned print_value(struct node const *node, struct text tag)
{
	for (struct attr const *a = node->attrs; a; a = a->next) {
		if (text_equal(a->tag, tag)) {
			printf("%.*s\n", TEXT(a->value));
			return 1;
		}
	}

	return 0;
}


static unsigned print_below(struct node const *node, char const *path)
{
	struct text part;
	unsigned    found = 0;

	if (!next_part(&path, &part) || part.size < 3 || part.base[1] != ' ')
		return 0;

	struct text const what = { part.base + 2, part.size - 2 };

	if (*part.base == ':')
		return print_value(node, what);

	for (struct node const *sub = node->subs; sub; sub = sub->next) {
		if (fits(sub, what))
			found += print_below(sub, path);
	}

	return found;
}


unsigned query_print(struct document *doc, char const *path)
{
	struct text part;

	if (!next_part(&path, &part) || !fits(doc->top, part))
		return 0;

	return print_below(doc->top, path);
}
