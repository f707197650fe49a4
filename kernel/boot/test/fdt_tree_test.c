/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Unit tests of what bootstraps read from a device tree: memory, devices, arguments.
 */
#include "fdt_blob.h"
#include "tree.h"
#include <unit.h>

static struct blob    blob;
static struct fdt     fdt;
static struct regions ram, usable;


static void begin(void)
{
	memset(&blob, 0, sizeof(blob));
	blob_begin(&blob, "");
	BLOB_CELLS(&blob, "#address-cells", 2);
	BLOB_CELLS(&blob, "#size-cells", 1);
}


static bool end(void)
{
	blob_end(&blob);
	blob_cell(&blob, 9);
	blob_finish(&blob);

	return fdt_open(&fdt, blob.bytes, blob.size);
}


static void memory(char const *name, uint32_t base, uint32_t size, char const *status)
{
	blob_begin(&blob, name);
	blob_string(&blob, "device_type", "memory");
	BLOB_CELLS(&blob, "reg", 0, base, size);
	if (status)
		blob_string(&blob, "status", status);
	blob_end(&blob);
}


static void read_memory(void)
{
	memset(&ram, 0, sizeof(ram));
	memset(&usable, 0, sizeof(usable));
	tree_memory(&fdt, &ram, &usable);
}


/** Whether region 'i' of a list is this one. */
static bool region_is(struct regions const *list, unsigned i, uint64_t base, uint64_t size)
{
	return i < list->count && list->region[i].base == base && list->region[i].size == size;
}


TEST(memory_less_reservations)
{
	begin();
	memory("memory@80000000", 0x80000000, 0x100000, NULL);
	memory("memory@90000000", 0x90000000, 0x10000, "okay");
	memory("memory@a0000000", 0xa0000000, 0x10000, "disabled");
	blob_begin(&blob, "reserved-memory");
	BLOB_CELLS(&blob, "#address-cells", 2);
	BLOB_CELLS(&blob, "#size-cells", 1);
	blob_property(&blob, "ranges", "", 0);
	blob_begin(&blob, "firmware@80000000");
	BLOB_CELLS(&blob, "reg", 0, 0x80000000, 0x8001);
	blob_end(&blob);
	blob_begin(&blob, "pool");
	BLOB_CELLS(&blob, "size", 0x1000);
	blob_end(&blob);
	blob_end(&blob);
	blob_reserve(&blob, 0x90004000, 0x2000);
	CHECK(end());
	read_memory();

	CHECK_EQ(ram.count, 2);
	CHECK(region_is(&ram, 0, 0x80000000, 0x100000));
	CHECK(region_is(&ram, 1, 0x90000000, 0x10000));
	CHECK_EQ(usable.count, 3);
	CHECK(region_is(&usable, 0, 0x80009000, 0xf7000));
	CHECK(region_is(&usable, 1, 0x90000000, 0x4000));
	CHECK(region_is(&usable, 2, 0x90006000, 0xa000));
}


TEST(the_tree_itself_is_reserved)
{
	begin();
	memory("memory", 0, 0, NULL);
	CHECK(end());
	uint64_t const page = (uintptr_t)blob.bytes & ~(uint64_t)4095;

	read_memory();
	CHECK_EQ(ram.count, 0);
	CHECK_EQ(usable.count, 0);

	begin();
	blob_begin(&blob, "memory");
	blob_string(&blob, "device_type", "memory");
	BLOB_CELLS(&blob, "reg", (uint32_t)(page >> 32), (uint32_t)page - 0x1000, 0x8000);
	blob_end(&blob);
	CHECK(end());
	read_memory();
	CHECK_EQ(ram.count, 1);
	CHECK_EQ(usable.count, 2);
	CHECK(region_is(&usable, 0, page - 0x1000, 0x1000));
	CHECK(usable.region[1].base >= (uintptr_t)blob.bytes + blob.size);
}


static void device(char const *name, char const *model, uint32_t base, char const *status)
{
	blob_begin(&blob, name);
	blob_string(&blob, "compatible", model);
	BLOB_CELLS(&blob, "reg", 0, base, 0x1000);
	blob_string(&blob, "status", status);
	blob_end(&blob);
}


TEST(finds_the_first_enabled_device)
{
	static char const *const models[] = { "b,new", "b,old", NULL };
	static char const *const none[]   = { NULL };

	begin();
	device("a@1", "a", 0x1000, "okay");
	device("b@2", "b,old", 0x2000, "disabled");
	device("b@3", "b,old", 0x3000, "okay");
	device("b@4", "b,new", 0x4000, "okay");
	CHECK(end());

	CHECK_EQ(tree_device(&fdt, models).base, 0x3000);
	CHECK_EQ(tree_device(&fdt, models).size, 0x1000);
	CHECK_EQ(tree_device(&fdt, none).size, 0);
}


TEST(copies_the_command_line)
{
	char line[8] = "xxxxxxx";

	begin();
	CHECK(end());
	tree_command_line(&fdt, line, sizeof(line));
	CHECK_STR(line, "");

	begin();
	blob_begin(&blob, "chosen");
	blob_string(&blob, "bootargs", "a=1 bcdefgh");
	blob_end(&blob);
	CHECK(end());
	tree_command_line(&fdt, line, sizeof(line));
	CHECK_STR(line, "a=1 bcd");
}


UNIT_MAIN("boot_tree")
