/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 'hid format': indents a document anew, line by line, and removes blanks at the
 * ends of lines. A sub node goes two columns right of its parent, what belongs to
 * a node moves with it, what follows '|' in a line moves with the line. Comments,
 * guides of lines that stay in place, and columns drawn as tables survive. What
 * came out is read again and compared, before anything is printed.
 */
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


/* The node whose first segment stands in this line in this column. */
static struct node *node_at(struct node *node, unsigned line, unsigned column)
{
	struct node *found = node->place.line == line && node->column == column ? node : NULL;

	for (struct node *sub = node->subs; sub && !found; sub = sub->next)
		found = node_at(sub, line, column);

	return found;
}


/* The last node that starts above this line. */
static struct node *node_above(struct node *node, unsigned line)
{
	struct node *last = node;

	for (struct node *sub = node->subs; sub && sub->place.line < line; sub = sub->next)
		last = node_above(sub, line);

	return last;
}


/* Give each node that starts in a line its new column, given how far the line moves. */
static void move_nodes(struct node *node, unsigned line, int by)
{
	if (node->place.line == line)
		node->new_column = (unsigned)((int)node->column + by);
	for (struct node *sub = node->subs; sub; sub = sub->next)
		move_nodes(sub, line, by);
}


/* Does the line end with quoted content, whose blanks count? */
static bool line_quotes(struct node const *node, unsigned line)
{
	for (struct quote const *q = node->quotes; q; q = q->next) {
		if (q->place.line == line)
			return true;
	}
	for (struct node const *sub = node->subs; sub; sub = sub->next) {
		if (line_quotes(sub, line))
			return true;
	}

	return false;
}


/* Return how far right the line goes whose first segment stands in this column. */
static int line_shift(struct document *doc, unsigned line, unsigned column, bool comment)
{
	struct node const *node = node_at(doc->top, line, column);

	if (node) {
		unsigned const to = node->depth <= 2 ? 0 : node->parent->new_column + 2;

		return (int)to - (int)node->column;
	}

	node = node_above(doc->top, line);
	while (node->parent && !comment && node->column > column)
		node = node->parent;

	return (int)node->new_column - (int)node->column;
}


static void print_line(struct document *doc, FILE *out, unsigned line, struct text text)
{
	size_t first = 0;

	while (text.size > 0 && text.base[text.size - 1] == ' ' && !line_quotes(doc->top, line))
		text.size--;
	while (first < text.size && (text.base[first] == ' ' || text.base[first] == '|'))
		first++;

	int const column = (int)first;
	int       to     = column;

	if (first < text.size)
		to += line_shift(doc, line, (unsigned)first, text.base[first] == '.');
	if (to < 0)
		to = 0;
	move_nodes(doc->top, line, to - column);
	if (to == column)
		fprintf(out, "%.*s\n", TEXT(text));
	else
		fprintf(out, "%*s%.*s\n", to, "", (int)(text.size - first), text.base + first);
}


static void print_lines(struct document *doc, FILE *out)
{
	char const *at  = doc->base;
	char const *end = doc->base + doc->size;

	for (unsigned line = 1; at < end; line++) {
		size_t const size = strcspn(at, "\n");

		if (size == 1 && *at == '-')
			break;
		print_line(doc, out, line, (struct text){ at, size });
		at += size + 1;
	}
	fprintf(out, "-\n");
}


static bool attrs_same(struct attr const *a, struct attr const *b)
{
	while (a && b && text_equal(a->tag, b->tag) && text_equal(a->value, b->value)) {
		a = a->next;
		b = b->next;
	}

	return !a && !b;
}


static bool quotes_same(struct quote const *a, struct quote const *b)
{
	while (a && b && text_equal(a->text, b->text)) {
		a = a->next;
		b = b->next;
	}

	return !a && !b;
}


static bool nodes_same(struct node const *a, struct node const *b)
{
	struct node const *of_a = a->subs, *of_b = b->subs;

	if (!text_equal(a->type, b->type) || a->disabled != b->disabled
	    || !attrs_same(a->attrs, b->attrs) || !quotes_same(a->quotes, b->quotes))
		return false;

	while (of_a && of_b && nodes_same(of_a, of_b)) {
		of_a = of_a->next;
		of_b = of_b->next;
	}

	return !of_a && !of_b;
}


void format_print(struct document *doc)
{
	struct document anew = { .quiet = true };
	char           *text;
	size_t          size;
	FILE           *out = open_memstream(&text, &size);

	if (!out)
		abort();
	print_lines(doc, out);
	fclose(out);
	tree_parse(&anew, doc->file, text, size);
	if (anew.mistakes || !nodes_same(doc->top, anew.top))
		mistake(doc, doc->top->place, "cannot be formatted: put attributes and quoted "
		        "content above the sub nodes of their node");
	else
		fwrite(text, 1, size, stdout);
	tree_free(&anew);
	free(text);
}
