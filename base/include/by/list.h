/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Doubly linked list with the nodes embedded in the objects; all O(1).
 *
 *      +-> head <-> first <-> ... <-> last <-+     the head is a node, so that
 *      +-------------------------------------+     no end is a special case
 *
 * A list must not be moved in memory. A node is in at most one list; zeroed
 * memory is a node in no list.
 */
#ifndef BY_LIST_H
#define BY_LIST_H

#include <by/assert.h>
#include <by/container.h>
#include <by/types.h>

struct by_list_node {
	struct by_list_node *next, *prev; /* NULL: in no list */
};

struct by_list {
	struct by_list_node head;
};

/**
 * Visit the nodes in order: BY_LIST_EACH(list, node) { ... }. Declares 'node'.
 * The list must not change during the walk.
 */
#define BY_LIST_EACH(list, node) \
	for (struct by_list_node *node = (list)->head.next; \
	     node != &(list)->head; node = node->next)

/** As BY_LIST_EACH; the visited node (and no other) may be removed. */
#define BY_LIST_EACH_SAFE(list, node) \
	for (struct by_list_node *node = (list)->head.next, *node##_next = node->next; \
	     node != &(list)->head; node = node##_next, node##_next = node->next)

/** Make 'list' an empty list, whatever it was. */
static inline void by_list_init(struct by_list *list)
{
	list->head.next = list->head.prev = &list->head;
}

/** True if nothing is in the list. */
static inline bool by_list_empty(struct by_list const *list)
{
	return list->head.next == &list->head;
}

/** True if 'node' is in a list. */
static inline bool by_list_linked(struct by_list_node const *node)
{
	return node->next != NULL;
}

/** The first node, NULL if there is none. */
static inline struct by_list_node *by_list_first(struct by_list const *list)
{
	return by_list_empty(list) ? NULL : list->head.next;
}

/** The last node, NULL if there is none. */
static inline struct by_list_node *by_list_last(struct by_list const *list)
{
	return by_list_empty(list) ? NULL : list->head.prev;
}

/** The node behind 'node', which is in 'list'; NULL if it is the last. */
static inline struct by_list_node *by_list_next(struct by_list const *list,
                                                struct by_list_node const *node)
{
	return node->next == &list->head ? NULL : node->next;
}

/** Put 'node', which is in no list, in front of 'place'. Keeps: node. */
static inline void by_list_insert_before(struct by_list_node *place,
                                         struct by_list_node *node)
{
	BY_ASSERT(!by_list_linked(node));
	node->next = place;
	node->prev = place->prev;
	place->prev->next = node;
	place->prev = node;
}

/** Put 'node', which is in no list, at the end. Keeps: node. */
static inline void by_list_append(struct by_list *list, struct by_list_node *node)
{
	by_list_insert_before(&list->head, node);
}

/** Put 'node', which is in no list, at the beginning. Keeps: node. */
static inline void by_list_prepend(struct by_list *list, struct by_list_node *node)
{
	by_list_insert_before(list->head.next, node);
}

/** Take 'node' out of its list. Gives: node. */
static inline void by_list_remove(struct by_list_node *node)
{
	BY_ASSERT(by_list_linked(node));
	node->next->prev = node->prev;
	node->prev->next = node->next;
	node->next = node->prev = NULL;
}

/** Take the first node out of 'list', NULL if it is empty. Gives: the node. */
static inline struct by_list_node *by_list_take(struct by_list *list)
{
	struct by_list_node *node = by_list_first(list);

	if (node)
		by_list_remove(node);

	return node;
}

#endif
