/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the configuration says about a child.
 */
#include "start.h"
#include <by/string.h>


struct by_hid_node config_part(struct by_hid_node const *node, char const *type)
{
	struct by_hid_node part = { .text = NULL };

	(void)by_hid_first_of(node, type, &part);

	return part;
}


bool config_find(struct by_hid_node const *node, char const *type, char const *name,
                 struct by_hid_node *found)
{
	struct by_hid_node sub;

	if (!by_hid_first_of(node, type, &sub))
		return false;

	do {
		if (by_hid_span_is(by_hid_name(&sub), name)) {
			*found = sub;
			return true;
		}
	} while (by_hid_next_of(&sub, type));

	return false;
}


by_status_t config_program(struct by_hid_node const *start, char *program)
{
	struct by_hid_node  binary;
	bool const          named = by_hid_first_of(start, "binary", &binary);
	by_status_t const   status = by_hid_copy(named ? &binary : start,
	                                         named ? "name" : "binary", program,
	                                         BY_CHILD_NAME + 1);

	return status == BY_NOT_FOUND && !named
	       ? by_hid_copy(start, "name", program, BY_CHILD_NAME + 1) : status;
}


static uint64_t quota(struct start const *start, char const *tag)
{
	struct by_hid_node defaults;
	uint64_t           fallback = 0;

	if (by_hid_first_of(&start->sandbox->config, "default", &defaults))
		fallback = by_hid_u64(&defaults, tag, 0);

	return by_hid_u64(&start->config, tag, fallback);
}


uint64_t config_ram(struct start const *start)
{
	return quota(start, "ram");
}


uint64_t config_caps(struct start const *start)
{
	return quota(start, "caps");
}


uint64_t config_preserved(struct sandbox const *sandbox, char const *what)
{
	struct by_hid_node resource;

	return sandbox->text && config_find(&sandbox->config, "resource", what, &resource)
	       ? by_hid_u64(&resource, "preserve", 0) : 0;
}


bool config_provides(struct start const *start, char const *service)
{
	struct by_hid_node provides, node;

	return by_hid_first_of(&start->config, "provides", &provides)
	       && config_find(&provides, "service", service, &node);
}


bool config_differs(struct by_hid_node const *a, struct by_hid_node const *b, char const *type)
{
	struct by_hid_node sub_a, sub_b;
	bool const         in_a = by_hid_first_of(a, type, &sub_a);
	bool const         in_b = by_hid_first_of(b, type, &sub_b);

	return in_a != in_b || (in_a && !by_hid_equal(&sub_a, &sub_b));
}


by_status_t config_child(struct sandbox const *sandbox, struct by_hid_node const *node,
                         char *name, size_t size)
{
	struct by_hid_node alias;
	by_status_t const  status = by_hid_copy(node, "name", name, size);

	if (status != BY_OK || !config_find(&sandbox->config, "alias", name, &alias))
		return status;

	return by_hid_copy(&alias, "child", name, size);
}
