/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HID, human-inclined data: reading in place and writing into a buffer.
 *
 * A document is a tree of typed nodes with attributes, quoted lines and sub
 * nodes; doc/hid.md describes the notation. The reader borrows the text,
 * allocates nothing, keeps no state outside the caller's cursors and never
 * fails on content it does not know: malformed lines and disabled nodes are
 * skipped, of duplicate attributes the first counts, nodes nested deeper than
 * BY_HID_DEPTH do not exist. The text must not change while it is read.
 *
 *    by_hid_open()          document -> top node
 *    by_hid_first/next()    a node's sub nodes
 *    by_hid_attr(), _u64()  a node's attributes
 *    by_hid_first_line()    a node's quoted lines
 */
#ifndef BY_HID_H
#define BY_HID_H

#include <by/types.h>

enum {
	BY_HID_DEPTH = 32, /* levels of nodes, the top node included */
	BY_HID_ATTRS = 64, /* attributes that a writer lets a node have */
};

/** Characters inside the document; not terminated. */
struct by_hid_span {
	char const *base;
	size_t      size;
};

/** A place inside the document; private to the reader. */
struct by_hid_cursor {
	char const *at;   /* where reading goes on */
	char const *line; /* start of the line that 'at' is in */
	char const *end;  /* nothing is read from here on */
	size_t      wide; /* bytes of that line that are no column: UTF-8 beyond the first */
};

/** A node: a small value that can be copied; it borrows the document. */
struct by_hid_node {
	char const *text;   /* its first segment: mark, type and name */
	char const *end;    /* the first line behind the node and all below it */
	char const *limit;  /* the end of its parent */
	uint32_t    column; /* where that segment starts, in characters */
	uint32_t    depth;  /* 1: top node */
};

/** An attribute and the place behind it. */
struct by_hid_attr {
	struct by_hid_span   tag, value;
	struct by_hid_cursor cursor;
};

/** A line of quoted content and the place behind it. */
struct by_hid_line {
	struct by_hid_span   text;
	struct by_hid_cursor cursor;
};


/*
 * Spans
 */

/** Return true if the span holds exactly this text. */
bool by_hid_span_is(struct by_hid_span span, char const *text);

/** Return true if both spans hold the same characters. */
bool by_hid_span_equal(struct by_hid_span a, struct by_hid_span b);

/**
 * Return true if the text can be written as the value of an attribute: valid
 * UTF-8 without '|', control characters and outer blanks. Labels and names
 * that come from elsewhere are refused unless this holds.
 */
bool by_hid_value_valid(char const *text, size_t size);


/*
 * Reader
 */

/**
 * Find the top node of a document.
 *
 * Borrows: the text, as long as any cursor made from it lives. What follows
 * the final line '-' is ignored.
 * Errors: BY_MALFORMED without a top node or without the final line (the
 * document is incomplete); BY_LIMIT beyond 4 GiB.
 */
BY_MUST_USE by_status_t
by_hid_open(struct by_hid_span document, struct by_hid_node *top);

/** Return the node's type. */
struct by_hid_span by_hid_type(struct by_hid_node const *node);

/** Return true if the node is of this type. */
bool by_hid_type_is(struct by_hid_node const *node, char const *type);

/** Return the value of the attribute 'name', empty if there is none. */
struct by_hid_span by_hid_name(struct by_hid_node const *node);

/** Find the first attribute with this tag; false if there is none. */
bool by_hid_attr(struct by_hid_node const *node, char const *tag, struct by_hid_span *value);

/**
 * Copy the value of an attribute into the buffer and terminate it.
 *
 * Errors: BY_NOT_FOUND without such an attribute; BY_NO_SPACE if the value and
 * its terminator do not fit 'size' bytes.
 */
BY_MUST_USE by_status_t by_hid_copy(struct by_hid_node const *node, char const *tag,
                                    char *buffer, size_t size);

/**
 * Return the number that an attribute holds: decimal or 0x hexadecimal, with
 * an optional suffix K, M or G. The fallback stands for an attribute that is
 * absent, no number, or beyond 64 bit.
 */
uint64_t by_hid_u64(struct by_hid_node const *node, char const *tag, uint64_t fallback);

/** Return the truth (yes, true, on, 1, no, false, off, 0) that an attribute holds. */
bool by_hid_bool(struct by_hid_node const *node, char const *tag, bool fallback);

/** Move to the node's first attribute, duplicates not left out; false at the end. */
bool by_hid_first_attr(struct by_hid_node const *node, struct by_hid_attr *attr);

/** Move on to the next attribute; false, and 'attr' unchanged, at the end. */
bool by_hid_next_attr(struct by_hid_attr *attr);

/** Move to the node's first sub node; false if there is none. */
bool by_hid_first(struct by_hid_node const *node, struct by_hid_node *sub);

/** Move on to the next sub node of the same parent; false, and 'sub' unchanged, at the end. */
bool by_hid_next(struct by_hid_node *sub);

/** Move to the first sub node of this type; false if there is none. */
bool by_hid_first_of(struct by_hid_node const *node, char const *type,
                     struct by_hid_node *sub);

/** Move on to the next sub node of this type; false, and 'sub' unchanged, at the end. */
bool by_hid_next_of(struct by_hid_node *sub, char const *type);

/** Move to the node's first line of quoted content; false if there is none. */
bool by_hid_first_line(struct by_hid_node const *node, struct by_hid_line *line);

/** Move on to the next line of quoted content; false, and 'line' unchanged, at the end. */
bool by_hid_next_line(struct by_hid_line *line);

/**
 * Copy the quoted content, lines joined by newlines, not terminated. The
 * buffer may be NULL if 'size' is 0.
 *
 * Returns the length of the whole content; the copy is cut at 'size'.
 */
size_t by_hid_quoted(struct by_hid_node const *node, char *buffer, size_t size);

/**
 * Return true if both nodes read the same: type, attributes in any order,
 * quoted lines, sub nodes in order. Layout, comments and disabled nodes do not
 * count. May say false for equal nodes whose attributes are shuffled by the
 * dozen. Needs 4 KiB of stack.
 */
bool by_hid_equal(struct by_hid_node const *a, struct by_hid_node const *b);


/*
 * Writer
 *
 * A node's attributes come first, then its quoted content, then its sub nodes.
 * The functions return nothing: the first mistake is kept, makes the document
 * fail as a whole, and is told by by_hid_write_finish().
 */

/** A document being written. */
struct by_hid_writer {
	char       *base;
	size_t      size;
	size_t      used;   /* bytes needed so far, even beyond 'size' */
	size_t      header; /* where the open node starts */
	by_status_t status; /* BY_OK or BY_INVALID */
	unsigned    depth;  /* nodes open */
	unsigned    stage;  /* what the innermost open node may still take */
	bool        named;  /* it has its name behind its type */
	unsigned    attrs;  /* attributes of the innermost open node */
};

/** Start a document. Keeps: the buffer, until the document is finished. */
void by_hid_write_init(struct by_hid_writer *writer, char *buffer, size_t size);

/** Open a node inside the innermost open one; the first is the top node. */
void by_hid_write_begin(struct by_hid_writer *writer, char const *type);

/** Close the innermost open node. */
void by_hid_write_end(struct by_hid_writer *writer);

/**
 * Give the open node an attribute. Refused are what by_hid_value_valid() refuses,
 * a second one of the same tag, and more than BY_HID_ATTRS.
 */
void by_hid_write_attr(struct by_hid_writer *writer, char const *tag, char const *value);

/** As by_hid_write_attr() with a value of given length. */
void by_hid_write_span(struct by_hid_writer *writer, char const *tag,
                       struct by_hid_span value);

/** Give the open node an attribute with a decimal number. */
void by_hid_write_u64(struct by_hid_writer *writer, char const *tag, uint64_t value);

/** Give the open node an attribute with the value yes or no. */
void by_hid_write_bool(struct by_hid_writer *writer, char const *tag, bool value);

/** Give the open node an attribute formatted as by by_format(), up to 255 characters. */
__attribute__((format(printf, 3, 4)))
void by_hid_write_format(struct by_hid_writer *writer, char const *tag,
                         char const *format, ...);

/**
 * Give the open node quoted content: each line of the text becomes one quoted
 * line. Refuses invalid UTF-8 and control characters other than tab and newline.
 */
void by_hid_write_quote(struct by_hid_writer *writer, char const *text, size_t size);

/**
 * Write a node that was read, with all below it, as a sub node of the open one
 * or as the top node. Disabled nodes and comments are left out, of duplicate
 * attributes the first is kept. Needs 2 KiB of stack.
 */
void by_hid_write_node(struct by_hid_writer *writer, struct by_hid_node const *node);

/**
 * End the document. On success 'used' bytes of the buffer hold it.
 *
 * Errors: BY_INVALID if anything was refused or a node is open; BY_NO_SPACE if
 * the buffer is too small: by_hid_write_needed() tells the size.
 */
BY_MUST_USE by_status_t by_hid_write_finish(struct by_hid_writer *writer, size_t *used);

/** Return the bytes that the document takes so far, even if they did not fit. */
static inline size_t by_hid_write_needed(struct by_hid_writer const *writer)
{
	return writer->used;
}

#endif
