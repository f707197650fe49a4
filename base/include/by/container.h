/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an embedded member (a list node, a tree node) back to its object.
 */
#ifndef BY_CONTAINER_H
#define BY_CONTAINER_H

#include <stddef.h>

/**
 * The object of 'type' whose 'member' is at 'ptr', which must not be NULL and
 * must have the member's type. Hide it behind one typed helper per type.
 */
#define BY_CONTAINER_OF(ptr, type, member) \
	((type *)(void *)((char *)(1 ? (ptr) : &((type *)0)->member) - \
	                  offsetof(type, member)))

#endif
