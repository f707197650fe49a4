/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the tree.
 */
#include <by/tree.h>
#include <unit.h>

#include "support.h"

UNIT_MAIN("tree")

enum { COUNT = 400 };

struct item {
	int                 key, weight;
	int                 sum; /* of the weights in the subtree */
	struct by_tree_node node;
};

static struct item items[COUNT];
static unsigned    compared;


static struct item *item_of(struct by_tree_node *node)
{
	return node ? BY_CONTAINER_OF(node, struct item, node) : NULL;
}


static int compare(void const *key, struct by_tree_node const *node)
{
	compared++;
	return *(int const *)key - BY_CONTAINER_OF(node, struct item const, node)->key;
}


static int sum_of(struct by_tree_node *node)
{
	return node ? item_of(node)->sum : 0;
}


static void update(struct by_tree_node *node)
{
	struct item *item = item_of(node);

	item->sum = item->weight + sum_of(node->child[0]) + sum_of(node->child[1]);
}


static void reset(struct by_tree *tree, bool augmented)
{
	by_tree_init(tree, augmented ? update : NULL);
	for (int i = 0; i < COUNT; i++)
		items[i] = (struct item){ .key = i, .weight = i * 7 % 13 };
}


static bool insert(struct by_tree *tree, int key)
{
	return by_tree_insert(tree, &items[key].node, &items[key].key, compare) == BY_OK;
}


/* Height of the subtree, -1 if something is wrong with it. */
static int checked_height(struct by_tree const *tree, struct by_tree_node *node)
{
	int height[2], sum;

	if (!node)
		return 0;

	for (int side = 0; side < 2; side++) {
		struct by_tree_node *child = node->child[side];

		height[side] = checked_height(tree, child);
		if (height[side] < 0 || (child && child->parent != node))
			return -1;
	}
	sum = item_of(node)->weight + sum_of(node->child[0]) + sum_of(node->child[1]);
	if (tree->update && item_of(node)->sum != sum)
		return -1;

	int larger = height[0] > height[1] ? height[0] : height[1];
	int lean   = height[0] - height[1];

	return lean >= -1 && lean <= 1 && node->height == (unsigned)larger + 1 ? larger + 1 : -1;
}


static bool sound(struct by_tree const *tree)
{
	return checked_height(tree, tree->root) >= 0 && (!tree->root || !tree->root->parent);
}


/* The next number in use from 'key' on in direction 'step', -1 if there is none. */
static int model_next(bool const *present, int key, int step)
{
	for (; key >= 0 && key < COUNT; key += step)
		if (present[key])
			return key;

	return -1;
}


static int key_of(struct by_tree_node *node)
{
	return node ? item_of(node)->key : -1;
}


static bool agrees(struct by_tree const *tree, bool const *present)
{
	int first = model_next(present, 0, 1), last = model_next(present, COUNT - 1, -1);

	if (key_of(by_tree_first(tree)) != first || key_of(by_tree_last(tree)) != last)
		return false;

	for (int key = 0; key < COUNT; key++) {
		struct by_tree_node *node = by_tree_find(tree, &key, compare);

		if (key_of(node) != (present[key] ? key : -1))
			return false;
		if (key_of(by_tree_lower_bound(tree, &key, compare)) != model_next(present, key, 1))
			return false;
		if (key_of(by_tree_floor(tree, &key, compare)) != model_next(present, key, -1))
			return false;
		if (node && key_of(by_tree_next(node)) != model_next(present, key + 1, 1))
			return false;
		if (node && key_of(by_tree_prev(node)) != model_next(present, key - 1, -1))
			return false;
	}

	return by_tree_empty(tree) == (first < 0);
}


TEST(empty)
{
	struct by_tree tree;
	int key = 3;

	reset(&tree, false);
	CHECK(by_tree_empty(&tree) && !by_tree_first(&tree) && !by_tree_last(&tree));
	CHECK(!by_tree_find(&tree, &key, compare));
	CHECK(!by_tree_lower_bound(&tree, &key, compare));
	CHECK(!by_tree_floor(&tree, &key, compare));
}


TEST(same_key_is_refused)
{
	struct by_tree tree;
	struct item    other = { .key = 5 };

	reset(&tree, false);
	CHECK(insert(&tree, 5) && insert(&tree, 4) && insert(&tree, 6));
	CHECK(by_tree_insert(&tree, &other.node, &other.key, compare) == BY_EXISTS);
	CHECK(!by_tree_linked(&other.node) && sound(&tree));
	CHECK(by_tree_find(&tree, &other.key, compare) == &items[5].node);
}


static void fill(struct by_tree *tree, bool augmented, int step)
{
	reset(tree, augmented);
	for (int i = 0; i < COUNT; i++)
		if (!insert(tree, i * step % COUNT))
			unit_fail(__FILE__, __LINE__, "insert");
}


TEST(sorted_input_stays_low)
{
	struct by_tree tree;

	fill(&tree, false, 1);
	CHECK(sound(&tree));
	CHECK(tree.root->height <= 12); /* 1.44 * log2(400) */
	fill(&tree, false, COUNT - 1);
	CHECK(sound(&tree));
	CHECK(tree.root->height <= 12);
}


TEST(search_is_logarithmic)
{
	struct by_tree tree;

	fill(&tree, false, 7);
	for (int key = -1; key <= COUNT; key++) {
		compared = 0;
		by_tree_find(&tree, &key, compare);
		CHECK(compared <= 12);
		compared = 0;
		by_tree_lower_bound(&tree, &key, compare);
		CHECK(compared <= 12);
	}
}


static void insert_linked(void *tree)
{
	insert(tree, 1);
}


static void remove_unlinked(void *tree)
{
	by_tree_remove(tree, &items[2].node);
}


TEST(misuse_asserts)
{
	struct by_tree tree;

	reset(&tree, false);
	CHECK(insert(&tree, 1));
	CHECK(support_asserts(insert_linked, &tree));
	CHECK(support_asserts(remove_unlinked, &tree));
	CHECK(sound(&tree));
}


/* All shapes that 'count' insertions can make, each key removed from each once. */
static bool small_trees(int count, int number)
{
	bool present[COUNT] = { false };
	struct by_tree tree;

	for (int victim = 0; victim < count; victim++) {
		int rest = number, keys[8], left = count;

		for (int i = 0; i < count; i++)
			keys[i] = i;
		reset(&tree, true);
		for (; left; rest /= left, left--) {
			int pick = rest % left, key = keys[pick];

			keys[pick] = keys[left - 1];
			present[key] = insert(&tree, key);
			if (!sound(&tree))
				return false;
		}
		by_tree_remove(&tree, &items[victim].node);
		present[victim] = false;
		if (!sound(&tree) || by_tree_linked(&items[victim].node))
			return false;
		for (int key = 0; key < count; key++)
			if ((by_tree_find(&tree, &key, compare) != NULL) != present[key])
				return false;
	}

	return true;
}


TEST(small_trees_exhaustively)
{
	int orders = 1;

	for (int count = 1; count <= 7; count++) {
		orders *= count;
		for (int number = 0; number < orders; number++)
			CHECK(small_trees(count, number));
	}
}


static void change(struct by_tree *tree, bool *present, int key)
{
	if (present[key])
		by_tree_remove(tree, &items[key].node);
	else
		insert(tree, key);
	present[key] = !present[key];
}


TEST(random_against_array)
{
	for (int augmented = 0; augmented < 2; augmented++) {
		bool present[COUNT] = { false };
		struct by_tree tree;
		uint64_t seed = 3;

		reset(&tree, augmented);
		for (unsigned i = 0; i < 20000; i++) {
			/* a window that moves, so that fill levels vary */
			unsigned key = i / 50 + support_below(&seed, COUNT);

			change(&tree, present, (int)(key / (1 + i / 5000 % 2) % COUNT));
			CHECK(sound(&tree));
			if (i % 64 == 0)
				CHECK(agrees(&tree, present));
		}
		CHECK(agrees(&tree, present));
	}
}


TEST(update_reaches_the_root)
{
	struct by_tree tree;
	uint64_t seed = 11;

	fill(&tree, true, 3);
	for (int i = 0; i < 1000; i++) {
		unsigned key = support_below(&seed, COUNT);

		items[key].weight = (int)support_below(&seed, 1000);
		by_tree_update(&tree, &items[key].node);
		CHECK(sound(&tree));
	}
}


TEST(tree_can_move)
{
	struct by_tree tree, moved;

	fill(&tree, false, 7);
	moved = tree;
	memset(&tree, 0xff, sizeof(tree));
	while (moved.root) {
		by_tree_remove(&moved, moved.root);
		CHECK(sound(&moved));
	}
}
