/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unit tests of the device-tree reader: a proper tree, and one mistake each.
 */
#include "fdt.h"
#include "fdt_blob.h"
#include <unit.h>

static struct blob     blob;
static struct fdt      fdt;
static struct fdt_node node;


/** Open a copy of exactly the blob's size at an odd address, so that ASan and UBSan see all. */
static bool open_size(size_t size)
{
	static unsigned char *copy;

	free(copy);
	copy = malloc(size + 1);
	memcpy(copy + 1, blob.bytes, size);

	return fdt_open(&fdt, copy + 1, size);
}


static bool open_blob(void)
{
	blob_finish(&blob);

	return open_size(blob.size);
}


static void begin_root(void)
{
	memset(&blob, 0, sizeof(blob));
	blob_begin(&blob, "");
	BLOB_CELLS(&blob, "#address-cells", 2);
	BLOB_CELLS(&blob, "#size-cells", 2);
}


static void end_root(void)
{
	blob_end(&blob);
	blob_cell(&blob, 9);
}


/** A tree with memory, a bus and a device on it. */
static void make_tree(void)
{
	begin_root();
	blob_begin(&blob, "memory@80000000");
	blob_string(&blob, "device_type", "memory");
	BLOB_CELLS(&blob, "reg", 0, 0x80000000, 0, 0x4000000, 1, 0, 0, 0x1000);
	blob_end(&blob);
	blob_nop(&blob);
	blob_begin(&blob, "soc");
	BLOB_CELLS(&blob, "#address-cells", 1);
	BLOB_CELLS(&blob, "#size-cells", 1);
	BLOB_CELLS(&blob, "ranges", 0x1000, 2, 0x5000, 0x2000, 0x9000, 0, 0x10000, 0x800);
	blob_begin(&blob, "serial@1100");
	blob_property(&blob, "compatible", "vendor,uart\0ns16550a", 21);
	BLOB_CELLS(&blob, "reg", 0x1100, 0x100, 0x9700, 0x101, 0x20, 4);
	blob_string(&blob, "status", "okay");
	blob_end(&blob);
	blob_end(&blob);
	blob_begin(&blob, "chosen");
	blob_string(&blob, "bootargs", "a=1 b=2");
	blob_end(&blob);
	end_root();
}


/** Go to the first node of this name. */
static bool find(char const *name)
{
	for (bool more = fdt_first(&fdt, &node); more; more = fdt_next(&node))
		if (fdt_named(&node, name))
			return true;

	return false;
}


TEST(walks_in_order)
{
	static char const *const names[] = { "", "memory@80000000", "soc", "serial@1100",
	                                     "chosen" };
	static unsigned const depths[] = { 0, 1, 1, 2, 1 };
	unsigned count = 0;

	make_tree();
	CHECK(open_blob());
	for (bool more = fdt_first(&fdt, &node); more; more = fdt_next(&node), count++) {
		CHECK(count < 5);
		CHECK_STR(node.name, names[count]);
		CHECK_EQ(node.depth, depths[count]);
	}
	CHECK_EQ(count, 5);
	CHECK(!fdt_next(&node));
}


TEST(reads_reg_at_the_root)
{
	struct by_boot_region region = { 7, 7 };

	make_tree();
	CHECK(open_blob());
	CHECK(find("memory"));
	CHECK(fdt_reg(&node, 0, &region));
	CHECK_EQ(region.base, 0x80000000);
	CHECK_EQ(region.size, 0x4000000);
	CHECK(fdt_reg(&node, 1, &region));
	CHECK_EQ(region.base, 0x100000000);
	CHECK_EQ(region.size, 0x1000);
	CHECK(!fdt_reg(&node, 2, &region));
	CHECK_EQ(region.size, 0x1000);
	CHECK(find("chosen"));
	CHECK(!fdt_reg(&node, 0, &region));
	CHECK(find(""));
	CHECK(!fdt_reg(&node, 0, &region));
}


TEST(translates_reg_through_ranges)
{
	struct by_boot_region region;

	make_tree();
	CHECK(open_blob());
	CHECK(find("serial"));
	CHECK(fdt_reg(&node, 0, &region));
	CHECK_EQ(region.base, 0x200005100);
	CHECK_EQ(region.size, 0x100);
	CHECK(!fdt_reg(&node, 1, &region)); /* by a byte longer than the second range */
	CHECK(!fdt_reg(&node, 2, &region)); /* in none */
}


TEST(empty_ranges_are_identity_and_none_are_a_wall)
{
	struct by_boot_region region;

	begin_root();
	blob_begin(&blob, "outer");
	BLOB_CELLS(&blob, "#address-cells", 2);
	BLOB_CELLS(&blob, "#size-cells", 1);
	blob_property(&blob, "ranges", "", 0);
	blob_begin(&blob, "inner");
	BLOB_CELLS(&blob, "#address-cells", 2);
	blob_property(&blob, "ranges", "", 0);
	blob_begin(&blob, "dev");
	BLOB_CELLS(&blob, "reg", 1, 2, 3);
	blob_end(&blob);
	blob_end(&blob);
	blob_end(&blob);
	blob_begin(&blob, "cpus");
	BLOB_CELLS(&blob, "#address-cells", 1);
	BLOB_CELLS(&blob, "#size-cells", 0);
	blob_begin(&blob, "cpu@1");
	BLOB_CELLS(&blob, "reg", 1);
	blob_end(&blob);
	blob_end(&blob);
	end_root();
	CHECK(open_blob());
	CHECK(find("dev"));
	CHECK(fdt_reg(&node, 0, &region));
	CHECK_EQ(region.base, 0x100000002);
	CHECK_EQ(region.size, 3);
	CHECK(find("cpu"));
	CHECK(!fdt_reg(&node, 0, &region));
}


TEST(refuses_reg_that_makes_no_sense)
{
	struct by_boot_region region;

	begin_root();
	blob_begin(&blob, "wrap");
	BLOB_CELLS(&blob, "reg", 0xffffffff, 0xfffff000, 0, 0x1000);
	blob_end(&blob);
	blob_begin(&blob, "short");
	BLOB_CELLS(&blob, "reg", 0, 1, 0);
	blob_end(&blob);
	blob_begin(&blob, "bus");
	BLOB_CELLS(&blob, "#address-cells", 0x40000000);
	blob_property(&blob, "ranges", "", 0);
	blob_begin(&blob, "wide");
	BLOB_CELLS(&blob, "reg", 0, 1, 0);
	blob_end(&blob);
	blob_end(&blob);
	blob_begin(&blob, "pci");
	BLOB_CELLS(&blob, "#address-cells", 3);
	blob_property(&blob, "ranges", "", 0);
	blob_begin(&blob, "tagged");
	BLOB_CELLS(&blob, "reg", 0x02000000, 0, 0x1000, 1);
	blob_end(&blob);
	blob_begin(&blob, "plain");
	BLOB_CELLS(&blob, "reg", 0, 0, 0x1000, 1);
	blob_end(&blob);
	blob_end(&blob);
	blob_begin(&blob, "none");
	BLOB_CELLS(&blob, "#address-cells", 0);
	BLOB_CELLS(&blob, "#size-cells", 0);
	blob_property(&blob, "ranges", "", 0);
	blob_begin(&blob, "empty");
	BLOB_CELLS(&blob, "reg", 0);
	blob_end(&blob);
	blob_end(&blob);
	end_root();
	CHECK(open_blob());
	CHECK(find("wrap") && !fdt_reg(&node, 0, &region));
	CHECK(find("short") && !fdt_reg(&node, 0, &region));
	CHECK(find("wide") && !fdt_reg(&node, 0, &region));
	CHECK(find("tagged") && !fdt_reg(&node, 0, &region));
	CHECK(find("plain") && fdt_reg(&node, 0, &region));
	CHECK_EQ(region.base, 0x1000);
	CHECK(find("empty") && !fdt_reg(&node, 0, &region));
}


TEST(reads_strings_and_cells)
{
	uint32_t size, value = 0;

	make_tree();
	CHECK(open_blob());
	CHECK(find("chosen"));
	CHECK_STR(fdt_string(&node, "bootargs"), "a=1 b=2");
	CHECK(!fdt_string(&node, "stdout-path"));
	CHECK(find("serial"));
	CHECK(fdt_compatible(&node, "vendor,uart"));
	CHECK(fdt_compatible(&node, "ns16550a"));
	CHECK(!fdt_compatible(&node, "ns16550"));
	CHECK(!fdt_compatible(&node, "uart"));
	CHECK(fdt_cell(&node, "reg", 1, &value));
	CHECK_EQ(value, 0x100);
	CHECK(!fdt_cell(&node, "reg", 6, &value));
	CHECK(fdt_property(&node, "reg", &size));
	CHECK_EQ(size, 24);
	CHECK(!fdt_named(&node, "seria"));
	CHECK(fdt_named(&node, "serial"));
}


TEST(status_and_unterminated_strings)
{
	begin_root();
	blob_begin(&blob, "off");
	blob_string(&blob, "status", "disabled");
	blob_property(&blob, "compatible", "abc", 3);
	blob_end(&blob);
	blob_begin(&blob, "odd");
	blob_property(&blob, "status", "okay", 4);
	blob_property(&blob, "compatible", "", 0);
	blob_end(&blob);
	blob_begin(&blob, "ok");
	blob_string(&blob, "status", "ok");
	blob_end(&blob);
	blob_begin(&blob, "silent");
	blob_end(&blob);
	end_root();
	CHECK(open_blob());
	CHECK(find("off") && !fdt_enabled(&node));
	CHECK(!fdt_compatible(&node, "abc"));
	CHECK(find("odd") && !fdt_enabled(&node));
	CHECK(!fdt_compatible(&node, ""));
	CHECK(find("ok") && fdt_enabled(&node));
	CHECK(find("silent") && fdt_enabled(&node));
}


TEST(reservations_and_size_in_use)
{
	struct by_boot_region region;

	make_tree();
	blob_reserve(&blob, 0x80000000, 0x80000);
	blob_reserve(&blob, 0, 0x1000);
	CHECK(open_blob());
	CHECK(fdt_reserved(&fdt, 0, &region));
	CHECK_EQ(region.base, 0x80000000);
	CHECK(fdt_reserved(&fdt, 1, &region));
	CHECK_EQ(region.size, 0x1000);
	CHECK(!fdt_reserved(&fdt, 2, &region));
	CHECK_EQ(fdt_used(&fdt), blob.size);

	/* a blob that firmware has left room in */
	blob_put32(blob.bytes + 4, BLOB_MAX);
	CHECK(open_size(BLOB_MAX));
	CHECK_EQ(fdt_used(&fdt), blob.size);
	CHECK(fdt_open(&fdt, blob.bytes, BLOB_MAX));
	fdt_trim(&fdt, blob.bytes);
	CHECK_EQ(fdt.size, blob.size);
	CHECK(fdt_open(&fdt, blob.bytes, blob.size));
	CHECK(find("serial"));
}


TEST(reservations_without_end)
{
	struct by_boot_region region;
	unsigned count = 0;

	make_tree();
	blob_finish(&blob);
	memset(blob.bytes + BLOB_HEADER, 1, blob.size - BLOB_HEADER);
	CHECK(open_size(blob.size));
	while (fdt_reserved(&fdt, count, &region))
		count++;
	CHECK_EQ(count, (blob.size - BLOB_HEADER) / 16);
	CHECK_EQ(fdt_used(&fdt), blob.size);
	CHECK(!fdt_reserved(&fdt, ~0u, &region));
}


/** Open after a change of one word of the header. */
static bool open_with(unsigned offset, uint32_t value)
{
	make_tree();
	blob_finish(&blob);
	blob_put32(blob.bytes + offset, value);

	return open_size(blob.size);
}


TEST(refuses_headers)
{
	CHECK(open_with(0, 0xd00dfeed));
	CHECK(!open_with(0, 0xd00dfeee));
	CHECK(!open_with(4, blob.size + 1));
	CHECK(!open_with(4, 39));
	CHECK(!open_with(8, 0xfffffff0));
	CHECK(!open_with(8, blob.size));
	CHECK(!open_with(8, 41));
	CHECK(!open_with(12, blob.size + 1));
	CHECK(!open_with(16, blob.size + 1));
	CHECK(!open_with(20, 16));
	CHECK(!open_with(24, 17));
	CHECK(!open_with(32, 0xffffffff));
	CHECK(!open_with(36, 0x80000000));
	make_tree();
	blob_finish(&blob);
	for (size_t size = 0; size < blob.size; size++)
		CHECK(!open_size(size));
}


TEST(ends_where_the_structure_breaks)
{
	make_tree();
	CHECK(open_blob());
	uint32_t const last = blob.structure_size;

	/* cut at each word: the walk ends early, and reads nothing behind */
	for (uint32_t size = 0; size < last; size += 4) {
		unsigned count = 0;

		make_tree();
		blob.structure_size = size;
		CHECK(open_blob());
		for (bool more = fdt_first(&fdt, &node); more; more = fdt_next(&node))
			count++;
		CHECK(count <= 5);
	}
}


TEST(wrong_tokens_end_the_walk)
{
	begin_root();
	blob_cell(&blob, 77);
	blob_begin(&blob, "lost");
	CHECK(open_blob());
	CHECK(fdt_first(&fdt, &node));
	CHECK(!fdt_next(&node));

	memset(&blob, 0, sizeof(blob));
	blob_end(&blob);
	CHECK(open_blob());
	CHECK(!fdt_first(&fdt, &node));

	begin_root();
	blob_begin(&blob, "x");
	blob_property(&blob, "p", "v", 2);
	blob_put32(blob.structure + blob.structure_size - 8, blob.strings_size); /* its name */
	blob_end(&blob);
	end_root();
	CHECK(open_blob());
	CHECK(find("x"));
	CHECK(!fdt_next(&node));

	begin_root();
	blob_begin(&blob, "y");
	blob_property(&blob, "p", "v", 2);
	blob_put32(blob.structure + blob.structure_size - 12, 0xfffffffd); /* its size */
	CHECK(open_blob());
	CHECK(find("y"));
	CHECK(!fdt_next(&node));
}


TEST(deep_nodes_are_passed_over)
{
	unsigned deepest = 0;

	begin_root();
	for (int i = 0; i < 20; i++)
		blob_begin(&blob, "n");
	for (int i = 0; i < 20; i++)
		blob_end(&blob);
	blob_begin(&blob, "after");
	blob_end(&blob);
	end_root();
	CHECK(open_blob());
	for (bool more = fdt_first(&fdt, &node); more; more = fdt_next(&node))
		if (node.depth > deepest)
			deepest = node.depth;
	CHECK_EQ(deepest, FDT_DEPTH - 1);
	CHECK(find("after"));
	CHECK_EQ(node.depth, 1);
}


UNIT_MAIN("fdt")
