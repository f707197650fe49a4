/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the first CPU gets ready for the generic kernel.
 */
#include "kernel.h"
#include <arch/console.h>
#include <arch/device.h>
#include <arch/mmu.h>
#include <by/boot_info.h>
#include <port/csr.h>
#include <port/internal.h>


void port_init(struct by_boot_info *info)
{
	csr_write(sie, 0);
	trap_init();
	csr_clear(sstatus, SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_FS | SSTATUS_VS
	                   | SSTATUS_SUM | SSTATUS_MXR);
	cpu_init(smp_self(), 0);
	mmu_init(info);
	console_attach(&info->console);
	console_init();
	fpu_start(info);
	clock_attach(info);
	irqc_attach(info);
	smp_init(info);
	csr_set(sie, 1 << IRQ_SOFTWARE);
}
