/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: what the bootstrap tells the kernel in by_boot_info.platform.
 */
#ifndef PORT_PLATFORM_H
#define PORT_PLATFORM_H

enum {
	PLATFORM_ROOT,         /* physical address of the kernel's root page table */
	PLATFORM_DEVICES,      /* the same of the table of MMU_DEVICES, which is empty */
	PLATFORM_SSTC,         /* 1 if stimecmp exists */
	PLATFORM_FPU,          /* 1 if the FPU of double precision exists */
	PLATFORM_PLIC,         /* physical address of the PLIC */
	PLATFORM_PLIC_CONTEXT, /* that leads to the boot CPU's supervisor level */
	PLATFORM_PLIC_SOURCES, /* number of interrupts */
};

#endif
