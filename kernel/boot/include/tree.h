/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every bootstrap with a device tree wants to know.
 */
#ifndef BOOT_TREE_H
#define BOOT_TREE_H

#include "fdt.h"
#include "regions.h"

/**
 * Read the memory of the machine: all of it into 'ram', what nobody has reserved,
 * the tree included, into 'free' (Devicetree Specification 3.4 and 3.5).
 */
void tree_memory(struct fdt const *fdt, struct regions *ram, struct regions *free);

/** Find the first enabled node that is compatible with one of 'models', which ends with NULL. */
bool tree_find(struct fdt const *fdt, char const *const *models, struct fdt_node *node);

/** Find such a node's registers; size 0: there are none. */
struct by_boot_region tree_device(struct fdt const *fdt, char const *const *models);

/** Copy the command line (3.6), as much of it as fits. */
void tree_command_line(struct fdt const *fdt, char *line, size_t size);

#endif
