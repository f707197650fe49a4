/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the dictionary.
 */
#include <by/dict.h>
#include <unit.h>

#include "support.h"

UNIT_MAIN("dict")

enum { COUNT = 200 };

struct item {
	char                name[16];
	struct by_dict_node node;
};

static struct item items[COUNT];


static void reset(struct by_dict *dict)
{
	by_dict_init(dict);
	for (int i = 0; i < COUNT; i++) {
		items[i] = (struct item){ .name = "" };
		snprintf(items[i].name, sizeof(items[i].name), "n%d", i);
	}
}


TEST(insert_find_remove)
{
	struct by_dict dict;

	reset(&dict);
	CHECK(!by_dict_find(&dict, "n1") && !by_dict_first(&dict));
	CHECK(by_dict_insert(&dict, &items[1].node, items[1].name) == BY_OK);
	CHECK(by_dict_insert(&dict, &items[12].node, items[12].name) == BY_OK);
	CHECK(by_dict_find(&dict, "n1") == &items[1].node);
	CHECK(by_dict_find(&dict, "n12") == &items[12].node);
	CHECK(!by_dict_find(&dict, "n") && !by_dict_find(&dict, "n123") && !by_dict_find(&dict, ""));
	CHECK_STR(by_dict_first(&dict)->key, "n1");
	CHECK(by_dict_next(by_dict_first(&dict)) == &items[12].node);
	CHECK(!by_dict_next(&items[12].node));
	by_dict_remove(&dict, &items[1].node);
	CHECK(!by_dict_find(&dict, "n1") && !items[1].node.key);
	CHECK(by_dict_find(&dict, "n12") == &items[12].node);
}


TEST(same_key_is_refused)
{
	struct by_dict dict;

	reset(&dict);
	CHECK(by_dict_insert(&dict, &items[0].node, "x") == BY_OK);
	CHECK(by_dict_insert(&dict, &items[1].node, "x") == BY_EXISTS);
	CHECK(!items[1].node.key);
	CHECK(by_dict_find(&dict, "x") == &items[0].node);
	by_dict_remove(&dict, &items[0].node);
	CHECK(by_dict_insert(&dict, &items[1].node, "x") == BY_OK);
}


TEST(key_length)
{
	static char text[BY_DICT_KEY_MAX + 2];
	struct by_dict dict;

	reset(&dict);
	memset(text, 'k', BY_DICT_KEY_MAX + 1);
	CHECK(by_dict_insert(&dict, &items[0].node, text) == BY_INVALID);
	text[BY_DICT_KEY_MAX] = 0;
	CHECK(by_dict_insert(&dict, &items[0].node, text) == BY_OK);
	CHECK(by_dict_find(&dict, text) == &items[0].node);
	text[BY_DICT_KEY_MAX] = 'k';
	CHECK(!by_dict_find(&dict, ""));
	CHECK(by_dict_insert(&dict, &items[1].node, "") == BY_OK);
	CHECK(by_dict_first(&dict) == &items[1].node);
}


static bool sorted(struct by_dict const *dict, unsigned count)
{
	struct by_dict_node const *last = NULL;

	for (struct by_dict_node *node = by_dict_first(dict); node; node = by_dict_next(node)) {
		if (last && strcmp(last->key, node->key) >= 0)
			return false;
		last = node;
		count--;
	}

	return count == 0;
}


TEST(random_against_array)
{
	bool present[COUNT] = { false };
	struct by_dict dict;
	uint64_t seed = 5;
	unsigned count = 0;

	reset(&dict);
	for (int i = 0; i < 10000; i++) {
		unsigned at = support_below(&seed, COUNT);
		struct by_dict_node *node = &items[at].node, *found;

		found = by_dict_find(&dict, items[at].name);
		CHECK(found == (present[at] ? node : NULL));
		if (present[at])
			by_dict_remove(&dict, node);
		else
			CHECK(by_dict_insert(&dict, node, items[at].name) == BY_OK);
		present[at] = !present[at];
		count += present[at] ? 1u : -1u;
		CHECK(i % 50 || sorted(&dict, count));
	}
}
