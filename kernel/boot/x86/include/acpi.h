/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The little that the kernel needs from ACPI's tables: CPUs, interrupt
 * controllers, the power switch. (ACPI Specification 6.4.)
 */
#ifndef BOOT_ACPI_H
#define BOOT_ACPI_H

#include "memory.h"
#include <port/platform.h>

struct acpi {
	struct platform platform;
	uint32_t        cpu_count;              /* 0: unknown */
	uint32_t        cpu_id[BY_BOOT_CPUS];   /* local APIC ids */
};

/** Look for the root pointer where a BIOS leaves it; 0: there is none. */
uint64_t acpi_find(struct memory const *memory);

/**
 * Read the tables. Whatever is missing, damaged or outside 'memory' counts as
 * absent, and what every PC has takes its place. rsdp 0: there are no tables.
 */
void acpi_parse(struct memory const *memory, uint64_t rsdp, struct acpi *acpi);

#endif
