/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong in a configuration.
 */
#include "filter.h"

struct check {
	struct by_hid_node const *config;
	unsigned                  node, mistakes;
	void                    (*complain)(unsigned node, char const *what,
	                                    struct by_hid_span detail);
};


static void complain(struct check *check, char const *what, struct by_hid_span detail)
{
	check->mistakes++;
	check->complain(check->node, what, detail);
}


/* The attribute must be there. */
static bool need(struct check *check, struct by_hid_node const *node, char const *tag,
                 char const *what, struct by_hid_span *value)
{
	if (by_hid_attr(node, tag, value))
		return true;

	complain(check, what, by_hid_type(node));

	return false;
}


static void check_reference(struct check *check, struct by_hid_span name)
{
	struct by_hid_node input;

	if (!filter_input(check->config, name, &input))
		complain(check, "no such input", name);
}


static void check_condition(struct check *check, struct by_hid_node const *node)
{
	struct by_hid_span input, value;

	if (need(check, node, "input", "no attribute \"input\" in", &input))
		check_reference(check, input);
	(void)need(check, node, "value", "no attribute \"value\" in", &value);
}


static void check_attribute(struct check *check, struct by_hid_node const *node)
{
	struct by_hid_span name, input, value;

	(void)need(check, node, "name", "no name in", &name);
	if (by_hid_attr(node, "input", &input))
		check_reference(check, input);
	else if (!by_hid_attr(node, "value", &value))
		complain(check, "neither \"value\" nor \"input\" for attribute", by_hid_name(node));
}


static void check_content(struct check *check, struct by_hid_node const *node);


static void check_if(struct check *check, struct by_hid_node const *node)
{
	struct by_hid_node sub;
	bool               condition = false;

	for (bool more = by_hid_first(node, &sub); more; more = by_hid_next(&sub)) {
		if (by_hid_type_is(&sub, "then") || by_hid_type_is(&sub, "else")) {
			check_content(check, &sub);
		} else if (by_hid_type_is(&sub, "has_value")) {
			check_condition(check, &sub);
			condition = true;
		} else {
			complain(check, "unknown node", by_hid_type(&sub));
		}
	}
	if (!condition)
		complain(check, "no condition in", by_hid_type(node));
}


static void check_content(struct check *check, struct by_hid_node const *node)
{
	struct by_hid_node sub;
	struct by_hid_span name;

	for (bool more = by_hid_first(node, &sub); more; more = by_hid_next(&sub)) {
		if (by_hid_type_is(&sub, "if")) {
			check_if(check, &sub);
		} else if (by_hid_type_is(&sub, "attribute")) {
			check_attribute(check, &sub);
		} else if (by_hid_type_is(&sub, "input")) {
			check_reference(check, by_hid_name(&sub));
		} else if (by_hid_type_is(&sub, "node")) {
			(void)need(check, &sub, "name", "no name in", &name);
			check_content(check, &sub);
		} else if (!by_hid_type_is(&sub, "inline")) {
			complain(check, "unknown node", by_hid_type(&sub));
		}
	}
}


unsigned filter_check(struct by_hid_node const *config,
                      void (*report)(unsigned node, char const *what, struct by_hid_span detail))
{
	struct check       check   = { .config = config, .complain = report };
	unsigned           outputs = 0;
	struct by_hid_node node;
	struct by_hid_span value;

	for (bool more = by_hid_first(config, &node); more; more = by_hid_next(&node)) {
		check.node++;
		if (by_hid_type_is(&node, "input")) {
			(void)need(&check, &node, "name", "no name in", &value);
		} else if (by_hid_type_is(&node, "output")) {
			(void)need(&check, &node, "node", "no attribute \"node\" in", &value);
			check_content(&check, &node);
			if (++outputs == 2)
				complain(&check, "another", by_hid_type(&node));
		} else {
			complain(&check, "unknown node", by_hid_type(&node));
		}
	}
	if (!outputs)
		complain(&check, "no output in", by_hid_type(config));

	return check.mistakes;
}
