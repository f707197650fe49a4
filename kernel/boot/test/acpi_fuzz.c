/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the reader of ACPI's tables. Lines of the input put bytes into
 * the contents of tables: "M" MADT, "F" FADT, "D" DSDT, "R" RSDT, "X" XSDT. Heads
 * and sums are then put right. Lines with "m" change memory after that.
 */
#include "acpi_tables.h"
#include "canary.h"
#include "changes.h"
#include "require.h"

enum {
	CONTENT = 512, TABLES = 5,
	WORLD_DIRTY = WORLD_DSDT + 0x1000, /* memory that inputs change */
};

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

static char const letters[] = "MFDRX";

static struct { unsigned at; const char *signature; } const tables[TABLES] = {
	{ WORLD_MADT, "APIC" }, { WORLD_FADT, "FACP" }, { WORLD_DSDT, "DSDT" },
	{ WORLD_ROOT, "RSDT" }, { WORLD_ROOT, "XSDT" },
};

static uint8_t  content[TABLES][CONTENT];
static unsigned length[TABLES];


static void put_content(char letter, unsigned long offset, uint8_t byte)
{
	char const *found = memchr(letters, letter, TABLES);

	if (!found || offset >= CONTENT)
		return;

	content[found - letters][offset] = byte;
	if (length[found - letters] <= offset)
		length[found - letters] = (unsigned)offset + 1;
}


static void put_memory(char letter, unsigned long offset, uint8_t byte)
{
	if (letter == 'm')
		world[offset % WORLD_DIRTY] = byte;
}


static void make(uint8_t const *data, size_t size)
{
	memset(world, 0, WORLD_DIRTY);
	memset(content, 0, sizeof(content));
	memset(length, 0, sizeof(length));
	change_all(data, size, put_content);
	put_root(length[4]);
	for (unsigned i = 0; i < TABLES; i++)
		if (length[i])
			put_table(tables[i].at, tables[i].signature, content[i], length[i]);
	change_all(data, size, put_memory);
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static struct acpi acpi;
	struct platform const *p = &acpi.platform;

	make(data, size);
	acpi_parse(&world_memory, WORLD_RSDP, &acpi);
	REQUIRE(acpi.cpu_count <= BY_BOOT_CPUS);
	REQUIRE(p->ioapic_count && p->ioapic_count <= PLATFORM_IOAPICS);
	for (unsigned i = 0; i < 2; i++)
		REQUIRE(!p->sleep[i].port || p->sleep[i].value >> 10 >= 8);
	for (unsigned i = 0; i < PLATFORM_ISA; i++)
		REQUIRE(p->isa_mode[i] <= 3);
	canary(acpi.cpu_count >= 2);

	return 0;
}
