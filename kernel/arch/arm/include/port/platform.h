/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm: what the bootstrap tells the kernel in by_boot_info.platform.
 */
#ifndef PORT_PLATFORM_H
#define PORT_PLATFORM_H

enum {
	PLATFORM_DEVICES, /* physical address of the table of MMU_DEVICES, which is empty */
	PLATFORM_GICD,    /* physical addresses of the interrupt controller: distributor */
	PLATFORM_GICC,    /* and interface of the CPU */
	PLATFORM_PSCI,    /* how the firmware is called: PSCI_... */
};

/** Ways to call PSCI, the firmware's Power State Coordination Interface. */
enum { PSCI_NONE, PSCI_HVC, PSCI_SMC };

#endif
