/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V Platform-Level Interrupt Controller, specification 1.0.0.
 *
 * All interrupts go to one context, the supervisor level of the boot hart. An
 * interrupt that was claimed cannot occur again before it is completed (chapter
 * 9): so it counts as masked by being claimed, and to unmask it is to complete it.
 */
#include "board.h"
#include "kernel.h"
#include "lock.h"
#include "mmio.h"
#include <arch/device.h>
#include <arch/irqc.h>
#include <by/boot_info.h>
#include <port/csr.h>
#include <port/irqc.h>
#include <port/platform.h>

/** Registers: chapter 3. They lie in three pages of a large range. */
enum {
	PLIC_PRIORITY = 0x0,      /* one word per source; 0: never interrupts */
	PLIC_ENABLE   = 0x2000,   /* one bit per source */
	PLIC_CONTEXT  = 0x200000,

	PLIC_ENABLE_SIZE  = 0x80,   /* per context */
	PLIC_CONTEXT_SIZE = 0x1000,

	CONTEXT_THRESHOLD = 0x0,
	CONTEXT_CLAIM     = 0x4,    /* read: claim, write: complete */
};

static struct mmio priority, enable, context;
static unsigned    sources;
static struct lock enable_lock;       /* the registers at 'enable' */
static bool        claimed[BOARD_IRQS]; /* and not completed */


void irqc_attach(struct by_boot_info const *info)
{
	paddr_t const plic   = info->platform[PLATFORM_PLIC];
	paddr_t const number = info->platform[PLATFORM_PLIC_CONTEXT];
	paddr_t const bits   = PLIC_ENABLE + number * PLIC_ENABLE_SIZE;
	paddr_t const own    = PLIC_CONTEXT + number * PLIC_CONTEXT_SIZE;

	/* they count from 1: number 0 means "none" */
	sources = (unsigned)info->platform[PLATFORM_PLIC_SOURCES] + 1;
	if (sources > BOARD_IRQS)
		sources = BOARD_IRQS;

	priority = mmio_at(device_map(plic + PLIC_PRIORITY, PAGE_SIZE));
	enable   = mmio_at(device_map(plic + bits, PLIC_ENABLE_SIZE));
	context  = mmio_at(device_map(plic + own, PLIC_CONTEXT_SIZE));
	for (unsigned i = 0; i < sources; i += 32)
		mmio_write32(enable, i / 8, 0);
	for (unsigned i = 1; i < sources; i++)
		mmio_write32(priority, i * 4, 1);
	mmio_write32(context, CONTEXT_THRESHOLD, 0);
	csr_set(sie, 1 << IRQ_EXTERNAL);
}


bool irqc_usable(unsigned number)
{
	return number && number < sources;
}


/** The trigger is wired; there is nothing to choose. */
void irqc_configure(unsigned number, unsigned mode)
{
	(void)number;
	(void)mode;
}


static void set_enable(unsigned number, bool on)
{
	word_t   const offset = number / 32 * 4;
	uint32_t const bit    = 1u << number % 32;

	lock_take(&enable_lock);
	uint32_t old = mmio_read32(enable, offset);
	mmio_write32(enable, offset, on ? old | bit : old & ~bit);
	lock_release(&enable_lock);
}


/** Completion counts only while the interrupt is enabled (chapter 9). */
static void complete(unsigned number)
{
	claimed[number] = false;
	mmio_write32(context, CONTEXT_CLAIM, number);
}


void irqc_mask(unsigned number)
{
	if (claimed[number])
		complete(number);
	set_enable(number, false);
}


void irqc_unmask(unsigned number)
{
	if (claimed[number])
		complete(number);
	else
		set_enable(number, true);
}


void irqc_take_external(void)
{
	uint32_t const number = mmio_read32(context, CONTEXT_CLAIM);

	if (!number || number >= sources)
		return;

	claimed[number] = true;
	kernel_irq(number);
}
