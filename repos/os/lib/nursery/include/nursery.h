/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children as a configuration describes them: what the components nursery and demo
 * share.
 *
 * A child is a node like
 *
 *     + start NAME | ram: 4M | caps: 200 | binary: BINARY | priority: 8
 *       + config
 *         ...
 *
 * 'binary' (or a sub node '+ binary BINARY') names the ROM module, by default that of
 * the child's own name. The sub node 'config' becomes the child's ROM of this name.
 */
#ifndef NURSERY_H
#define NURSERY_H

#include <by/attached.h>
#include <by/child.h>
#include <by/hid.h>

enum {
	NURSERY_RAM      = 2 << 20, /* unless the node says otherwise */
	NURSERY_CAPS     = 200,
	NURSERY_PRIORITY = 8,       /* below the parent's own */
	NURSERY_OWN      = 4,       /* services of the parent's, at most */
	NURSERY_ROUTES   = 7 + NURSERY_OWN,
};

/** The ROM 'config' of a child. */
struct nursery_rom {
	struct by_service  service;
	struct by_attached content; /* sealed */
	size_t             size;
};

/** A child with what belongs to it. */
struct nursery_child {
	struct by_child    child;
	struct by_attached binary;
	struct nursery_rom config;
	struct by_route    routes[NURSERY_ROUTES];
};

struct nursery_args {
	struct by_hid_node const  *node;
	struct by_child_ops const *ops;
	struct by_route const     *own; /* routes to services of the parent's; NULL: none */
};

/**
 * Create the child that a node describes and start it. Borrows: args. Keeps: child,
 * args->ops. Errors: those of by_child_create() and by_attached_rom_init(); BY_INVALID for
 * a name that is too long, BY_LIMIT for too many routes. They are reported, too.
 */
BY_MUST_USE by_status_t nursery_start(struct by_env *env, struct nursery_child *child,
                                      struct nursery_args const *args);

/** End the child and free what belongs to it. Takes: child. */
void nursery_end(struct by_env *env, struct nursery_child *child);

/** The child that 'child' is part of. */
struct nursery_child *nursery_child_of(struct by_child *child);

/** The parent's own balance, to compare before and after a child. */
struct by_pd_balance nursery_balance(struct by_env *env);

/** Make the ROM of the configuration 'node' (NULL: an empty one). Gives: rom. */
BY_MUST_USE by_status_t nursery_rom_init(struct by_env *env, struct nursery_rom *rom,
                                         struct by_hid_node const *node);

/** Free the ROM, whose sessions are closed. Takes: rom. */
void nursery_rom_fini(struct by_env *env, struct nursery_rom *rom);

/** Attach the component's own configuration and find its top node. Gives: rom. */
BY_MUST_USE by_status_t nursery_own_config(struct by_env *env, struct by_attached *rom,
                                           struct by_hid_node *top);

#endif
