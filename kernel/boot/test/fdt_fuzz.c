/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the device-tree reader. The first byte of an input chooses what
 * the rest is: a blob, the structure block of one, or commands that make one.
 */
#include "fdt.h"
#include "fdt_blob.h"
#include "tree.h"
#include "../../../base/test/canary.h"

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

uint64_t fuzz_sink; /* where results go, so that none is optimised away */

/** A block of strings: six names. */
static char const strings[] = "reg\0ranges\0\0#address-cells\0#size-cells\0status\0compatible";


/** Use everything that is in a node. */
static uint64_t use_node(struct fdt_node const *node)
{
	struct by_boot_region region = { 0, 0 };
	char const *status = fdt_string(node, "status");
	uint64_t    sum    = fdt_enabled(node) + fdt_named(node, "cpu");

	sum += fdt_compatible(node, "ns16550a") + strlen(node->name);
	sum += status ? strlen(status) : 0;
	for (unsigned i = 0; i < 4 && fdt_reg(node, i, &region); i++) {
		if (region.size > UINT64_MAX - region.base)
			abort();
		sum += region.base;
	}

	return sum;
}


/**
 * What bootstraps read: no more memory than there is, and a line that ends. The canary:
 * something in the middle of the memory is reserved.
 */
static void use_tree(struct fdt const *fdt)
{
	static struct regions ram, usable;
	char line[16];

	ram.count = usable.count = 0;
	tree_memory(fdt, &ram, &usable);
	tree_command_line(fdt, line, sizeof(line));
	if (ram.count > BY_BOOT_REGIONS || usable.count > BY_BOOT_REGIONS
	    || strlen(line) >= sizeof(line))
		abort();
	canary(ram.count && usable.count > ram.count);
}


static uint64_t use_blob(void const *bytes, size_t size)
{
	struct fdt            fdt;
	struct fdt_node       node;
	struct by_boot_region region;
	uint64_t sum = 0, nodes = 0;

	if (!fdt_open(&fdt, bytes, size))
		return 0;
	if (fdt_used(&fdt) > size)
		abort();

	use_tree(&fdt);
	for (unsigned i = 0; fdt_reserved(&fdt, i, &region); i++)
		sum += region.base;
	for (bool more = fdt_first(&fdt, &node); more; more = fdt_next(&node)) {
		if (node.depth >= FDT_DEPTH || nodes++ > size / 4)
			abort();
		sum += use_node(&node);
	}

	return sum;
}


/** The bytes of an input, one after the other; zeros behind the end. */
struct input { uint8_t const *at, *end; };

static uint8_t take(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}


/** A tree out of commands: so that what stands in the properties gets tried as well. */
static void make_tree(struct blob *blob, struct input *in)
{
	static char const *const nodes[] = { "", "cpu@0", "soc", "memory", "chosen",
	                                     "reserved-memory" };
	static char const *const properties[] = { "reg", "ranges", "#address-cells",
	                                          "#size-cells", "status", "compatible",
	                                          "bootargs" };
	unsigned char value[32];

	blob_begin(blob, "");
	while (in->at < in->end && blob->structure_size < BLOB_MAX - 128
	       && blob->strings_size < BLOB_MAX - 64) {
		uint8_t const command = take(in);

		if (command < 48) {
			blob_begin(blob, nodes[command % 6]);
		} else if (command < 80) {
			blob_end(blob);
		} else if (command < 90) {
			blob_cell(blob, take(in));
		} else if (command < 96) {
			blob_string(blob, "device_type", "memory");
		} else {
			uint32_t const size = take(in) % (sizeof(value) + 1);
			for (uint32_t i = 0; i < size; i++)
				value[i] = command & 1 && i % 4 < 3 ? 0 : take(in);
			blob_property(blob, properties[command / 2 % 7], value, size);
		}
	}
	blob_finish(blob);
}


/** A tree whose structure block is the input. */
static void make_structure(struct blob *blob, struct input *in)
{
	blob->structure_size = (uint32_t)(in->end - in->at);
	blob->strings_size   = sizeof(strings);
	memcpy(blob->structure, in->at, blob->structure_size);
	memcpy(blob->strings, strings, sizeof(strings));
	blob_finish(blob);
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static struct blob blob;
	struct input in = { data, data + size };
	uint8_t const kind = take(&in) % 4;

	if (size > BLOB_MAX)
		return 0;
	if (kind == 0) {
		fuzz_sink = use_blob(in.at, (size_t)(in.end - in.at));
		return 0;
	}
	memset(&blob, 0, sizeof(blob));
	if (kind == 1)
		make_structure(&blob, &in);
	else
		make_tree(&blob, &in);

	/* at its exact size, for ASan */
	unsigned char *copy = malloc(blob.size);
	memcpy(copy, blob.bytes, blob.size);
	fuzz_sink = use_blob(copy, blob.size);
	free(copy);

	return 0;
}
