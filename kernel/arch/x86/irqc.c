/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts: from local and I/O APICs to the generic kernel, and between CPUs.
 *
 * The number of an interrupt is that of its I/O APIC pin, counted through all I/O
 * APICs as ACPI does ("global system interrupt"). All go to the boot CPU.
 *
 * A level-triggered interrupt is masked in the I/O APIC when it is taken. An edge
 * would be lost there, so an edge-triggered one is only noted as masked; the next
 * edge is kept for the unmasking, and masks in earnest.
 *
 * The kernel, which has interrupts off, can take one by polling. The local APIC
 * does not know of that and delivers it once more as soon as interrupts are on;
 * until then 'polled' hides it.
 */
#include <arch/irqc.h>
#include "kernel.h"
#include <dev/ioapic.h>
#include <dev/lapic.h>
#include <dev/pic.h>
#include <port/layout.h>
#include <port/local.h>
#include <port/platform.h>
#include <port/start.h>
#include <port/trap.h>
#include <port/vector.h>

enum { LINES = VECTOR_DEVICE_END - VECTOR_DEVICE, WORDS = VECTORS / 32 };

/* Owner: irqc_lock. */
struct line {
	bool masked;   /* for the generic kernel */
	bool off;      /* in the I/O APIC */
	bool edge;
	bool pending;  /* an edge came while masked */
	uint8_t mode;  /* as the platform describes it */
};

static struct line lines[LINES];
static unsigned    line_count;
static struct lock irqc_lock;
static uint32_t    polled[WORDS];  /* vectors; owner: the boot CPU */
static unsigned    device_words;   /* words of vectors up to the last device's */


bool irqc_usable(unsigned number)
{
	return number < line_count;
}


static void set_off(unsigned number, bool off)
{
	lines[number].off = off;
	ioapic_mask(number, off);
}


void irqc_configure(unsigned number, unsigned mode)
{
	if (!mode)
		mode = lines[number].mode;

	lock_take(&irqc_lock);
	lines[number].edge = mode & BY_IRQ_EDGE;
	ioapic_route(number, VECTOR_DEVICE + number, locals[0].apic_id,
	             mode & BY_IRQ_EDGE, mode & BY_IRQ_LOW);
	set_off(number, true);
	lock_release(&irqc_lock);
}


void irqc_mask(unsigned number)
{
	lock_take(&irqc_lock);
	lines[number].masked  = true;
	lines[number].pending = false;
	set_off(number, true);
	lock_release(&irqc_lock);
}


void irqc_unmask(unsigned number)
{
	struct line *line = &lines[number];

	lock_take(&irqc_lock);
	bool again = line->pending;
	line->masked = line->pending = false;
	if (line->off)
		set_off(number, false);
	lock_release(&irqc_lock);

	if (again)
		lapic_send(locals[0].apic_id, VECTOR_DEVICE + number);
}


/** An interrupt of a device; true if the generic kernel gets to know. */
static bool take_line(unsigned number)
{
	struct line *line = &lines[number];

	lock_take(&irqc_lock);
	bool deliver = !line->masked;
	if (!deliver)
		line->pending = line->edge;
	line->masked = true;
	if (!line->off && (!line->edge || !deliver))
		set_off(number, true);
	lock_release(&irqc_lock);

	return deliver;
}


/** Handle an interrupt that was taken by the CPU ('eoi') or by polling. */
static void handle(unsigned vector, bool eoi)
{
	unsigned number  = vector - VECTOR_DEVICE;
	bool     deliver = vector >= VECTOR_DEVICE && number < line_count && take_line(number);

	if (eoi)
		lapic_eoi();

	if (deliver)
		kernel_irq(number);
	else if (vector == VECTOR_TIMER)
		kernel_timer(smp_self());
}


void interrupt_taken(unsigned vector)
{
	/* neither sets the in-service bit that an EOI would clear (SDM volume 3, 11.9) */
	if (vector == VECTOR_SPURIOUS || vector < VECTOR_DEVICE)
		return;

	polled[vector / 32] &= ~(1u << vector % 32);
	handle(vector, true);
}


/** The highest vector of word 'i' that waits, 0 if there is none. */
static inline unsigned waiting_in(unsigned i)
{
	uint32_t const pending = lapic_pending(i) & ~polled[i];

	return pending ? i * 32 + 31u - (unsigned)__builtin_clz(pending) : 0;
}


/** Vector of the most important interrupt that waits, 0 if there is none. */
static unsigned waiting(void)
{
	unsigned vector = waiting_in(VECTOR_TIMER / 32);

	for (unsigned i = device_words; !vector && i-- > VECTOR_PIC / 32; )
		vector = waiting_in(i);

	return vector;
}


bool irqc_pending(void)
{
	return waiting();
}


void irqc_take(void)
{
	unsigned vector = waiting();

	if (!vector)
		return;

	polled[vector / 32] |= 1u << vector % 32;
	handle(vector, false);
}


/** Interrupts of PCI are active low and level-triggered, those of ISA as ACPI says. */
static void describe_lines(struct platform const *platform)
{
	for (unsigned i = PLATFORM_ISA; i < line_count; i++)
		lines[i].mode = BY_IRQ_LOW;
	for (unsigned i = 0; i < PLATFORM_ISA; i++)
		if (platform->isa_number[i] < line_count)
			lines[platform->isa_number[i]].mode = platform->isa_mode[i];
}


void smp_ipi(unsigned id)
{
	lapic_send(locals[id].apic_id, VECTOR_IPI);
}


unsigned interrupt_start(struct platform const *platform)
{
	pic_disable();
	lapic_init(VECTOR_SPURIOUS);
	for (unsigned i = 0; i < platform->ioapic_count; i++) {
		struct platform_ioapic const *ioapic = &platform->ioapic[i];
		ioapic_init(i, mmio_at((void *)(DEVICE_IOAPIC(i) + ioapic->base % PAGE_SIZE)),
		            (unsigned)ioapic->first);
	}

	line_count = ioapic_end();
	if (line_count > LINES)
		line_count = LINES;
	device_words = (VECTOR_DEVICE + line_count + 31) / 32;
	describe_lines(platform);

	return lapic_id();
}
