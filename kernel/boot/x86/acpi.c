/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ACPI's tables (ACPI Specification 6.4, chapter 5).
 *
 *     RSDP ──> RSDT or XSDT ──> MADT  CPUs, I/O APICs, ISA interrupts
 *                           └─> FADT  ports for power and reset ──> DSDT
 */
#include "acpi.h"
#include <by/abi.h>

enum {
	TABLE_HEAD = 36, TABLE_LENGTH = 4, TABLE_MAX = 1 << 20, TABLES_MAX = 256,
	RSDP_SIZE = 20, RSDP_REVISION = 15, RSDP_RSDT = 16, RSDP_XSDT = 24, RSDP_SIZE_2 = 36,

	LAPIC_BASE = 0xfee00000, IOAPIC_BASE = 0xfec00000,
};

/** A table whose length and checksum are right; at NULL: none. */
struct table { uint8_t const *at; uint32_t size; };


static bool sum_is_zero(uint8_t const *at, uint32_t size)
{
	uint8_t sum = 0;

	for (uint32_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + at[i]);

	return sum == 0;
}


static bool starts_with(uint8_t const *at, const char *text)
{
	for (; *text; at++, text++)
		if (*at != (uint8_t)*text)
			return false;

	return true;
}


static struct table table_open(struct memory const *memory, uint64_t address)
{
	uint8_t const *head = memory_at(memory, address, TABLE_HEAD);
	uint32_t       size = head ? read32(head + TABLE_LENGTH) : 0;
	uint8_t const *at   = memory_at(memory, address, size);

	if (!address || !at || size < TABLE_HEAD || size > TABLE_MAX || !sum_is_zero(at, size))
		return (struct table) { NULL, 0 };

	return (struct table) { at, size };
}


/** Number of up to 8 bytes in a table, 0 if the table does not reach that far. */
static uint64_t field(struct table const *table, uint32_t offset, unsigned bytes)
{
	uint64_t value = 0;

	if (offset + bytes > table->size)
		return 0;
	while (bytes--)
		value = value << 8 | table->at[offset + bytes];

	return value;
}


/*
 * Finding tables
 */

static bool rsdp_valid(uint8_t const *at)
{
	return at && starts_with(at, "RSD PTR ") && sum_is_zero(at, RSDP_SIZE);
}


static uint64_t find_rsdp(struct memory const *memory, uint64_t base, uint64_t size)
{
	for (uint64_t at = base; at < base + size; at += 16)
		if (rsdp_valid(memory_at(memory, at, RSDP_SIZE)))
			return at;

	return 0;
}


uint64_t acpi_find(struct memory const *memory)
{
	uint8_t const *segment = memory_at(memory, 0x40e, 2); /* of the extended BIOS data */
	uint64_t       found   = 0;

	if (segment)
		found = find_rsdp(memory, (uint64_t)read16(segment) << 4, 1024);

	return found ? found : find_rsdp(memory, 0xe0000, 0x20000);
}


/** Table with the given signature among those that the root table lists. */
static struct table find_table(struct memory const *memory, struct platform const *platform,
                               const char *signature)
{
	unsigned const width = platform->xsdt ? 8 : 4;
	struct table   root  = table_open(memory, platform->xsdt ? platform->xsdt
	                                                         : platform->rsdt);
	uint32_t       at    = TABLE_HEAD;

	for (unsigned i = 0; root.at && i < TABLES_MAX && at + width <= root.size; i++) {
		uint64_t       address = field(&root, at, width);
		uint8_t const *head    = memory_at(memory, address, TABLE_HEAD);
		if (head && starts_with(head, signature))
			return table_open(memory, address);
		at += width;
	}

	return (struct table) { NULL, 0 };
}


/*
 * MADT: interrupt controllers (5.2.12)
 */

enum {
	MADT_LAPIC = 36, MADT_ENTRIES = 44,
	ENTRY_LAPIC = 0, ENTRY_IOAPIC = 1, ENTRY_OVERRIDE = 2, ENTRY_LAPIC_BASE = 5,
	ENTRY_X2APIC = 9,
	CPU_ENABLED = 1,
	POLARITY_LOW = 3, TRIGGER_LEVEL = 3, /* 0: as the bus has it, for ISA high and edge */
};


static void add_cpu(struct acpi *acpi, uint64_t id, uint64_t flags)
{
	if (flags & CPU_ENABLED && acpi->cpu_count < BY_BOOT_CPUS)
		acpi->cpu_id[acpi->cpu_count++] = (uint32_t)id;
}


static void add_ioapic(struct platform *platform, uint64_t base, uint64_t first)
{
	if (platform->ioapic_count < PLATFORM_IOAPICS)
		platform->ioapic[platform->ioapic_count++] =
			(struct platform_ioapic) { base, first };
}


static void add_override(struct platform *platform, uint64_t source, uint64_t number,
                         uint64_t flags)
{
	if (source >= PLATFORM_ISA || number > UINT8_MAX)
		return;

	/* a pin that one interrupt moves to is not that of another any more */
	for (unsigned i = 0; i < PLATFORM_ISA; i++)
		if (platform->isa_number[i] == number)
			platform->isa_number[i] = UINT8_MAX;

	bool low = (flags & 3) == POLARITY_LOW, level = (flags >> 2 & 3) == TRIGGER_LEVEL;
	platform->isa_number[source] = (uint8_t)number;
	platform->isa_mode[source]   = (uint8_t)((low ? BY_IRQ_LOW : 0)
	                                         | (level ? 0 : BY_IRQ_EDGE));
}


static void madt_entry(struct table const *madt, uint32_t at, struct acpi *acpi)
{
	struct platform *platform = &acpi->platform;

	switch (field(madt, at, 1)) {
	case ENTRY_LAPIC:
		add_cpu(acpi, field(madt, at + 3, 1), field(madt, at + 4, 4));
		return;
	case ENTRY_X2APIC:
		add_cpu(acpi, field(madt, at + 4, 4), field(madt, at + 8, 4));
		return;
	case ENTRY_IOAPIC:
		add_ioapic(platform, field(madt, at + 4, 4), field(madt, at + 8, 4));
		return;
	case ENTRY_OVERRIDE:
		add_override(platform, field(madt, at + 3, 1), field(madt, at + 4, 4),
		             field(madt, at + 8, 2));
		return;
	case ENTRY_LAPIC_BASE:
		platform->lapic = field(madt, at + 4, 8);
	}
}


static void parse_madt(struct table const *madt, struct acpi *acpi)
{
	uint32_t at = MADT_ENTRIES;

	if (field(madt, MADT_LAPIC, 4))
		acpi->platform.lapic = field(madt, MADT_LAPIC, 4);
	while (at + 2 <= madt->size) {
		uint32_t size = (uint32_t)field(madt, at + 1, 1);
		if (size < 2 || size > madt->size - at)
			return;
		madt_entry(madt, at, acpi);
		at += size;
	}
}


/*
 * FADT and DSDT: power and reset (5.2.9, 7.4.2, 20.2)
 */

enum {
	FADT_DSDT = 40, FADT_CONTROL_A = 64, FADT_CONTROL_B = 68, FADT_FLAGS = 112,
	FADT_RESET = 116, FADT_RESET_VALUE = 128, FADT_DSDT_64 = 140,
	FADT_RESET_SUPPORTED = 1 << 10,
	SPACE_IO = 1,                            /* of a generic address */
	CONTROL_SLEEP = 1 << 13, CONTROL_TYPE = 10,
	OP_ZERO = 0x00, OP_ONE = 0x01, OP_BYTE = 0x0a, OP_PACKAGE = 0x12,
};


/** Read a small integer of AML; false if it is something else. */
static bool aml_integer(struct table const *table, uint32_t *at, unsigned *value)
{
	uint64_t op = field(table, (*at)++, 1);

	if (op == OP_BYTE)
		*value = (unsigned)field(table, (*at)++, 1);
	else if (op == OP_ZERO || op == OP_ONE)
		*value = (unsigned)op;
	else
		return false;

	return *value < 8 && *at <= table->size;
}


/**
 * Values that select the sleep state "off", from the object _S5: a package of
 * constants, which is why no interpreter is needed.
 */
static bool find_sleep_types(struct table const *dsdt, unsigned type[2])
{
	for (uint32_t at = TABLE_HEAD; at + 8 <= dsdt->size; at++) {
		if (dsdt->at[at] != '_' || !starts_with(dsdt->at + at, "_S5_")
		    || dsdt->at[at + 4] != OP_PACKAGE)
			continue;
		uint32_t value = at + 7 + (dsdt->at[at + 5] >> 6); /* behind length and count */
		if (aml_integer(dsdt, &value, &type[0]) && aml_integer(dsdt, &value, &type[1]))
			return true;
	}

	return false;
}


static void parse_sleep(struct memory const *memory, struct table const *fadt,
                        struct platform *platform)
{
	static uint32_t const control[2] = { FADT_CONTROL_A, FADT_CONTROL_B };
	uint64_t     address = field(fadt, FADT_DSDT_64, 8);
	struct table dsdt    = table_open(memory, address ? address : field(fadt, FADT_DSDT, 4));
	unsigned     type[2];

	if (!dsdt.at || !find_sleep_types(&dsdt, type))
		return;

	for (unsigned i = 0; i < 2; i++) {
		uint64_t port = field(fadt, control[i], 4);
		if (port && port <= UINT16_MAX)
			platform->sleep[i] = (struct platform_port) {
				(uint16_t)port,
				(uint16_t)(CONTROL_SLEEP | type[i] << CONTROL_TYPE) };
	}
}


static void parse_reset(struct table const *fadt, struct platform *platform)
{
	uint64_t port = field(fadt, FADT_RESET + 4, 8);

	if (field(fadt, FADT_FLAGS, 4) & FADT_RESET_SUPPORTED
	    && field(fadt, FADT_RESET, 1) == SPACE_IO && port && port <= UINT16_MAX)
		platform->reset = (struct platform_port) {
			(uint16_t)port, (uint16_t)field(fadt, FADT_RESET_VALUE, 1) };
}


/** What every PC has that does not say otherwise. */
static void set_defaults(struct acpi *acpi)
{
	*acpi = (struct acpi) { .platform.lapic = LAPIC_BASE };
	for (unsigned i = 0; i < PLATFORM_ISA; i++) {
		acpi->platform.isa_number[i] = (uint8_t)i;
		acpi->platform.isa_mode[i]   = BY_IRQ_EDGE;
	}
}


void acpi_parse(struct memory const *memory, uint64_t rsdp, struct acpi *acpi)
{
	struct platform *platform = &acpi->platform;
	uint8_t const   *root     = rsdp ? memory_at(memory, rsdp, RSDP_SIZE) : NULL;

	set_defaults(acpi);
	if (rsdp_valid(root)) {
		platform->rsdt = read32(root + RSDP_RSDT);
		if (root[RSDP_REVISION] >= 2 && memory_at(memory, rsdp, RSDP_SIZE_2))
			platform->xsdt = read64(root + RSDP_XSDT);
	}
	struct table madt = find_table(memory, platform, "APIC");
	struct table fadt = find_table(memory, platform, "FACP");

	if (madt.at)
		parse_madt(&madt, acpi);
	if (fadt.at) {
		parse_sleep(memory, &fadt, platform);
		parse_reset(&fadt, platform);
	}
	if (!platform->ioapic_count)
		add_ioapic(platform, IOAPIC_BASE, 0);
}
