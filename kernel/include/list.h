/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Intrusive circular list whose head is a link as well: a member can be removed,
 * and two lists joined, without knowing which list a member is in.
 */
#ifndef KERNEL_LIST_H
#define KERNEL_LIST_H

#include "ring.h"

struct list { struct link head; };

static inline void list_init(struct list *list)
{
	list->head.next = list->head.prev = &list->head;
}


static inline bool list_empty(struct list const *list)
{
	return list->head.next == &list->head;
}


static inline void list_push_back(struct list *list, struct link *link)
{
	link->next = &list->head;
	link->prev = list->head.prev;
	link->prev->next = link;
	list->head.prev = link;
}


static inline void list_remove(struct link *link)
{
	link->prev->next = link->next;
	link->next->prev = link->prev;
	link->next = link->prev = NULL;
}


/** Append all of 'from' to 'to'. */
static inline void list_splice(struct list *to, struct list *from)
{
	if (list_empty(from))
		return;

	from->head.next->prev = to->head.prev;
	to->head.prev->next   = from->head.next;
	from->head.prev->next = &to->head;
	to->head.prev         = from->head.prev;
	list_init(from);
}

#endif
