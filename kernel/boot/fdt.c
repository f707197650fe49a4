/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reader of flattened device trees.
 */
#include "fdt.h"

/** Header: offsets of its big-endian words (5.2). */
enum {
	HEADER_MAGIC      = 0,
	HEADER_SIZE       = 4,
	HEADER_STRUCTURE  = 8,
	HEADER_STRINGS    = 12,
	HEADER_RESERVED   = 16,
	HEADER_VERSION    = 20,
	HEADER_COMPATIBLE = 24,
	HEADER_STRINGS_SIZE   = 32,
	HEADER_STRUCTURE_SIZE = 36,
	HEADER_BYTES      = 40,

	FDT_VERSION = 17,
	FDT_COMPATIBLE = 16,
};

static uint32_t const FDT_MAGIC = 0xd00dfeed;

/** Tokens of the structure block (5.4.1). */
enum token { TOKEN_BEGIN = 1, TOKEN_END, TOKEN_PROPERTY, TOKEN_NOP, TOKEN_LAST = 9 };

/** A token and what comes with it. */
struct item {
	enum token     token;
	char const    *name;    /* of a node or property */
	uint8_t const *value;   /* of a property */
	uint32_t       size;
};


static uint32_t get32(uint8_t const *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}


static uint64_t get64(uint8_t const *at)
{
	return (uint64_t)get32(at) << 32 | get32(at + 4);
}


bool fdt_equal(char const *a, char const *b)
{
	for (; *a && *a == *b; a++, b++) { }

	return *a == *b;
}


/** Length of the string at 'at' with its terminator; 0 if it does not end before 'end'. */
static uint32_t string_size(struct fdt const *fdt, uint32_t at, uint32_t end)
{
	for (uint32_t i = at; i < end; i++)
		if (!fdt->blob[i])
			return i - at + 1;

	return 0;
}


/** Take the block that two words of the header describe; false if it is not in the blob. */
static bool take_block(struct fdt const *fdt, unsigned offset, unsigned size,
                       uint32_t *begin, uint32_t *end)
{
	uint32_t const length = get32(fdt->blob + size);

	*begin = get32(fdt->blob + offset);
	*end   = *begin + length;

	return *begin <= fdt->size && length <= fdt->size - *begin;
}


bool fdt_open(struct fdt *fdt, void const *blob, size_t size)
{
	uint8_t const *header = blob;

	if (size < HEADER_BYTES || get32(header + HEADER_MAGIC) != FDT_MAGIC
	    || get32(header + HEADER_VERSION) < FDT_VERSION
	    || get32(header + HEADER_COMPATIBLE) > FDT_COMPATIBLE)
		return false;

	*fdt = (struct fdt){ .blob = blob, .size = get32(header + HEADER_SIZE),
	                     .reserved = get32(header + HEADER_RESERVED) };

	return fdt->size >= HEADER_BYTES && fdt->size <= size && fdt->reserved <= fdt->size
	       && take_block(fdt, HEADER_STRUCTURE, HEADER_STRUCTURE_SIZE,
	                     &fdt->structure, &fdt->structure_end)
	       && take_block(fdt, HEADER_STRINGS, HEADER_STRINGS_SIZE,
	                     &fdt->strings, &fdt->strings_end)
	       && fdt->structure % 4 == 0;
}


bool fdt_reserved(struct fdt const *fdt, unsigned index, struct by_boot_region *region)
{
	enum { ENTRY = 16 };

	if (index >= (fdt->size - fdt->reserved) / ENTRY)
		return false;

	uint8_t const *entry = fdt->blob + fdt->reserved + index * ENTRY;
	*region = (struct by_boot_region){ get64(entry), get64(entry + 8) };

	return region->base || region->size;
}


uint32_t fdt_used(struct fdt const *fdt)
{
	struct by_boot_region region;
	uint32_t end = fdt->structure_end > fdt->strings_end ? fdt->structure_end
	                                                     : fdt->strings_end;
	unsigned count = 0;

	while (fdt_reserved(fdt, count, &region))
		count++;
	uint64_t reserved_end = fdt->reserved + (count + 1ull) * sizeof(region);

	if (reserved_end > end)
		end = reserved_end < fdt->size ? (uint32_t)reserved_end : fdt->size;

	return end < HEADER_BYTES ? HEADER_BYTES : end;
}


void fdt_trim(struct fdt *fdt, void *blob)
{
	uint8_t *field = (uint8_t *)blob + HEADER_SIZE;

	fdt->size = fdt_used(fdt);
	for (unsigned i = 0; i < 4; i++)
		field[i] = (uint8_t)(fdt->size >> (24 - 8 * i));
}


static uint32_t align4(uint32_t value)
{
	return (value + 3) & ~3u;
}


static bool read_begin(struct fdt const *fdt, uint32_t *at, struct item *item)
{
	uint32_t const size = string_size(fdt, *at, fdt->structure_end);

	item->name = (char const *)fdt->blob + *at;
	*at += align4(size);

	return size != 0;
}


static bool read_property(struct fdt const *fdt, uint32_t *at, struct item *item)
{
	if (fdt->structure_end - *at < 8)
		return false;

	uint32_t const name = get32(fdt->blob + *at + 4);

	item->size  = get32(fdt->blob + *at);
	item->value = fdt->blob + *at + 8;
	*at += 8;
	if (item->size > fdt->structure_end - *at || name >= fdt->strings_end - fdt->strings
	    || !string_size(fdt, fdt->strings + name, fdt->strings_end))
		return false;

	item->name = (char const *)fdt->blob + fdt->strings + name;
	*at += align4(item->size);

	return true;
}


/** Read the token at '*at' and go behind it; false at the end, and where nothing is right. */
static bool read_item(struct fdt const *fdt, uint32_t *at, struct item *item)
{
	/* padding can lead beyond the end by up to three bytes */
	if (*at > fdt->structure_end || fdt->structure_end - *at < 4)
		return false;

	item->token = (enum token)get32(fdt->blob + *at);
	*at += 4;
	switch (item->token) {
	case TOKEN_BEGIN:
		return read_begin(fdt, at, item);
	case TOKEN_PROPERTY:
		return read_property(fdt, at, item);
	case TOKEN_END:
	case TOKEN_NOP:
		return true;
	default:
		return false;
	}
}


/** The node's next property from '*at' on; properties stand before children. */
static bool next_property(struct fdt_node const *node, uint32_t *at, struct item *item)
{
	do {
		if (!read_item(node->fdt, at, item))
			return false;
	} while (item->token == TOKEN_NOP);

	return item->token == TOKEN_PROPERTY;
}


void const *fdt_property(struct fdt_node const *node, char const *name, uint32_t *size)
{
	uint32_t    at = node->at;
	struct item item;

	while (next_property(node, &at, &item)) {
		if (fdt_equal(item.name, name)) {
			*size = item.size;
			return item.value;
		}
	}

	return NULL;
}


bool fdt_cell(struct fdt_node const *node, char const *name, unsigned index, uint32_t *value)
{
	uint32_t       size;
	uint8_t const *cells = fdt_property(node, name, &size);

	if (!cells || index >= size / 4)
		return false;

	*value = get32(cells + index * 4);

	return true;
}


/** A node that is at 'depth' was entered: read what its children need. */
static void enter(struct fdt_node *node, char const *name, uint32_t at, unsigned depth)
{
	struct fdt_bus *bus = &node->bus[depth];

	node->name  = name;
	node->at    = at;
	node->depth = depth;
	*bus = (struct fdt_bus){ .address_cells = 2, .size_cells = 1 };
	(void)fdt_cell(node, "#address-cells", 0, &bus->address_cells);
	(void)fdt_cell(node, "#size-cells", 0, &bus->size_cells);
	bus->ranges = fdt_property(node, "ranges", &bus->ranges_size);
}


bool fdt_first(struct fdt const *fdt, struct fdt_node *node)
{
	uint32_t    at = fdt->structure;
	struct item item;

	do {
		if (!read_item(fdt, &at, &item))
			return false;
	} while (item.token == TOKEN_NOP);

	node->fdt = fdt;
	if (item.token == TOKEN_BEGIN)
		enter(node, item.name, at, 0);

	return item.token == TOKEN_BEGIN;
}


bool fdt_next(struct fdt_node *node)
{
	uint32_t    at    = node->at;
	uint32_t    depth = node->depth;
	struct item item;

	while (read_item(node->fdt, &at, &item)) {
		if (item.token == TOKEN_END && depth-- == 0)
			return false;
		if (item.token == TOKEN_BEGIN && ++depth < FDT_DEPTH) {
			enter(node, item.name, at, depth);
			return true;
		}
	}

	return false;
}


char const *fdt_string(struct fdt_node const *node, char const *name)
{
	uint32_t    size;
	char const *value = fdt_property(node, name, &size);

	return value && size && !value[size - 1] ? value : NULL;
}


bool fdt_named(struct fdt_node const *node, char const *name)
{
	char const *at = node->name;

	for (; *name && *at == *name; at++, name++) { }

	return !*name && (!*at || *at == '@');
}


bool fdt_compatible(struct fdt_node const *node, char const *model)
{
	uint32_t    size;
	char const *list = fdt_property(node, "compatible", &size);

	if (!list || !size || list[size - 1])
		return false;

	for (char const *end = list + size; list < end; list++) {
		if (fdt_equal(list, model))
			return true;
		while (*list)
			list++;
	}

	return false;
}


bool fdt_enabled(struct fdt_node const *node)
{
	uint32_t    size;
	char const *status = fdt_string(node, "status");

	if (!status)
		return !fdt_property(node, "status", &size);

	return fdt_equal(status, "okay") || fdt_equal(status, "ok");
}


/** A number of 'cells' cells, none of which but the last two is in use. */
static bool get_cells(uint8_t const *at, uint32_t cells, uint64_t *value)
{
	*value = 0;
	for (uint32_t i = 0; i < cells; i++) {
		if (*value >> 32)
			return false;
		*value = *value << 32 | get32(at + i * 4);
	}

	return true;
}


static bool bus_sane(struct fdt_bus const *bus)
{
	return bus->address_cells <= 3 && bus->size_cells <= 2;
}


/** Bring addresses of 'bus' to those of its parent. */
static bool translate(struct fdt_bus const *bus, struct fdt_bus const *parent,
                      struct by_boot_region *region)
{
	if (!bus->ranges || !bus_sane(bus) || !bus_sane(parent))
		return false;

	uint32_t const to    = bus->address_cells * 4;
	uint32_t const size  = to + parent->address_cells * 4;
	uint32_t const entry = size + bus->size_cells * 4;

	for (uint32_t at = 0; entry && bus->ranges_size - at >= entry; at += entry) {
		uint8_t const *range = bus->ranges + at;
		uint64_t child, base, length;

		if (get_cells(range, bus->address_cells, &child)
		    && get_cells(range + to, parent->address_cells, &base)
		    && get_cells(range + size, bus->size_cells, &length)
		    && region->base >= child && region->size <= length
		    && region->base - child <= length - region->size) {
			region->base = region->base - child + base;
			return true;
		}
	}

	return bus->ranges_size == 0;
}


/** Entry 'index' of 'reg' as the addresses of the parent. */
static bool get_reg(struct fdt_node const *node, unsigned index, struct by_boot_region *region)
{
	struct fdt_bus const *bus = &node->bus[node->depth - 1];
	uint32_t       size;
	uint8_t const *reg = fdt_property(node, "reg", &size);

	if (!reg || !bus_sane(bus))
		return false;

	uint32_t const split = bus->address_cells * 4;
	uint32_t const entry = split + bus->size_cells * 4;

	return entry && index < size / entry
	       && get_cells(reg + index * entry, bus->address_cells, &region->base)
	       && get_cells(reg + index * entry + split, bus->size_cells, &region->size)
	       && region->size <= UINT64_MAX - region->base;
}


bool fdt_reg(struct fdt_node const *node, unsigned index, struct by_boot_region *region)
{
	struct by_boot_region found;

	if (!node->depth || !get_reg(node, index, &found))
		return false;

	for (unsigned i = node->depth - 1; i; i--)
		if (!translate(&node->bus[i], &node->bus[i - 1], &found))
			return false;

	if (found.size > UINT64_MAX - found.base)
		return false;

	*region = found;

	return true;
}
