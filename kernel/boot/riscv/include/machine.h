/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: what the bootstrap learns from the device tree.
 */
#ifndef BOOT_MACHINE_H
#define BOOT_MACHINE_H

#include "boot.h"
#include "fdt.h"

struct machine {
	struct fdt const     *fdt;
	struct by_boot_region tree;       /* the device tree itself */
	struct by_boot_region console;
	struct by_boot_region plic;
	uint32_t plic_context, plic_sources;
	uint32_t boot_intc;               /* phandle of the boot hart's local controller */
	uint64_t clock_frequency;
	bool     sstc;                    /* all harts have stimecmp */
	bool     fpu;                     /* all harts have the FPU of double precision */
	uint32_t cpu_count;
	uint32_t cpu_id[BY_BOOT_CPUS];    /* the boot hart comes first */
};

/**
 * Read the device tree at 'blob', and the memory it describes into the lists of
 * 'boot'. Fails for good if something vital is missing.
 */
void machine_read(struct machine *machine, struct boot *boot, void *blob, uint32_t boot_hart);

/**
 * Make the kernel's page tables: the kernel, 'memory' in the window (the kernel's
 * own read-only parts excepted), and an empty table for devices. Returns the root
 * and puts the physical address of the latter into 'devices'.
 */
uint64_t tables_make(struct boot *boot, struct regions *memory, uint64_t *devices);

#endif
