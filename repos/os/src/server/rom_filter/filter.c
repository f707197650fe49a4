/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of inputs, and the output.
 *
 * A node's attributes are written first, then its quoted lines, then its sub nodes, whatever
 * their order in the configuration: what describes a node is walked three times.
 */
#include "filter.h"
#include <by/string.h>

enum pass { ATTRIBUTES, QUOTES, NODES, PASSES };

enum { TYPE = 64 };


bool filter_input(struct by_hid_node const *config, struct by_hid_span name,
                  struct by_hid_node *input)
{
	for (bool more = by_hid_first_of(config, "input", input); more;
	     more = by_hid_next_of(input, "input"))
		if (by_hid_span_equal(by_hid_name(input), name))
			return true;

	return false;
}


/*
 * Values
 */

/* Copy a type or tag, which others want terminated. False if it is none. */
static bool copy(struct by_hid_span from, char to[TYPE])
{
	if (from.size == 0 || from.size >= TYPE)
		return false;

	memcpy(to, from.base, from.size);
	to[from.size] = 0;

	return true;
}


static bool attribute(struct by_hid_node const *node, struct by_hid_span tag,
                      struct by_hid_span *value)
{
	char text[TYPE];

	return copy(tag, text) && by_hid_attr(node, text, value);
}


/* Each attribute with a value in 'wanted' has it in 'node'. */
static bool satisfies(struct by_hid_node const *node, struct by_hid_node const *wanted)
{
	struct by_hid_node condition;
	struct by_hid_span value, actual;

	for (bool more = by_hid_first_of(wanted, "attribute", &condition); more;
	     more = by_hid_next_of(&condition, "attribute")) {
		if (!by_hid_attr(&condition, "value", &value))
			continue;
		if (!attribute(node, by_hid_name(&condition), &actual)
		    || !by_hid_span_equal(actual, value))
			return false;
	}

	return true;
}


/* The value of the attribute without one in 'wanted'. */
static bool extract(struct by_hid_node const *node, struct by_hid_node const *wanted,
                    struct by_hid_span *value)
{
	struct by_hid_node what;
	struct by_hid_span given;

	for (bool more = by_hid_first_of(wanted, "attribute", &what); more;
	     more = by_hid_next_of(&what, "attribute"))
		if (!by_hid_attr(&what, "value", &given))
			return attribute(node, by_hid_name(&what), value)
			       && by_hid_value_valid(value->base, value->size);

	return false;
}


/* The value at 'node' or below it. Nodes are nested less than BY_HID_DEPTH deep. */
static bool search(struct by_hid_node const *node, struct by_hid_node const *wanted,
                   struct by_hid_span *value)
{
	struct by_hid_node below, sub;
	char               type[TYPE];

	if (!satisfies(node, wanted))
		return false;

	if (!by_hid_first_of(wanted, "node", &below))
		return extract(node, wanted, value);

	if (!copy(by_hid_name(&below), type))
		return false;

	for (bool more = by_hid_first_of(node, type, &sub); more; more = by_hid_next_of(&sub, type))
		if (search(&sub, &below, value))
			return true;

	return false;
}


/* The top node of an input's ROM, if it is of the type that the input wants. */
static bool top_of(struct filter const *filter, struct by_hid_node const *input,
                   struct by_hid_node *top)
{
	struct by_hid_span type;

	if (!filter->rom(filter, by_hid_name(input), top))
		return false;

	return !by_hid_attr(input, "node", &type) || by_hid_span_equal(by_hid_type(top), type);
}


bool filter_value(struct filter const *filter, struct by_hid_span name,
                  struct by_hid_span *value)
{
	struct by_hid_node input, top;

	if (!filter_input(filter->config, name, &input))
		return false;

	if (top_of(filter, &input, &top) && search(&top, &input, value))
		return true;

	return by_hid_attr(&input, "default", value);
}


/*
 * Output
 */

static void content(struct filter const *filter, struct by_hid_node const *node,
                    struct by_hid_writer *writer, enum pass pass);


static void write_attribute(struct filter const *filter, struct by_hid_node const *node,
                            struct by_hid_writer *writer)
{
	struct by_hid_span input, value;
	char               tag[TYPE];

	if (!copy(by_hid_name(node), tag))
		return;

	if (by_hid_attr(node, "input", &input)) {
		if (!filter_value(filter, input, &value))
			return;
	} else if (!by_hid_attr(node, "value", &value)) {
		return;
	}
	by_hid_write_span(writer, tag, value);
}


static void write_quotes(struct by_hid_node const *node, struct by_hid_writer *writer)
{
	struct by_hid_line line;

	for (bool more = by_hid_first_line(node, &line); more; more = by_hid_next_line(&line))
		by_hid_write_quote(writer, line.text.base, line.text.size);
}


static void write_nodes_of(struct by_hid_node const *node, struct by_hid_writer *writer)
{
	struct by_hid_node sub;

	for (bool more = by_hid_first(node, &sub); more; more = by_hid_next(&sub))
		by_hid_write_node(writer, &sub);
}


static void write_inline(struct by_hid_node const *node, struct by_hid_writer *writer,
                         enum pass pass)
{
	if (pass == QUOTES)
		write_quotes(node, writer);
	else if (pass == NODES)
		write_nodes_of(node, writer);
}


/* The whole of an input's ROM. */
static void write_input(struct filter const *filter, struct by_hid_node const *node,
                        struct by_hid_writer *writer)
{
	struct by_hid_node input, top;

	if (!filter_input(filter->config, by_hid_name(node), &input)
	    || !top_of(filter, &input, &top))
		return;

	if (by_hid_bool(node, "skip_toplevel", false))
		write_nodes_of(&top, writer);
	else
		by_hid_write_node(writer, &top);
}


static void write_node(struct filter const *filter, struct by_hid_node const *node,
                       struct by_hid_span name, struct by_hid_writer *writer)
{
	char type[TYPE];

	if (!copy(name, type))
		return;

	by_hid_write_begin(writer, type);
	for (enum pass pass = ATTRIBUTES; pass < PASSES; pass++)
		content(filter, node, writer, pass);
	by_hid_write_end(writer);
}


/* Whether all of the conditions hold. */
static bool holds(struct filter const *filter, struct by_hid_node const *node)
{
	struct by_hid_node condition;
	struct by_hid_span input, wanted, value;
	bool               any = false;

	for (bool more = by_hid_first_of(node, "has_value", &condition); more;
	     more = by_hid_next_of(&condition, "has_value")) {
		any = true;
		if (!by_hid_attr(&condition, "input", &input)
		    || !by_hid_attr(&condition, "value", &wanted)
		    || !filter_value(filter, input, &value) || !by_hid_span_equal(value, wanted))
			return false;
	}

	return any;
}


static void write_if(struct filter const *filter, struct by_hid_node const *node,
                     struct by_hid_writer *writer, enum pass pass)
{
	struct by_hid_node branch;

	if (by_hid_first_of(node, holds(filter, node) ? "then" : "else", &branch))
		content(filter, &branch, writer, pass);
}


/* What belongs into the open node, as far as this pass writes it. */
static void content(struct filter const *filter, struct by_hid_node const *node,
                    struct by_hid_writer *writer, enum pass pass)
{
	struct by_hid_node sub;

	for (bool more = by_hid_first(node, &sub); more; more = by_hid_next(&sub)) {
		if (by_hid_type_is(&sub, "if"))
			write_if(filter, &sub, writer, pass);
		else if (by_hid_type_is(&sub, "inline"))
			write_inline(&sub, writer, pass);
		else if (by_hid_type_is(&sub, "attribute") && pass == ATTRIBUTES)
			write_attribute(filter, &sub, writer);
		else if (by_hid_type_is(&sub, "node") && pass == NODES)
			write_node(filter, &sub, by_hid_name(&sub), writer);
		else if (by_hid_type_is(&sub, "input") && pass == NODES)
			write_input(filter, &sub, writer);
	}
}


void filter_write(struct filter const *filter, struct by_hid_node const *output,
                  struct by_hid_writer *writer)
{
	struct by_hid_span type;

	if (by_hid_attr(output, "node", &type))
		write_node(filter, output, type, writer);
}
