/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is read from ACPI's tables, and what of it is believed.
 */
#include "acpi_tables.h"
#include "unit.h"

#include <by/abi.h>

static struct acpi acpi;

/* Two CPUs, one switched off, one by its long number; two I/O APICs; two overrides. */
static uint8_t const madt[] = {
	0, 0, 0xe1, 0xfe,  1, 0, 0, 0,
	0, 8, 0, 4, 1, 0, 0, 0,
	0, 8, 1, 5, 0, 0, 0, 0,
	9, 16, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0,
	1, 12, 2, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0,
	1, 12, 3, 0, 0, 0x10, 0xc0, 0xfe, 24, 0, 0, 0,
	2, 10, 0, 0, 2, 0, 0, 0, 0, 0,
	2, 10, 0, 9, 20, 0, 0, 0, 0xf, 0,
	99, 3, 0,
};

enum { FADT_SIZE = 244 - TABLE_HEAD_SIZE };

/* Name (_S5_, Package () { 5, 1, 0, 0 }), with something that looks similar before it. */
static uint8_t const dsdt[] = {
	0x08, '_', 'S', '5', '_', 0x0c, 1, 2, 3, 4,
	0x08, '_', 'S', '5', '_', 0x12, 0x08, 4, 0x0a, 5, 0x01, 0x00, 0x00,
};


static void put_fadt(void)
{
	static uint8_t const empty[FADT_SIZE];

	put_table(WORLD_FADT, "FACP", empty, FADT_SIZE);
	put(WORLD_FADT + 40, 4, WORLD_DSDT);
	put(WORLD_FADT + 64, 4, 0x604);
	put(WORLD_FADT + 68, 4, 0x704);
	put(WORLD_FADT + 112, 4, 1 << 10);
	put(WORLD_FADT + 116, 1, 1);
	put(WORLD_FADT + 120, 8, 0xcf9);
	put(WORLD_FADT + 128, 1, 6);
	seal(WORLD_FADT, 244, WORLD_FADT + 9);
}


static void make(bool wide)
{
	memset(world, 0, sizeof(world));
	put_root(wide);
	put_table(WORLD_MADT, "APIC", madt, sizeof(madt));
	put_fadt();
	put_table(WORLD_DSDT, "DSDT", dsdt, sizeof(dsdt));
}


static struct platform const *parse(void)
{
	acpi_parse(&world_memory, acpi_find(&world_memory), &acpi);

	return &acpi.platform;
}


static void check_all(bool wide)
{
	make(wide);
	struct platform const *p = parse();

	CHECK_EQ(wide ? p->xsdt : p->rsdt, WORLD_ROOT);
	CHECK_EQ(p->lapic, 0xfee10000);
	CHECK_EQ(acpi.cpu_count, 2);
	CHECK_EQ(acpi.cpu_id[0], 4);
	CHECK_EQ(acpi.cpu_id[1], 7);
	CHECK_EQ(p->ioapic_count, 2);
	CHECK_EQ(p->ioapic[1].base, 0xfec01000);
	CHECK_EQ(p->ioapic[1].first, 24);
	CHECK_EQ(p->isa_number[0], 2);
	CHECK_EQ(p->isa_mode[0], BY_IRQ_EDGE);
	CHECK_EQ(p->isa_number[2], UINT8_MAX);
	CHECK_EQ(p->isa_number[9], 20);
	CHECK_EQ(p->isa_mode[9], BY_IRQ_LOW);
	CHECK_EQ(p->isa_number[4], 4);
	CHECK_EQ(p->sleep[0].port, 0x604);
	CHECK_EQ(p->sleep[0].value, 1 << 13 | 5 << 10);
	CHECK_EQ(p->sleep[1].port, 0x704);
	CHECK_EQ(p->sleep[1].value, 1 << 13 | 1 << 10);
	CHECK_EQ(p->reset.port, 0xcf9);
	CHECK_EQ(p->reset.value, 6);
}


TEST(old_root) { check_all(false); }
TEST(new_root) { check_all(true); }


/** What every PC has. */
static bool defaults(struct platform const *p)
{
	return p->lapic == 0xfee00000 && p->ioapic_count == 1
	       && p->ioapic[0].base == 0xfec00000 && p->isa_number[0] == 0
	       && p->isa_mode[15] == BY_IRQ_EDGE && acpi.cpu_count == 0;
}


TEST(no_tables)
{
	memset(world, 0, sizeof(world));
	CHECK_EQ(acpi_find(&world_memory), 0);
	CHECK(defaults(parse()));
	CHECK_EQ(acpi.platform.sleep[0].port, 0);
}


TEST(root_pointer_in_the_extended_bios_data)
{
	make(false);
	put(0x40e, 2, 0x9000);
	memcpy(world + 0x90020, world + WORLD_RSDP, 36);
	CHECK_EQ(acpi_find(&world_memory), 0x90020);
	put(0x40e, 2, 0xffff);
	CHECK_EQ(acpi_find(&world_memory), WORLD_RSDP);
}


TEST(wrong_checksums)
{
	make(false);
	world[WORLD_RSDP + 9]++;
	CHECK_EQ(acpi_find(&world_memory), 0);
	make(false);
	world[WORLD_ROOT + 10]++;
	CHECK(defaults(parse()));
	make(false);
	world[WORLD_MADT + 50]++;
	CHECK(defaults(parse()));
	CHECK_EQ(acpi.platform.sleep[0].port, 0x604);
	make(false);
	world[WORLD_DSDT + 40]++;
	CHECK_EQ(parse()->sleep[0].port, 0);
	CHECK_EQ(acpi.platform.reset.port, 0xcf9);
}


TEST(lengths_and_addresses_outside)
{
	make(false);
	put(WORLD_MADT + 4, 4, UINT32_MAX);
	CHECK(defaults(parse()));
	put(WORLD_MADT + 4, 4, 35);
	CHECK(defaults(parse()));
	make(true);
	put(WORLD_ROOT + 36, 8, UINT64_MAX - 4);
	put(WORLD_ROOT + 44, 8, WORLD_SIZE - 20);
	seal(WORLD_ROOT, 52, WORLD_ROOT + 9);
	CHECK(defaults(parse()));
	make(true);
	put(WORLD_RSDP + 24, 8, UINT64_MAX);
	CHECK(defaults(parse()));
	acpi_parse(&world_memory, WORLD_SIZE - 4, &acpi);
	CHECK(defaults(&acpi.platform));
}


TEST(entries_that_do_not_fit)
{
	uint8_t bad[sizeof(madt)];

	make(false);
	memcpy(bad, madt, sizeof(bad));
	bad[9] = 0;
	put_table(WORLD_MADT, "APIC", bad, sizeof(bad));
	parse();
	CHECK_EQ(acpi.cpu_count, 0);
	bad[9] = 200;
	put_table(WORLD_MADT, "APIC", bad, sizeof(bad));
	parse();
	CHECK_EQ(acpi.cpu_count, 0);

	/* cut within an entry whose own length is right */
	put_table(WORLD_MADT, "APIC", madt, 8 + 3);
	parse();
	CHECK_EQ(acpi.cpu_count, 0);
}


TEST(more_than_there_is_place_for)
{
	uint8_t many[8 + 300 * 8 + 20 * 12] = { 0 };

	make(false);
	for (unsigned i = 0; i < 300; i++)
		memcpy(many + 8 + 8 * i, (uint8_t[]){ 0, 8, 0, (uint8_t)i, 1 }, 5);
	for (unsigned i = 0; i < 20; i++)
		memcpy(many + 8 + 300 * 8 + 12 * i, (uint8_t[]){ 1, 12 }, 2);
	put_table(WORLD_MADT, "APIC", many, sizeof(many));
	parse();
	CHECK_EQ(acpi.cpu_count, BY_BOOT_CPUS);
	CHECK_EQ(acpi.platform.ioapic_count, PLATFORM_IOAPICS);
}


/* An entry of type 5 (ACPI 6.4, 5.2.12.8) has the address of the local APIC in 64 bit. */
TEST(other_address_of_the_local_apic)
{
	static uint8_t const other[] = {
		0, 0, 0xe1, 0xfe,  1, 0, 0, 0,
		5, 12, 0, 0, 0, 0, 0xd0, 0xfe, 2, 0, 0, 0,
		0, 8, 0, 4, 1, 0, 0, 0,
	};

	make(false);
	put_table(WORLD_MADT, "APIC", other, sizeof(other));
	CHECK_EQ(parse()->lapic, 0x2fed00000);
	CHECK_EQ(acpi.cpu_count, 1);
}


TEST(short_fadt)
{
	static uint8_t const empty[40];

	make(false);
	put_table(WORLD_FADT, "FACP", empty, sizeof(empty));
	put(WORLD_FADT + 40, 4, WORLD_DSDT);
	put(WORLD_FADT + 64, 4, 0x604);
	seal(WORLD_FADT, 76, WORLD_FADT + 9);
	CHECK_EQ(parse()->sleep[0].port, 0x604);
	CHECK_EQ(acpi.platform.reset.port, 0);
}


TEST(registers_that_are_no_ports)
{
	make(false);
	put(WORLD_FADT + 64, 4, 0x10604);
	put(WORLD_FADT + 116, 1, 0);
	seal(WORLD_FADT, 244, WORLD_FADT + 9);
	CHECK_EQ(parse()->sleep[0].port, 0);
	CHECK_EQ(acpi.platform.reset.port, 0);
}


TEST(sleep_types_that_are_no_numbers)
{
	uint8_t bad[sizeof(dsdt)];

	make(false);
	memcpy(bad, dsdt, sizeof(bad));
	bad[19] = 8;
	put_table(WORLD_DSDT, "DSDT", bad, sizeof(bad));
	CHECK_EQ(parse()->sleep[0].port, 0);
	bad[19] = 5;
	bad[20] = 0x5b;
	put_table(WORLD_DSDT, "DSDT", bad, sizeof(bad));
	CHECK_EQ(parse()->sleep[0].port, 0);

	/* the table ends within the package */
	put_table(WORLD_DSDT, "DSDT", dsdt, 19);
	CHECK_EQ(parse()->sleep[0].port, 0);
}


UNIT_MAIN("boot_acpi")
