/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory with ACPI tables in it, for tests.
 */
#ifndef ACPI_TABLES_H
#define ACPI_TABLES_H

#include "acpi.h"

#include <string.h>

enum {
	WORLD_SIZE = 0x100000,
	WORLD_RSDP = 0xe0010, WORLD_ROOT = 0x1000, WORLD_MADT = 0x2000, WORLD_FADT = 0x3000,
	WORLD_DSDT = 0x4000,
	TABLE_HEAD_SIZE = 36,
};

static uint8_t world[WORLD_SIZE];

static struct memory const world_memory = { (uintptr_t)world, WORLD_SIZE };


static inline void put(unsigned at, unsigned count, uint64_t value)
{
	for (; count--; at++, value >>= 8)
		world[at] = (uint8_t)value;
}


/** Make the sum of 'size' bytes zero by the byte at 'sum_at'. */
static inline void seal(unsigned at, unsigned size, unsigned sum_at)
{
	uint8_t sum = 0;

	world[sum_at] = 0;
	for (unsigned i = 0; i < size; i++)
		sum = (uint8_t)(sum + world[at + i]);
	world[sum_at] = (uint8_t)-sum;
}


/** A table with the given content behind its head. */
static inline void put_table(unsigned at, const char *signature, void const *content,
                             unsigned size)
{
	memset(world + at, 0, TABLE_HEAD_SIZE);
	memcpy(world + at, signature, 4);
	put(at + 4, 4, TABLE_HEAD_SIZE + size);
	memcpy(world + at + TABLE_HEAD_SIZE, content, size);
	seal(at, TABLE_HEAD_SIZE + size, at + 9);
}


/** Root pointer and root table, of the old form or of the new one. */
static inline void put_root(bool wide)
{
	uint64_t const tables[] = { WORLD_FADT, WORLD_MADT };
	uint8_t content[16] = { 0 };

	for (unsigned i = 0; i < 2; i++)
		memcpy(content + i * (wide ? 8 : 4), &tables[i], wide ? 8 : 4);
	put_table(WORLD_ROOT, wide ? "XSDT" : "RSDT", content, wide ? 16 : 8);

	memcpy(world + WORLD_RSDP, "RSD PTR ", 8);
	put(WORLD_RSDP + 15, 1, wide ? 2 : 0);
	put(WORLD_RSDP + 16, 4, wide ? 0xdead : WORLD_ROOT);
	put(WORLD_RSDP + 24, 8, wide ? WORLD_ROOT : 0);
	seal(WORLD_RSDP, 20, WORLD_RSDP + 8);
}

#endif
