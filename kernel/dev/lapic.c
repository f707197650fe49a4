/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC, through its page of registers (Intel SDM volume 3, 11).
 */
#include <dev/lapic.h>
#include "mmio.h"
#include <port/instruction.h>
#include <port/layout.h>

/* Registers, SDM table 11-1. */
enum {
	ID = 0x20, PRIORITY = 0x80, EOI = 0xb0, SPURIOUS = 0xf0, PENDING = 0x200,
	COMMAND = 0x300, COMMAND_HIGH = 0x310, LVT_TIMER = 0x320, LVT_THERMAL = 0x330,
	LVT_LINT1 = 0x360, LVT_ERROR = 0x370, TIMER_START = 0x380, TIMER_LEFT = 0x390,
	TIMER_DIVIDE = 0x3e0,
};

enum {
	BASE_X2APIC = 1 << 10, BASE_ENABLE = 1 << 11,
	SPURIOUS_ENABLE = 1 << 8,
	COMMAND_BUSY = 1 << 12, COMMAND_ASSERT = 1 << 14,
	LVT_NMI = 4 << 8, LVT_MASKED = 1 << 16, LVT_MODE = 17,
	DIVIDE_BY_1 = 0xb,
};

static struct mmio const lapic = { DEVICE_LAPIC };


static uint32_t get(unsigned reg)
{
	return mmio_read32(lapic, reg);
}


static void set(unsigned reg, uint32_t value)
{
	mmio_write32(lapic, reg, value);
}


void lapic_init(unsigned spurious_vector)
{
	uint64_t base = msr_read(MSR_APIC_BASE);

	/* firmware can leave the mode without registers in memory: the way back is by off */
	if (base & BASE_X2APIC)
		msr_write(MSR_APIC_BASE, base & ~(uint64_t)(BASE_X2APIC | BASE_ENABLE));
	msr_write(MSR_APIC_BASE, (base & ~(uint64_t)BASE_X2APIC) | BASE_ENABLE);

	for (unsigned lvt = LVT_THERMAL; lvt <= LVT_ERROR; lvt += 0x10)
		set(lvt, LVT_MASKED);
	set(LVT_LINT1, LVT_NMI); /* how PCs report broken memory */
	set(LVT_TIMER, LVT_MASKED);
	set(TIMER_DIVIDE, DIVIDE_BY_1);
	set(PRIORITY, 0);
	set(SPURIOUS, SPURIOUS_ENABLE | spurious_vector);
}


unsigned lapic_id(void)
{
	return get(ID) >> 24;
}


void lapic_eoi(void)
{
	set(EOI, 0);
}


uint32_t lapic_pending(unsigned i)
{
	return get(PENDING + i * 0x10);
}


void lapic_send(unsigned id, unsigned vector)
{
	while (get(COMMAND) & COMMAND_BUSY)
		asm volatile ("pause");
	set(COMMAND_HIGH, id << 24);
	set(COMMAND, COMMAND_ASSERT | vector);
}


void lapic_timer_init(unsigned vector, enum lapic_mode mode)
{
	set(LVT_TIMER, (uint32_t)mode << LVT_MODE | vector);

	/* a write to the deadline's MSR does not wait for one to memory (SDM 11.5.4.1) */
	asm volatile ("mfence" : : : "memory");
}


void lapic_timer_start(uint32_t ticks)
{
	set(TIMER_START, ticks);
}


uint32_t lapic_timer_left(void)
{
	return get(TIMER_LEFT);
}
