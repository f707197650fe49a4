/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dictionary: objects found by name, in O(log n).
 *
 * An object embeds a struct by_dict_node; the name stays where its owner has
 * it (usually in the object as well) and must not change meanwhile. Zeroed memory is a
 * node in no dictionary.
 */
#ifndef BY_DICT_H
#define BY_DICT_H

#include <by/tree.h>

/** The longest key, in bytes; makes every search bounded. */
enum { BY_DICT_KEY_MAX = 160 };

struct by_dict_node {
	struct by_tree_node node;
	char const         *key;
};

struct by_dict {
	struct by_tree tree;
};

/** Make 'dict' an empty dictionary. */
static inline void by_dict_init(struct by_dict *dict)
{
	by_tree_init(&dict->tree, NULL);
}

/**
 * Add 'node', which is in no dictionary, under 'key'. Keeps: node and key.
 * Errors: BY_EXISTS if the key is taken, BY_INVALID if it is too long.
 */
BY_MUST_USE by_status_t by_dict_insert(struct by_dict *dict, struct by_dict_node *node,
                                       char const *key);

/** Take 'node' out of 'dict', where it is. Gives: node and key. */
void by_dict_remove(struct by_dict *dict, struct by_dict_node *node);

/** The node under 'key', NULL if there is none. */
struct by_dict_node *by_dict_find(struct by_dict const *dict, char const *key);

/** The first node in the order of keys (by bytes), NULL if there is none. */
struct by_dict_node *by_dict_first(struct by_dict const *dict);

/** The node behind 'node', NULL if it is the last. */
struct by_dict_node *by_dict_next(struct by_dict_node const *node);

#endif
