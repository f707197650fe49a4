/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reader of flattened device trees (Devicetree Specification 0.4, chapter 5).
 *
 * A blob comes from firmware and is not trusted: nothing outside of it is ever
 * read, and each walk ends. Blobs may stand at any address.
 *
 *     for (bool more = fdt_first(&fdt, &node); more; more = fdt_next(&node))
 *             if (fdt_compatible(&node, "arm,pl011"))
 *                     found = fdt_reg(&node, 0, &region);
 */
#ifndef BOOT_FDT_H
#define BOOT_FDT_H

#include <by/boot_info.h>

enum { FDT_DEPTH = 8 }; /* deeper nodes are passed over */

/** A blob whose header was checked. Offsets count from its start. */
struct fdt {
	uint8_t const *blob;
	uint32_t       size;          /* of the blob */
	uint32_t       reserved;      /* memory reservation block */
	uint32_t       structure, structure_end;
	uint32_t       strings, strings_end;
};

/** What a node says about the addresses of its children (2.3.5 and 2.3.8). */
struct fdt_bus {
	uint32_t       address_cells, size_cells;
	uint8_t const *ranges;        /* NULL: children have no addresses of the parent */
	uint32_t       ranges_size;   /* 0: the same addresses as the parent */
};

/** A node, and the way to it from the root. Borrows the blob. */
struct fdt_node {
	struct fdt const *fdt;
	char const       *name;       /* with unit address */
	unsigned          depth;      /* of the root: 0 */
	uint32_t          at;         /* its properties */
	struct fdt_bus    bus[FDT_DEPTH];
};

/** Check the header of a blob of which 'size' bytes can be read. Borrows: the blob. */
BY_MUST_USE bool fdt_open(struct fdt *fdt, void const *blob, size_t size);

/** Size of the part of the blob that is in use. */
uint32_t fdt_used(struct fdt const *fdt);

/** Give up the unused rest of an open blob, the same as passed to fdt_open(). */
void fdt_trim(struct fdt *fdt, void *blob);

/** Entry 'index' of the memory reservation block; false behind the last one. */
bool fdt_reserved(struct fdt const *fdt, unsigned index, struct by_boot_region *region);

/** Go to the root. False if there is none. */
bool fdt_first(struct fdt const *fdt, struct fdt_node *node);

/** Go to the next node in the order of the blob: children before siblings. */
bool fdt_next(struct fdt_node *node);

/** Whether two strings are the same. */
bool fdt_equal(char const *a, char const *b);

/** Value of a property and its size; NULL if there is none of this name. */
void const *fdt_property(struct fdt_node const *node, char const *name, uint32_t *size);

/** Value of a property that is a terminated string; NULL if there is none. */
char const *fdt_string(struct fdt_node const *node, char const *name);

/** Cell 'index' of a property. */
bool fdt_cell(struct fdt_node const *node, char const *name, unsigned index, uint32_t *value);

/** Whether the node's name, up to the unit address, is 'name'. */
bool fdt_named(struct fdt_node const *node, char const *name);

/** Whether the list of strings in property 'compatible' has this one. */
bool fdt_compatible(struct fdt_node const *node, char const *model);

/** Whether the node's status lets it be used (2.3.4). */
bool fdt_enabled(struct fdt_node const *node);

/** Entry 'index' of property 'reg', as addresses of the root (2.3.6). */
bool fdt_reg(struct fdt_node const *node, unsigned index, struct by_boot_region *region);

#endif
