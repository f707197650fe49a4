/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A HID document as the tool 'hid' sees it: read strictly, as a tree in memory,
 * each part with its place in the file. Shares no code with the reader of
 * components (base/lib/hid.c), so that each can be held against the other.
 */
#ifndef HID_TREE_H
#define HID_TREE_H

#include <stdbool.h>
#include <stddef.h>

enum { TREE_DEPTH = 32 };

/** Where something stands, counted from 1, columns in characters. */
struct place { unsigned line, column; };

/** Characters of the file; not terminated. */
struct text {
	char const *base;
	size_t      size;
};

struct attr {
	struct text  tag, value;
	struct place place, value_place;
	struct attr *next;
};

struct quote {
	struct text   text;
	struct place  place;
	struct quote *next;
};

struct node {
	struct text   type;
	struct place  place;
	bool          disabled;
	unsigned      depth;
	unsigned      column, new_column; /* from 0; as it stands, and as it is formatted */
	struct attr  *attrs, **attrs_end;
	struct quote *quotes, **quotes_end;
	struct node  *subs, **subs_end, *next, *parent;
};

struct document {
	char const  *file;     /* name for messages */
	char const  *base;     /* the text */
	size_t       size;
	struct node *top;      /* NULL if there is none */
	unsigned     mistakes; /* found so far */
	bool         quiet;    /* count, but do not print them */
	void        *memory;   /* of all nodes */
};

/** Read a whole text; the mistakes are counted and printed. Borrows: text. */
void tree_parse(struct document *doc, char const *file, char const *base, size_t size);

/** Free what tree_parse() allocated. */
void tree_free(struct document *doc);

/** Print "file:line:column: " and a message to standard error, and count it. */
__attribute__((format(printf, 3, 4)))
void mistake(struct document *doc, struct place place, char const *format, ...);

/** Return true if the text is this string. */
bool text_is(struct text text, char const *string);

bool text_equal(struct text a, struct text b);

/** Return the attribute of this tag, NULL if there is none. */
struct attr *node_attr(struct node const *node, char const *tag);

/** Return the value of an attribute, or the fallback. */
struct text node_value(struct node const *node, char const *tag, char const *fallback);

/** Check a document against a schema, which was read without mistakes. */
void schema_check(struct document *doc, struct document *schema);

/** Check whether a document is a schema. */
void schema_check_schema(struct document *schema);

/**
 * Print the document anew to standard output: indentation mended, blanks at ends
 * removed. Prints a mistake instead if that would change what it says.
 */
void format_print(struct document *doc);

/** Print the values that a path names; returns how many. */
unsigned query_print(struct document *doc, char const *path);

/** For the printf conversion %.*s. */
#define TEXT(t) (int)(t).size, (t).base

#endif
