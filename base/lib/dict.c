/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dictionary.
 */
#include <by/dict.h>
#include <by/string.h>


static struct by_dict_node *dict_node(struct by_tree_node *node)
{
	return node ? BY_CONTAINER_OF(node, struct by_dict_node, node) : NULL;
}


static int compare(void const *key, struct by_tree_node const *node)
{
	return by_strcmp(key, BY_CONTAINER_OF(node, struct by_dict_node const, node)->key);
}


by_status_t by_dict_insert(struct by_dict *dict, struct by_dict_node *node, char const *key)
{
	if (by_strnlen(key, BY_DICT_KEY_MAX + 1) > BY_DICT_KEY_MAX)
		return BY_INVALID;

	by_status_t status = by_tree_insert(&dict->tree, &node->node, key, compare);

	if (status == BY_OK)
		node->key = key;

	return status;
}


void by_dict_remove(struct by_dict *dict, struct by_dict_node *node)
{
	by_tree_remove(&dict->tree, &node->node);
	node->key = NULL;
}


struct by_dict_node *by_dict_find(struct by_dict const *dict, char const *key)
{
	return dict_node(by_tree_find(&dict->tree, key, compare));
}


struct by_dict_node *by_dict_first(struct by_dict const *dict)
{
	return dict_node(by_tree_first(&dict->tree));
}


struct by_dict_node *by_dict_next(struct by_dict_node const *node)
{
	return dict_node(by_tree_next(&node->node));
}
