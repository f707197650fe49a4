/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of child.c's work share.
 */
#ifndef BASE_LIB_CHILD_H
#define BASE_LIB_CHILD_H

#include <by/child.h>

/** Load the program into the child's address space and note its entry. */
BY_MUST_USE by_status_t by_child_load(struct by_child *child, struct by_attached const *binary);

/** Publish the parent interface that the child talks to. */
BY_MUST_USE by_status_t by_child_parent_init(struct by_child *child);

/** Close all sessions of the child, and withdraw the interface. */
void by_child_parent_fini(struct by_child *child);

/** Allocate RAM of the child's. Gives: ds. */
BY_MUST_USE by_status_t by_child_ram(struct by_child *child, size_t size, by_cap_t *ds);

/** Attach all of a dataspace in the child's address space; flags BY_ATTACH_WRITE, _EXEC. */
BY_MUST_USE by_status_t by_child_attach(struct by_child *child, by_cap_t ds, by_word_t at,
                                        uint32_t flags);

#endif
