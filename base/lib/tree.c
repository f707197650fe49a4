/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AVL tree: the heights of a node's two subtrees differ by one at most.
 *
 * 'side' is 0 for lesser and 1 for greater, so that left and right share code.
 */
#include <by/assert.h>
#include <by/tree.h>


static unsigned height(struct by_tree_node const *node)
{
	return node ? node->height : 0;
}


/* The pointer, in its parent or in the tree, that leads to 'node'. */
static struct by_tree_node **link_of(struct by_tree *tree, struct by_tree_node *node)
{
	struct by_tree_node *parent = node->parent;

	return parent ? &parent->child[parent->child[1] == node] : &tree->root;
}


static void set_child(struct by_tree_node *node, int side, struct by_tree_node *child)
{
	node->child[side] = child;
	if (child)
		child->parent = node;
}


/* Put 'heir', which may be NULL, into the place of 'node'. */
static void replace(struct by_tree *tree, struct by_tree_node *node,
                    struct by_tree_node *heir)
{
	*link_of(tree, node) = heir;
	if (heir)
		heir->parent = node->parent;
}


static void refresh(struct by_tree *tree, struct by_tree_node *node)
{
	unsigned a = height(node->child[0]), b = height(node->child[1]);

	node->height = (a > b ? a : b) + 1;
	if (tree->update)
		tree->update(node);
}


/* Move 'node' down to 'side', its child on the other side up. Returns the latter. */
static struct by_tree_node *rotate(struct by_tree *tree, struct by_tree_node *node,
                                   int side)
{
	struct by_tree_node *up = node->child[!side];

	replace(tree, node, up);
	set_child(node, !side, up->child[side]);
	set_child(up, side, node);
	refresh(tree, node);
	refresh(tree, up);

	return up;
}


/* Make 'node' balanced, whose subtrees are. Returns the new top of the subtree. */
static struct by_tree_node *balance(struct by_tree *tree, struct by_tree_node *node)
{
	int lean = (int)height(node->child[1]) - (int)height(node->child[0]);
	int heavy = lean > 0;

	if (lean >= -1 && lean <= 1) {
		refresh(tree, node);
		return node;
	}

	struct by_tree_node *child = node->child[heavy];

	if (height(child->child[!heavy]) > height(child->child[heavy]))
		rotate(tree, child, heavy);

	return rotate(tree, node, !heavy);
}


/* Repair all from 'node' upwards after one of its subtrees changed. */
static void climb(struct by_tree *tree, struct by_tree_node *node)
{
	while (node) {
		unsigned before = node->height;

		node = balance(tree, node);
		if (node->height == before && !tree->update)
			return;
		node = node->parent;
	}
}


by_status_t by_tree_insert(struct by_tree *tree, struct by_tree_node *node, void const *key,
                           by_tree_compare_t compare)
{
	struct by_tree_node *parent = NULL, **link = &tree->root;

	BY_ASSERT(!by_tree_linked(node));
	while (*link) {
		int order = compare(key, *link);

		if (order == 0)
			return BY_EXISTS;
		parent = *link;
		link = &parent->child[order > 0];
	}
	*link = node;
	*node = (struct by_tree_node){ .parent = parent };
	climb(tree, node);

	return BY_OK;
}


static struct by_tree_node *outermost(struct by_tree_node *node, int side)
{
	while (node && node->child[side])
		node = node->child[side];

	return node;
}


/*
 * Put the node behind 'node', which has two children, into its place. Returns
 * the lowest node whose subtree changed.
 */
static struct by_tree_node *succeed(struct by_tree *tree, struct by_tree_node *node)
{
	struct by_tree_node *heir  = outermost(node->child[1], 0);
	struct by_tree_node *start = heir->parent == node ? heir : heir->parent;

	replace(tree, heir, heir->child[1]);
	replace(tree, node, heir);
	set_child(heir, 0, node->child[0]);
	set_child(heir, 1, node->child[1]);
	heir->height = node->height;

	return start;
}


void by_tree_remove(struct by_tree *tree, struct by_tree_node *node)
{
	struct by_tree_node *start = node->parent;

	BY_ASSERT(by_tree_linked(node));
	if (node->child[0] && node->child[1])
		start = succeed(tree, node);
	else
		replace(tree, node, node->child[node->child[0] == NULL]);

	*node = (struct by_tree_node){ .height = 0 };
	climb(tree, start);
}


void by_tree_update(struct by_tree *tree, struct by_tree_node *node)
{
	for (; node; node = node->parent)
		tree->update(node);
}


struct by_tree_node *by_tree_find(struct by_tree const *tree, void const *key,
                                  by_tree_compare_t compare)
{
	struct by_tree_node *node = tree->root;

	while (node) {
		int order = compare(key, node);

		if (order == 0)
			break;
		node = node->child[order > 0];
	}

	return node;
}


/* The node of 'key' or else the nearest one on 'side' of it. */
static struct by_tree_node *nearest(struct by_tree const *tree, void const *key,
                                    by_tree_compare_t compare, int side)
{
	struct by_tree_node *best = NULL, *node = tree->root;

	while (node) {
		int order = compare(key, node), step = order > 0;

		if (order == 0)
			return node;
		if (step != side)
			best = node;
		node = node->child[step];
	}

	return best;
}


struct by_tree_node *by_tree_lower_bound(struct by_tree const *tree, void const *key,
                                         by_tree_compare_t compare)
{
	return nearest(tree, key, compare, 1);
}


struct by_tree_node *by_tree_floor(struct by_tree const *tree, void const *key,
                                   by_tree_compare_t compare)
{
	return nearest(tree, key, compare, 0);
}


struct by_tree_node *by_tree_first(struct by_tree const *tree)
{
	return outermost(tree->root, 0);
}


struct by_tree_node *by_tree_last(struct by_tree const *tree)
{
	return outermost(tree->root, 1);
}


/* The neighbour of 'node' on 'side' in the order of the whole tree. */
static struct by_tree_node *neighbour(struct by_tree_node const *node, int side)
{
	if (node->child[side])
		return outermost(node->child[side], !side);

	while (node->parent && node->parent->child[side] == node)
		node = node->parent;

	return node->parent;
}


struct by_tree_node *by_tree_next(struct by_tree_node const *node)
{
	return neighbour(node, 1);
}


struct by_tree_node *by_tree_prev(struct by_tree_node const *node)
{
	return neighbour(node, 0);
}
