/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Balanced (AVL) tree with the nodes embedded in the objects.
 *
 * Everything is O(log n) at worst and without recursion; walking the whole tree
 * is O(n). The order comes from a comparison that is given with each search, and
 * no two nodes are equal. A tree may be moved in memory, its nodes may not.
 *
 * If each node keeps something about the subtree below it (a sum, a largest
 * value), the tree's 'update' computes it anew from the node itself and from its
 * two children. The tree calls it, children first, whenever a subtree changes.
 */
#ifndef BY_TREE_H
#define BY_TREE_H

#include <by/container.h>
#include <by/types.h>

struct by_tree_node {
	struct by_tree_node *child[2]; /* lesser nodes, greater nodes */
	struct by_tree_node *parent;
	unsigned             height;   /* of the subtree; 0: in no tree */
};

struct by_tree {
	struct by_tree_node *root;
	void (*update)(struct by_tree_node *node);
};

/** Negative, 0 or positive as 'key' comes before, is that of, or comes after 'node'. */
typedef int (*by_tree_compare_t)(void const *key, struct by_tree_node const *node);

/** Make 'tree' an empty tree. 'update' is NULL if nothing is kept per subtree. */
static inline void by_tree_init(struct by_tree *tree,
                                void (*update)(struct by_tree_node *node))
{
	*tree = (struct by_tree){ .update = update };
}

/** True if nothing is in the tree. */
static inline bool by_tree_empty(struct by_tree const *tree)
{
	return tree->root == NULL;
}

/** True if 'node' is in a tree; zeroed memory is a node in no tree. */
static inline bool by_tree_linked(struct by_tree_node const *node)
{
	return node->height != 0;
}

/**
 * Add 'node', which is in no tree and whose key is 'key'. Borrows: key. Keeps: node.
 * Errors: BY_EXISTS if a node of this key is there; then nothing changes.
 */
BY_MUST_USE by_status_t by_tree_insert(struct by_tree *tree, struct by_tree_node *node,
                                       void const *key, by_tree_compare_t compare);

/** Take 'node' out of 'tree', where it is. Gives: node. */
void by_tree_remove(struct by_tree *tree, struct by_tree_node *node);

/**
 * What 'update' reads in 'node' itself has changed: bring the node and all
 * above it up to date.
 */
void by_tree_update(struct by_tree *tree, struct by_tree_node *node);

/** The node of this key, NULL if there is none. */
struct by_tree_node *by_tree_find(struct by_tree const *tree, void const *key,
                                  by_tree_compare_t compare);

/** The first node that does not come before 'key', NULL if there is none. */
struct by_tree_node *by_tree_lower_bound(struct by_tree const *tree, void const *key,
                                         by_tree_compare_t compare);

/** The last node that does not come after 'key', NULL if there is none. */
struct by_tree_node *by_tree_floor(struct by_tree const *tree, void const *key,
                                   by_tree_compare_t compare);

/** The least node, NULL if the tree is empty. */
struct by_tree_node *by_tree_first(struct by_tree const *tree);

/** The greatest node, NULL if the tree is empty. */
struct by_tree_node *by_tree_last(struct by_tree const *tree);

/** The node behind 'node', NULL if it is the last. */
struct by_tree_node *by_tree_next(struct by_tree_node const *node);

/** The node in front of 'node', NULL if it is the first. */
struct by_tree_node *by_tree_prev(struct by_tree_node const *node);

#endif
