/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of HID: the input is a document.
 *
 * The reader must stay inside and come to an end. What the strict tool accepts,
 * the reader must read the same. What was read and can be written must read
 * equal again, and the strict tool must accept it.
 */
#include "../../tool/hid/tree.h"
#include "canary.h"
#include "require.h"

#include <by/hid.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed);

enum { INPUT_MAX = 512 }; /* larger inputs only take longer */

/* What a walk through the document saw. */
static struct seen {
	unsigned nodes, quoted_at; /* the latter: depth of the deepest node with two quoted lines */
} seen;



static void inside(struct by_hid_span document, struct by_hid_span part)
{
	static char const name[] = "name";

	if (part.size == 4 && memcmp(part.base, name, 4) == 0)
		return; /* the tag of a node's name is not in the document */

	REQUIRE(part.base >= document.base);
	REQUIRE(part.base + part.size <= document.base + document.size);
	REQUIRE(part.size == 0 || !memchr(part.base, '\n', part.size));
}


static void walk_own(struct by_hid_span document, struct by_hid_node const *node)
{
	struct by_hid_attr attr;
	struct by_hid_line line;
	unsigned           items = 0, quotes = 0;

	inside(document, by_hid_type(node));
	for (bool more = by_hid_first_attr(node, &attr); more; more = by_hid_next_attr(&attr)) {
		inside(document, attr.tag);
		inside(document, attr.value);
		REQUIRE(items++ < document.size);
	}
	for (bool more = by_hid_first_line(node, &line); more; more = by_hid_next_line(&line)) {
		inside(document, line.text);
		REQUIRE(quotes++ < document.size);
	}
	if (quotes > 1 && node->depth > seen.quoted_at)
		seen.quoted_at = node->depth;
	(void)by_hid_u64(node, "caps", 1);
	(void)by_hid_bool(node, "verbose", false);
}


static void walk(struct by_hid_span document, struct by_hid_node const *node)
{
	struct by_hid_node sub;

	REQUIRE(node->depth <= BY_HID_DEPTH);
	REQUIRE(seen.nodes++ < document.size);
	walk_own(document, node);
	for (bool more = by_hid_first(node, &sub); more; more = by_hid_next(&sub)) {
		REQUIRE(sub.depth == node->depth + 1);
		REQUIRE(sub.end <= node->end);
		walk(document, &sub);
	}
}


static bool same(struct by_hid_span a, struct text b)
{
	return a.size == b.size && memcmp(a.base, b.base, a.size) == 0;
}


static struct node const *enabled(struct node const *node)
{
	while (node && node->disabled)
		node = node->next;

	return node;
}


static void agree_own(struct by_hid_node const *node, struct node const *strict)
{
	struct by_hid_attr  attr;
	struct by_hid_line  line;
	struct attr const  *a = strict->attrs;
	struct quote const *q = strict->quotes;

	REQUIRE(same(by_hid_type(node), strict->type));
	for (bool more = by_hid_first_attr(node, &attr); more; more = by_hid_next_attr(&attr)) {
		REQUIRE(a && same(attr.tag, a->tag) && same(attr.value, a->value));
		a = a->next;
	}
	for (bool more = by_hid_first_line(node, &line); more; more = by_hid_next_line(&line)) {
		REQUIRE(q && same(line.text, q->text));
		q = q->next;
	}
	REQUIRE(!a && !q);
}


static void agree(struct by_hid_node const *node, struct node const *strict)
{
	struct by_hid_node sub;
	struct node const *s = enabled(strict->subs);

	agree_own(node, strict);
	for (bool more = by_hid_first(node, &sub); more; more = by_hid_next(&sub)) {
		REQUIRE(s != NULL);
		agree(&sub, s);
		s = enabled(s->next);
	}
	REQUIRE(!s);
}


static unsigned most_attrs(struct node const *node)
{
	unsigned most = 0;

	for (struct attr const *a = node->attrs; a; a = a->next)
		most++;
	for (struct node const *sub = node->subs; sub; sub = sub->next) {
		unsigned const n = most_attrs(sub);

		most = n > most ? n : most;
	}

	return most;
}


static void round_trip(struct by_hid_node const *top, struct document *strict)
{
	struct by_hid_writer w;
	struct by_hid_node   again;
	struct document      check = { .quiet = true };
	size_t               used;

	by_hid_write_init(&w, NULL, 0);
	by_hid_write_node(&w, top);
	by_status_t status = by_hid_write_finish(&w, &used);

	REQUIRE(status != BY_OK);
	if (status == BY_INVALID) {
		REQUIRE(strict->mistakes > 0 || most_attrs(strict->top) > BY_HID_ATTRS);
		return;
	}

	size_t const needed = by_hid_write_needed(&w);
	char        *buffer = malloc(needed);

	by_hid_write_init(&w, buffer, needed);
	by_hid_write_node(&w, top);
	REQUIRE(by_hid_write_finish(&w, &used) == BY_OK);
	REQUIRE(used == needed);
	REQUIRE(by_hid_open((struct by_hid_span){ buffer, used }, &again) == BY_OK);
	REQUIRE(by_hid_equal(top, &again) && by_hid_equal(&again, top));
	tree_parse(&check, "written", buffer, used);
	REQUIRE(check.mistakes == 0);
	tree_free(&check);
	free(buffer);
}


/*
 * Half of all mutations put a line of HID somewhere, indented by lot, so that
 * documents stay well-formed often enough.
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned seed)
{
	static char const *const lines[] = {
		"+ a", "+ b n", "x c", "t: 1", "u:", "name: m", ": q | r", ":", ". note",
		"+ a | t: 2 | + d", "| + e |", "v: x | w: 0x1F | : tail", "-",
	};
	char line[64];

	if (room > INPUT_MAX)
		room = INPUT_MAX;
	if (seed % 2 || size > room)
		return LLVMFuzzerMutate(data, size < room ? size : room, room);

	unsigned const which  = seed / 2 % (sizeof(lines) / sizeof(lines[0]));
	int const      length = snprintf(line, sizeof(line), "%*s%s\n", (int)(seed / 64 % 9), "",
	                                 lines[which]);
	size_t         at     = size ? seed / 1024 % size : 0;

	if (size + (size_t)length > room)
		return LLVMFuzzerMutate(data, size, room);

	while (at > 0 && data[at - 1] != '\n')
		at--;
	memmove(data + at + length, data + at, size - at);
	memcpy(data + at, line, (size_t)length);

	return size + (size_t)length;
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	if (size > INPUT_MAX)
		return 0;

	char                    *text     = malloc(size + 1);
	struct by_hid_span const document = { text, size };
	struct by_hid_node       top;
	struct document          strict = { .quiet = true };

	memcpy(text, data, size);
	text[size] = '+'; /* not part of the document */
	seen = (struct seen){ 0 };
	tree_parse(&strict, "input", text, size);
	if (by_hid_open(document, &top) == BY_OK) {
		walk(document, &top);
		REQUIRE(by_hid_equal(&top, &top));
		if (strict.mistakes == 0)
			agree(&top, strict.top);
		round_trip(&top, &strict);
	} else {
		REQUIRE(strict.mistakes > 0);
	}
	canary(strict.mistakes == 0 && seen.quoted_at >= 3);
	tree_free(&strict);
	free(text);

	return 0;
}
