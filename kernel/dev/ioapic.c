/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * I/O APICs (Intel 82093AA data sheet, 3).
 */
#include <dev/ioapic.h>
#include <port/platform.h>

enum { SELECT = 0x00, WINDOW = 0x10 };  /* in memory */
enum { VERSION = 1, TABLE = 0x10 };     /* behind the window */
enum { ENTRY_LOW = 1 << 13, ENTRY_LEVEL = 1 << 15, ENTRY_MASKED = 1 << 16, ENTRY_ID = 24 };

static struct { struct mmio registers; unsigned first, count; } ioapics[PLATFORM_IOAPICS];


static struct mmio select(unsigned i, unsigned reg)
{
	mmio_write32(ioapics[i].registers, SELECT, reg);

	return ioapics[i].registers;
}


static uint32_t get(unsigned i, unsigned reg)
{
	return mmio_read32(select(i, reg), WINDOW);
}


static void set(unsigned i, unsigned reg, uint32_t value)
{
	mmio_write32(select(i, reg), WINDOW, value);
}


/** I/O APIC of a number; false if it has none. Gives its register of the pin. */
static bool find(unsigned number, unsigned *i, unsigned *reg)
{
	for (*i = 0; *i < PLATFORM_IOAPICS; ++*i) {
		unsigned pin = number - ioapics[*i].first;
		if (pin < ioapics[*i].count) {
			*reg = TABLE + 2 * pin;
			return true;
		}
	}

	return false;
}


void ioapic_init(unsigned i, struct mmio registers, unsigned first)
{
	ioapics[i].registers = registers;

	unsigned count = (get(i, VERSION) >> 16 & 0xff) + 1;

	ioapics[i].first = first;
	ioapics[i].count = count;
	for (unsigned pin = 0; pin < count; pin++)
		set(i, TABLE + 2 * pin, ENTRY_MASKED);
}


unsigned ioapic_end(void)
{
	unsigned end = 0;

	for (unsigned i = 0; i < PLATFORM_IOAPICS; i++)
		if (ioapics[i].count && ioapics[i].first + ioapics[i].count > end)
			end = ioapics[i].first + ioapics[i].count;

	return end;
}


void ioapic_route(unsigned number, unsigned vector, unsigned apic_id, bool edge, bool low)
{
	unsigned i, reg;

	if (!find(number, &i, &reg))
		return;

	set(i, reg, ENTRY_MASKED);
	set(i, reg + 1, apic_id << ENTRY_ID);
	set(i, reg, ENTRY_MASKED | vector | (edge ? 0 : ENTRY_LEVEL) | (low ? ENTRY_LOW : 0));
}


void ioapic_mask(unsigned number, bool masked)
{
	unsigned i, reg;

	if (!find(number, &i, &reg))
		return;

	uint32_t entry = get(i, reg) & ~(uint32_t)ENTRY_MASKED;
	set(i, reg, entry | (masked ? ENTRY_MASKED : 0));
}
