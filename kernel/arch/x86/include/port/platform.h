/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the bootstrap tells its kernel in by_boot_info.platform: what ACPI's tables
 * say about the interrupt controllers and the power switch.
 */
#ifndef PORT_PLATFORM_H
#define PORT_PLATFORM_H

#include <by/boot_info.h>

enum {
	PLATFORM_IOAPICS = 8,
	PLATFORM_ISA     = 16, /* interrupts of the ISA bus */
};

struct platform_ioapic {
	uint64_t base;         /* physical */
	uint64_t first;        /* number of the interrupt of its first pin */
};

/** A register of ACPI in I/O space; port 0: there is none. */
struct platform_port {
	uint16_t port;
	uint16_t value;
};

struct platform {
	uint64_t lapic;        /* physical */
	uint64_t ioapic_count;
	struct platform_ioapic ioapic[PLATFORM_IOAPICS];
	uint8_t  isa_number[PLATFORM_ISA]; /* interrupt that an ISA interrupt arrives as */
	uint8_t  isa_mode[PLATFORM_ISA];   /* BY_IRQ_EDGE, BY_IRQ_LOW */
	struct platform_port sleep[2];     /* written to switch the machine off */
	struct platform_port reset;
	uint64_t rsdt, xsdt;   /* physical, 0: none */
};

_Static_assert(sizeof(struct platform) <= sizeof(uint64_t) * BY_BOOT_PLATFORM, "fits");

#endif
