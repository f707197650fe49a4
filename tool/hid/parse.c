/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Strict reading of HID. A mistake is told with its place, then reading goes on
 * with the next segment.
 */
#include "tree.h"

#include <by/utf8.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line, or the part of it between two '|'. */
struct segment {
	char const *text, *stop; /* without blanks around it */
	unsigned    column;      /* from 0, in characters */
	bool        good;        /* nothing was told about it */
};

struct parser {
	struct document *doc;
	struct node     *open;  /* the innermost node that may go on */
	char const      *line, *stop, *end;
	unsigned         number; /* of the line */
	bool             complete;
};

struct chunk { struct chunk *next; };


void mistake(struct document *doc, struct place place, char const *format, ...)
{
	va_list args;

	doc->mistakes++;
	if (doc->quiet)
		return;

	fprintf(stderr, "%s:%u:%u: ", doc->file, place.line, place.column);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
}


bool text_is(struct text text, char const *string)
{
	return text.size == strlen(string) && memcmp(text.base, string, text.size) == 0;
}


bool text_equal(struct text a, struct text b)
{
	return a.size == b.size && memcmp(a.base, b.base, a.size) == 0;
}


struct attr *node_attr(struct node const *node, char const *tag)
{
	for (struct attr *a = node->attrs; a; a = a->next) {
		if (text_is(a->tag, tag))
			return a;
	}

	return NULL;
}


struct text node_value(struct node const *node, char const *tag, char const *fallback)
{
	struct attr const *a = node_attr(node, tag);

	return a ? a->value : (struct text){ fallback, strlen(fallback) };
}


/* Memory that lives as long as the document. */
static void *allocate(struct document *doc, size_t size)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		abort();
	chunk->next = doc->memory;
	doc->memory = chunk;

	return chunk + 1;
}


void tree_free(struct document *doc)
{
	while (doc->memory) {
		struct chunk *chunk = doc->memory;

		doc->memory = chunk->next;
		free(chunk);
	}
}


static unsigned characters(char const *from, char const *to)
{
	unsigned n = 0;

	for (; from < to; from++)
		n += (*from & 0xc0) != 0x80;

	return n;
}


static struct place place_of(struct parser const *p, char const *at)
{
	return (struct place){ p->number, characters(p->line, at) + 1 };
}


static char const *skip_spaces(char const *at, char const *stop)
{
	while (at < stop && *at == ' ')
		at++;

	return at;
}


static bool word_valid(struct text word)
{
	static char const first[] = "abcdefghijklmnopqrstuvwxyz";
	static char const other[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";

	if (word.size == 0 || !strchr(first, word.base[0]) || !word.base[0])
		return false;

	for (size_t i = 1; i < word.size; i++) {
		if (!word.base[i] || !strchr(other, word.base[i]))
			return false;
	}

	return true;
}


/* Return what stands before the next blank. */
static struct text token(char const *at, char const *stop)
{
	char const *from = at;

	while (at < stop && *at != ' ')
		at++;

	return (struct text){ from, (size_t)(at - from) };
}


/*
 * Characters
 */

/* Tell what must not stand at 'at'; return false if something was told. */
static bool character_check(struct parser *p, char const *at, uint32_t code, bool quoted)
{
	if (code == '\t' && quoted)
		return true;

	if (code == '\t')
		mistake(p->doc, place_of(p, at), "tab outside of quoted content");
	else if (code < ' ' || (code >= 0x7f && code < 0xa0))
		mistake(p->doc, place_of(p, at), "control character U+%04X", (unsigned)code);
	else
		return true;

	return false;
}


static bool characters_check(struct parser *p, char const *at, char const *stop, bool quoted)
{
	while (at < stop) {
		uint32_t     code;
		size_t const size = by_utf8_decode(at, (size_t)(stop - at), &code);

		if (size == 0) {
			mistake(p->doc, place_of(p, at), "invalid UTF-8");
			return false;
		}
		if (!character_check(p, at, code, quoted))
			return false;
		at += size;
	}

	return true;
}


/*
 * The tree
 */

/* Close nodes that a node or another item in this column does not belong to. */
static void close_nodes(struct parser *p, struct segment const *s, unsigned indent)
{
	struct node const *closed = NULL;

	while (p->open->parent && s->column < p->open->column + indent) {
		closed  = p->open;
		p->open = p->open->parent;
	}
	if (indent > 0 && closed && s->column == closed->column + 1)
		mistake(p->doc, place_of(p, s->text),
		        "indented by one column: neither beside nor below the node in line %u",
		        closed->place.line);
}


static struct node *add_node(struct parser *p, struct text type, struct segment const *s)
{
	struct node *node = allocate(p->doc, sizeof(*node));

	node->type       = type;
	node->place      = place_of(p, s->text);
	node->column     = s->column;
	node->attrs_end  = &node->attrs;
	node->quotes_end = &node->quotes;
	node->subs_end   = &node->subs;
	node->parent     = p->open;
	node->depth      = p->open ? p->open->depth + 1 : 1;
	if (node->depth == TREE_DEPTH + 1)
		mistake(p->doc, node->place, "nested deeper than %d levels", TREE_DEPTH);
	if (p->open) {
		*p->open->subs_end = node;
		p->open->subs_end  = &node->next;
	}
	p->open = node;

	return node;
}


static void add_attr(struct parser *p, struct text tag, char const *value, char const *stop)
{
	struct attr *attr = allocate(p->doc, sizeof(*attr));

	value = skip_spaces(value, stop);
	attr->tag         = tag;
	attr->value       = (struct text){ value, (size_t)(stop - value) };
	attr->place       = place_of(p, tag.base);
	attr->value_place = place_of(p, value);
	for (struct attr const *a = p->open->attrs; a; a = a->next) {
		if (text_equal(a->tag, tag))
			mistake(p->doc, attr->place, "attribute '%.*s' given twice, first in line %u",
			        TEXT(tag), a->place.line);
	}
	*p->open->attrs_end = attr;
	p->open->attrs_end  = &attr->next;
}


static void add_quote(struct parser *p, struct segment const *s)
{
	struct quote *quote = allocate(p->doc, sizeof(*quote));
	char const   *text  = s->text + 1 < s->stop ? s->text + 2 : s->stop;

	quote->text  = (struct text){ text, (size_t)(s->stop - text) };
	quote->place = place_of(p, s->text);
	*p->open->quotes_end = quote;
	p->open->quotes_end  = &quote->next;
}


/* Read a name behind a type; the place of the attribute is that of the name. */
static void add_name(struct parser *p, char const *at, char const *stop)
{
	char const  *name = skip_spaces(at, stop);
	struct attr *attr;

	if (name == stop)
		return;

	add_attr(p, (struct text){ "name", 4 }, name, stop);
	attr = p->open->attrs;
	attr->place = attr->value_place;
}


/*
 * Segments
 */

static bool type_check(struct parser *p, struct text type)
{
	if (word_valid(type))
		return true;

	mistake(p->doc, place_of(p, type.base), "'%.*s' is no valid type of a node", TEXT(type));
	return false;
}


static void parse_node(struct parser *p, struct segment const *s)
{
	struct text type = token(skip_spaces(s->text + 1, s->stop), s->stop);
	char const *rest = type.base + type.size;

	if (s->text + 1 < s->stop && s->text[1] != ' ') {
		mistake(p->doc, place_of(p, s->text), "'+' needs a blank behind it");
		return;
	}
	if (type.size == 0) {
		mistake(p->doc, place_of(p, s->text), "node without a type");
		return;
	}
	if (!type_check(p, type))
		type = (struct text){ "?", 1 }; /* go on, so that its content has its place */

	close_nodes(p, s, 2);
	add_node(p, type, s)->disabled = *s->text == 'x';
	add_name(p, rest, s->stop);
}


static void parse_attr(struct parser *p, struct segment const *s, char const *colon)
{
	struct text const tag = { s->text, (size_t)(colon - s->text) };

	if (!word_valid(tag))
		mistake(p->doc, place_of(p, s->text), "'%.*s' is no valid tag of an attribute",
		        TEXT(tag));
	else if (colon + 1 < s->stop && colon[1] != ' ')
		mistake(p->doc, place_of(p, colon), "':' needs a blank behind it");
	else {
		close_nodes(p, s, 0);
		add_attr(p, tag, colon + 1, s->stop);
	}
}


static void parse_other(struct parser *p, struct segment const *s)
{
	struct text const first = token(s->text, s->stop);
	char const       *colon = memchr(s->text, ':', first.size);

	if (*s->text == '.' || *s->text == ':')
		mistake(p->doc, place_of(p, s->text), "'%c' needs a blank behind it", *s->text);
	else if (colon)
		parse_attr(p, s, colon);
	else if (text_is(first, "-"))
		mistake(p->doc, place_of(p, s->text), "the final '-' must stand alone in its line");
	else
		mistake(p->doc, place_of(p, s->text),
		        "neither a node nor an attribute, a comment, or quoted content");
}


/* The first segment of the document. */
static void parse_top(struct parser *p, struct segment const *s)
{
	struct text const type = token(s->text, s->stop);

	if (*s->text == '.') {
		mistake(p->doc, place_of(p, s->text), "comment above the top node");
		return;
	}

	if (s->column > 0 || p->number > 1)
		mistake(p->doc, place_of(p, s->text),
		        "the top node must start the document, in line 1, column 1");
	p->doc->top = add_node(p, type, s);
	p->open->column = 0;
	if (type_check(p, type))
		add_name(p, type.base + type.size, s->stop);
}


static void parse_segment(struct parser *p, struct segment const *s)
{
	bool const marked = s->text + 1 == s->stop || s->text[1] == ' ';

	if (!s->good)
		return;

	if (!p->doc->top)
		parse_top(p, s);
	else if (*s->text == '+' || (*s->text == 'x' && marked))
		parse_node(p, s);
	else if (*s->text == ':' && marked) {
		close_nodes(p, s, 0);
		add_quote(p, s);
	} else if (*s->text != '.' || !marked)
		parse_other(p, s);
}


/* Is this '|' one that ends a segment? Tell if it should be and is not. */
static bool bar_check(struct parser *p, char const *at, bool *good)
{
	bool const before = at == p->line || at[-1] == ' ';
	bool const behind = at + 1 == p->stop || at[1] == ' ';

	if (before && behind)
		return true;

	mistake(p->doc, place_of(p, at), "'|' needs a blank on each side");
	*good = false;

	return false;
}


/* Read the segment at 'at'; return what is behind it. */
static char const *next_segment(struct parser *p, char const *at)
{
	bool const marked = at + 1 == p->stop || at[1] == ' ';
	bool const whole  = marked && (*at == ':' || *at == '.');
	struct segment s  = { .text = at, .column = characters(p->line, at), .good = true };

	while (at < p->stop && (whole || *at != '|' || !bar_check(p, at, &s.good)))
		at++;
	s.stop = at;
	while (!whole && s.stop[-1] == ' ')
		s.stop--;
	if (s.good)
		s.good = characters_check(p, s.text, s.stop, whole && *s.text == ':');
	parse_segment(p, &s);

	return at;
}


static void parse_line(struct parser *p)
{
	char const *at = p->line;

	while (at < p->stop) {
		bool good = true;

		if (*at == ' ' || (*at == '|' && bar_check(p, at, &good)))
			at++;
		else
			at = next_segment(p, at);
	}
}


/* What follows the final line must be blank. */
static void parse_rest(struct parser *p)
{
	char const *at = p->stop;

	for (; at < p->end && (*at == ' ' || *at == '\n'); at++) {
		if (*at == '\n') {
			p->line = at + 1;
			p->number++;
		}
	}
	if (at == p->end)
		return;

	mistake(p->doc, place_of(p, at), "text behind the final line '-'");
}


static void parse_lines(struct parser *p)
{
	while (!p->complete && p->line < p->end) {
		p->number++;
		p->stop = memchr(p->line, '\n', (size_t)(p->end - p->line));
		if (!p->stop)
			p->stop = p->end;
		p->complete = p->stop == p->line + 1 && *p->line == '-';
		if (p->complete)
			parse_rest(p);
		else
			parse_line(p);
		p->line = p->stop < p->end ? p->stop + 1 : p->end;
	}
}


void tree_parse(struct document *doc, char const *file, char const *base, size_t size)
{
	bool const    quiet = doc->quiet;
	struct parser p     = { .doc = doc, .line = base, .stop = base, .end = base + size };

	*doc = (struct document){ .file = file, .base = base, .size = size, .quiet = quiet };
	parse_lines(&p);
	if (!p.complete)
		mistake(doc, (struct place){ p.number ? p.number : 1, 1 },
		        "incomplete: the document does not end with a line '-'");
	else if (!doc->top)
		mistake(doc, (struct place){ 1, 1 }, "the document has no top node");
}
