/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Policies by label: which fit, and which is the best.
 */
#include "unit.h"
#include <by/policy.h>
#include <by/types.h>
#include <string.h>

UNIT_MAIN("policy")


static struct by_hid_node top_of(char const *text)
{
	struct by_hid_node top = { .text = NULL };

	if (by_hid_open((struct by_hid_span){ text, strlen(text) }, &top) != BY_OK)
		top.text = NULL;

	return top;
}


/* The value of 'is' in the policy that is found, "" if none is. */
static char const *found(char const *config, char const *label)
{
	static char        value[16];
	struct by_hid_node top = top_of(config), policy;

	value[0] = 0;
	if (by_policy_find(&top, label, &policy) == BY_OK)
		(void)!by_hid_copy(&policy, "is", value, sizeof(value));

	return value;
}


static bool fits(char const *attributes, char const *label)
{
	char text[200];

	snprintf(text, sizeof(text), "route%s\n-\n", attributes);
	struct by_hid_node const top = top_of(text);

	return by_policy_fits(&top, label);
}


TEST(each_attribute_must_fit)
{
	CHECK(fits("", "a -> b"));
	CHECK(fits("", ""));
	CHECK(fits(" | label: a -> b", "a -> b"));
	CHECK(!fits(" | label: a -> b", "a -> b "));
	CHECK(!fits(" | label: a -> b", "a -> "));
	CHECK(!fits(" | label: a -> b", ""));
	CHECK(fits(" | label_prefix: a", "a -> b"));
	CHECK(fits(" | label_prefix: a -> b", "a -> b"));
	CHECK(!fits(" | label_prefix: a -> bc", "a -> b"));
	CHECK(!fits(" | label_prefix: b", "a -> b"));
	CHECK(fits(" | label_suffix: b", "a -> b"));
	CHECK(fits(" | label_suffix: a -> b", "a -> b"));
	CHECK(!fits(" | label_suffix: xa -> b", "a -> b"));
	CHECK(!fits(" | label_suffix: a", "a -> b"));
	CHECK(fits(" | label_last: b", "a -> b"));
	CHECK(fits(" | label_last: b", "b"));
	CHECK(!fits(" | label_last: b", "a -> xb"));
	CHECK(!fits(" | label_last: a -> b", "a -> b"));
	CHECK(fits(" | label_prefix: a | label_suffix: b", "a -> b"));
	CHECK(!fits(" | label_prefix: a | label_suffix: b", "a -> c"));
	CHECK(!fits(" | label_prefix: a | label_suffix: b", "b -> b"));
	CHECK(!fits(" | label: a -> b | label_last: c", "a -> b"));
	CHECK(!fits(" | label_last: c | label_prefix: a", "a -> b"));
}


TEST(exact_is_best_then_prefix_then_suffix)
{
	static char const config[] =
		"config\n"
		"+ policy | label_suffix: b                     | is: 1\n"
		"+ policy | label_suffix: -> b                  | is: 2\n"
		"+ policy | label_prefix: x                     | is: 3\n"
		"+ policy | label_prefix: x -> y                | is: 4\n"
		"+ policy | label_prefix: x | label_suffix: b   | is: 5\n"
		"+ policy | label: x -> y -> c                  | is: 6\n"
		"+ default-policy                               | is: 7\n"
		"+ policy                                       | is: 8\n"
		"+ policy | label_last: q                       | is: 9\n"
		"-\n";

	CHECK_STR(found(config, "ab"), "1");
	CHECK_STR(found(config, "a -> b"), "2");
	CHECK_STR(found(config, "xa"), "3");
	CHECK_STR(found(config, "x -> y -> b"), "4");
	CHECK_STR(found(config, "x -> b"), "5");
	CHECK_STR(found(config, "x -> y -> c"), "6");
	CHECK_STR(found(config, "x -> y -> cc"), "4");
	CHECK_STR(found(config, "a -> q"), "9");
	CHECK_STR(found(config, "a -> qq"), "7");
	CHECK_STR(found(config, ""), "7");
}


TEST(of_equals_the_first)
{
	static char const config[] =
		"config\n"
		"+ default-policy           | is: 1\n"
		"+ default-policy           | is: 2\n"
		"+ policy | label: a        | is: 3\n"
		"+ policy | label: a        | is: 4\n"
		"+ policy | label_prefix: b | is: 5\n"
		"+ policy | label_prefix: b | is: 6\n"
		"-\n";

	CHECK_STR(found(config, "a"), "3");
	CHECK_STR(found(config, "bb"), "5");
	CHECK_STR(found(config, "c"), "1");
}


TEST(without_a_policy_there_is_nothing)
{
	struct by_hid_node const top = top_of("config\n+ policy | is: 1\n+ other | label: a\n-\n");
	struct by_hid_node       policy;

	CHECK_EQ(by_policy_find(&top, "a", &policy), BY_DENIED);
	CHECK_EQ(by_policy_find(&top, "", &policy), BY_DENIED);
	CHECK_STR(found("config\nx policy | label: a | is: 1\n-\n", "a"), "");
}


/* The longest label that there is, by a prefix and by itself. */
TEST(long_labels)
{
	char label[161], config[600];

	memset(label, 'a', 160);
	label[160] = 0;
	snprintf(config, sizeof(config),
	         "config\n+ policy | label_suffix: %s | is: 1\n+ policy | label_prefix: a | is: 2\n"
	         "+ policy | label_prefix: %s | is: 3\n-\n", label, label);
	CHECK_STR(found(config, label), "3");
	CHECK_STR(found(config, "aa"), "2");
	snprintf(config, sizeof(config),
	         "config\n+ policy | label: %s | is: 1\n+ policy | label_prefix: %s | is: 2\n-\n",
	         label, label);
	CHECK_STR(found(config, label), "1");
}
