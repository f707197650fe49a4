/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm Generic Interrupt Controller, architecture version 2.0 (IHI 0048B).
 *
 * All shared interrupts go to the boot CPU. SGI 0 is the interrupt between CPUs.
 */
#include "kernel.h"
#include "mmio.h"
#include <arch/device.h>
#include <arch/irqc.h>
#include <by/boot_info.h>
#include <port/irqc.h>
#include <port/platform.h>

/** Distributor (4.3) and interface of the CPU (4.4). */
enum {
	GICD_CTLR       = 0x000,
	GICD_TYPER      = 0x004,
	GICD_ISENABLER  = 0x100, /* one bit per interrupt */
	GICD_ICENABLER  = 0x180,
	GICD_IPRIORITYR = 0x400, /* one byte */
	GICD_ITARGETSR  = 0x800, /* one byte */
	GICD_ICFGR      = 0xc00, /* two bits */
	GICD_SGIR       = 0xf00,
	GICD_SIZE       = 0x1000,

	GICC_CTLR       = 0x00,
	GICC_PMR        = 0x04,
	GICC_IAR        = 0x0c,
	GICC_EOIR       = 0x10,
	GICC_HPPIR      = 0x18,
	GICC_SIZE       = 0x1000,

	FIRST_PPI  = 16,
	FIRST_SPI  = 32,
	NUMBER_MASK = 0x3ff,
	NUMBERS_MAX = 1020,      /* from here on the number means "none" */
	PRIORITY   = 0x80808080, /* one for all */
	LEAST      = 0xff,
	EDGE       = 2,          /* in GICD_ICFGR */
};

static struct mmio gicd, gicc;
static unsigned    count;


static void set_bit(word_t base, unsigned number)
{
	mmio_write32(gicd, base + number / 32 * 4, 1u << number % 32);
}


/** Registers of 'bits' per interrupt, for all shared ones, get the same value. */
static void fill(word_t base, unsigned bits, uint32_t value)
{
	for (unsigned i = FIRST_SPI; i < count; i += 32 / bits)
		mmio_write32(gicd, base + i * bits / 8, value);
}


void irqc_attach(struct by_boot_info const *info)
{
	gicd  = mmio_at(device_map(info->platform[PLATFORM_GICD], GICD_SIZE));
	gicc  = mmio_at(device_map(info->platform[PLATFORM_GICC], GICC_SIZE));
	count = 32 * ((mmio_read32(gicd, GICD_TYPER) & 0x1f) + 1);
	if (count > NUMBERS_MAX)
		count = NUMBERS_MAX;

	/* targets of private interrupts read as this CPU */
	uint32_t const self = mmio_read32(gicd, GICD_ITARGETSR) & 0xff;

	mmio_write32(gicd, GICD_CTLR, 0);
	mmio_write32(gicd, GICD_ICENABLER, ~0u);
	fill(GICD_ICENABLER, 1, ~0u);
	fill(GICD_IPRIORITYR, 8, PRIORITY);
	fill(GICD_ITARGETSR, 8, self * 0x01010101u);
	for (unsigned i = 0; i < FIRST_SPI; i += 4)
		mmio_write32(gicd, GICD_IPRIORITYR + i, PRIORITY);
	mmio_write32(gicd, GICD_CTLR, 1);

	mmio_write32(gicc, GICC_PMR, LEAST);
	mmio_write32(gicc, GICC_CTLR, 1);
	set_bit(GICD_ISENABLER, clock_irq());
}


bool irqc_usable(unsigned number)
{
	return number >= FIRST_PPI && number < count && number != clock_irq();
}


void irqc_configure(unsigned number, unsigned mode)
{
	word_t   const offset = GICD_ICFGR + number / 16 * 4;
	uint32_t const edge   = (uint32_t)EDGE << number % 16 * 2;
	uint32_t const old    = mmio_read32(gicd, offset);

	mmio_write32(gicd, offset, mode & BY_IRQ_EDGE ? old | edge : old & ~edge);
}


void irqc_mask(unsigned number)
{
	set_bit(GICD_ICENABLER, number);
	__asm__ volatile ("dsb" ::: "memory"); /* before what is done to the interface */
}


void irqc_unmask(unsigned number)
{
	set_bit(GICD_ISENABLER, number);
}


bool irqc_pending(void)
{
	return (mmio_read32(gicc, GICC_HPPIR) & NUMBER_MASK) < NUMBERS_MAX;
}


void irqc_take(void)
{
	uint32_t const taken  = mmio_read32(gicc, GICC_IAR);
	uint32_t const number = taken & NUMBER_MASK;

	if (number >= NUMBERS_MAX)
		return;

	if (number == clock_irq())
		clock_stop();
	else if (number >= FIRST_PPI)
		irqc_mask(number);
	mmio_write32(gicc, GICC_EOIR, taken);

	if (number == clock_irq())
		kernel_timer(smp_self());
	else if (number >= FIRST_PPI)
		kernel_irq(number);
}


/** The interface's number of a CPU is the CPU's (4.3.15). */
void smp_ipi(unsigned id)
{
	mmio_write32(gicd, GICD_SGIR, 1u << (16 + id));
}
