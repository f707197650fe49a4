/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arm_v7a: the first CPU gets ready for the generic kernel.
 */
#include "kernel.h"
#include <arch/console.h>
#include <arch/device.h>
#include <by/boot_info.h>
#include <port/cp15.h>
#include <port/internal.h>


/**
 * Registers that user level could pass messages through: those of ThumbEE, where it
 * exists (A2.10.2), and the performance counters.
 */
static void deny_registers(void)
{
	enum { TEECR_XED = 1 };

	if (cp15_read(CP15_ID_PFR0) >> 12 & 0xf)
		__asm__ volatile ("mcr p14, 6, %0, c0, c0, 0" : : "r" (TEECR_XED));
	cp15_write(CP15_PMUSERENR, 0);
}


void port_init(struct by_boot_info *info)
{
	cpu_init(smp_self(), 0);
	mmu_init(info);
	console_attach(&info->console);
	console_init();
	fpu_start();
	deny_registers();
	irqc_attach(info);
	clock_attach(info);
	machine_start(info);
}
