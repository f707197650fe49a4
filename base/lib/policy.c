/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policies by label.
 */
#include <by/label.h>
#include <by/policy.h>
#include <by/string.h>

/* How well a node fits; a larger number is better. */
enum {
	UNFIT,
	ANY,                          /* it says nothing about labels */
	SUFFIX,                       /* and one more for each byte */
	PREFIX = SUFFIX + 1 + 0xffff, /* and this for each byte */
	EXACT  = 0x7fffffff,
};

_Static_assert(BY_LABEL_MAX < 0x7fff, "ranks do not overlap");


static bool begins(char const *label, size_t len, struct by_hid_span part)
{
	return part.size <= len && !memcmp(label, part.base, part.size);
}


static bool ends(char const *label, size_t len, struct by_hid_span part)
{
	return part.size <= len && !memcmp(label + len - part.size, part.base, part.size);
}


static unsigned rank(struct by_hid_node const *node, char const *label)
{
	size_t const       len    = by_strnlen(label, BY_LABEL_MAX);
	unsigned           result = ANY;
	struct by_hid_span part;

	if (by_hid_attr(node, "label_last", &part)) {
		if (!by_hid_span_is(part, by_label_last(label)))
			return UNFIT;
		result = SUFFIX + (unsigned)part.size;
	}
	if (by_hid_attr(node, "label_suffix", &part)) {
		if (!ends(label, len, part))
			return UNFIT;
		if (result < SUFFIX + (unsigned)part.size)
			result = SUFFIX + (unsigned)part.size;
	}
	if (by_hid_attr(node, "label_prefix", &part)) {
		if (!begins(label, len, part))
			return UNFIT;
		result += PREFIX * (unsigned)(part.size + 1);
	}
	if (by_hid_attr(node, "label", &part)) {
		if (!by_hid_span_is(part, label))
			return UNFIT;
		result = EXACT;
	}

	return result;
}


bool by_policy_fits(struct by_hid_node const *node, char const *label)
{
	return rank(node, label) != UNFIT;
}


by_status_t by_policy_find(struct by_hid_node const *config, char const *label,
                           struct by_hid_node *policy)
{
	struct by_hid_node node;
	unsigned           best = ANY;

	for (bool more = by_hid_first_of(config, "policy", &node); more;
	     more = by_hid_next_of(&node, "policy")) {
		unsigned const fit = rank(&node, label);

		if (fit > best) {
			best    = fit;
			*policy = node;
		}
	}
	if (best > ANY || by_hid_first_of(config, "default-policy", policy))
		return BY_OK;

	return BY_DENIED;
}
