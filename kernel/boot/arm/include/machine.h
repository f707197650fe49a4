/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm: what the bootstrap learns from the device tree.
 */
#ifndef BOOT_MACHINE_H
#define BOOT_MACHINE_H

#include "boot.h"
#include "fdt.h"

struct machine {
	struct fdt const     *fdt;
	struct by_boot_region tree;       /* the device tree itself */
	struct by_boot_region console;
	struct by_boot_region gicd, gicc;
	uint64_t psci;                    /* PSCI_... */
	uint32_t cpu_count;
	uint32_t cpu_id[BY_BOOT_CPUS];    /* affinity; the boot CPU comes first */
};

/** What is written to CP15 to switch translation on; start.S knows the order. */
struct translation {
	uint32_t mair, ttbcr, ttbr0, ttbr1, sctlr;
};

/** Fail for good if this CPU cannot run the kernel. */
void cpu_check(void);

/**
 * Read the device tree at 'blob', and the memory it describes into the lists of
 * 'boot'. Fails for good if something vital is missing.
 */
void machine_read(struct machine *machine, struct boot *boot, void *blob);

/**
 * Make the kernel's page tables: the kernel, 'memory' in the window (the kernel's
 * own read-only parts excepted), an empty table for devices, whose physical address
 * is put into 'devices', and the bootstrap where it is, for as long as it executes.
 */
struct translation tables_make(struct boot *boot, struct regions *memory, uint64_t *devices);

#endif
