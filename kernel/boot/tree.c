/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every bootstrap with a device tree wants to know.
 */
#include "tree.h"

enum { REGS_MAX = 16 }; /* parts of one memory node that are looked at */


static bool is_memory(struct fdt_node const *node)
{
	char const *type = fdt_string(node, "device_type");

	return type && fdt_equal(type, "memory");
}


/** Add what a node describes to a list, or remove it. */
static void each_reg(struct fdt_node const *node, struct regions *list,
                     void (*change)(struct regions *, uint64_t base, uint64_t size))
{
	struct by_boot_region region;

	for (unsigned i = 0; i < REGS_MAX && fdt_reg(node, i, &region); i++)
		change(list, region.base, region.size);
}


static void remove_reserved(struct fdt const *fdt, struct regions *free)
{
	struct by_boot_region region;
	struct fdt_node       node;
	bool reserved = false;

	for (unsigned i = 0; fdt_reserved(fdt, i, &region); i++)
		regions_remove(free, region.base, region.size);

	for (bool more = fdt_first(fdt, &node); more; more = fdt_next(&node)) {
		if (node.depth == 1)
			reserved = fdt_named(&node, "reserved-memory");
		else if (reserved)
			each_reg(&node, free, regions_remove);
	}
	regions_remove(free, (uintptr_t)fdt->blob, fdt->size);
}


void tree_memory(struct fdt const *fdt, struct regions *ram, struct regions *free)
{
	struct fdt_node node;

	for (bool more = fdt_first(fdt, &node); more; more = fdt_next(&node))
		if (node.depth == 1 && is_memory(&node) && fdt_enabled(&node))
			each_reg(&node, ram, regions_add);

	*free = *ram;
	remove_reserved(fdt, free);
}


static bool is_one_of(struct fdt_node const *node, char const *const *models)
{
	for (; *models; models++)
		if (fdt_compatible(node, *models))
			return fdt_enabled(node);

	return false;
}


bool tree_find(struct fdt const *fdt, char const *const *models, struct fdt_node *node)
{
	for (bool more = fdt_first(fdt, node); more; more = fdt_next(node))
		if (is_one_of(node, models))
			return true;

	return false;
}


struct by_boot_region tree_device(struct fdt const *fdt, char const *const *models)
{
	struct by_boot_region region = { 0, 0 };
	struct fdt_node       node;

	if (tree_find(fdt, models, &node))
		(void)fdt_reg(&node, 0, &region);

	return region;
}


void tree_command_line(struct fdt const *fdt, char *line, size_t size)
{
	struct fdt_node node;
	char const     *from = NULL;

	for (bool more = fdt_first(fdt, &node); more && !from; more = fdt_next(&node))
		if (node.depth == 1 && fdt_named(&node, "chosen"))
			from = fdt_string(&node, "bootargs");

	for (; from && *from && size > 1; size--)
		*line++ = *from++;
	*line = 0;
}
