/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: interrupts between CPUs.
 */
#include "cpu.h"
#include <arch/smp.h>
#include <by/boot_info.h>
#include <port/internal.h>
#include <port/sbi.h>

static uint32_t harts[CPU_MAX]; /* by CPU; owner: the boot CPU, constant afterwards */


void smp_init(struct by_boot_info const *info)
{
	for (unsigned i = 0; i < info->cpu_count && i < CPU_MAX; i++)
		harts[i] = info->cpu_id[i];
}


void smp_ipi(unsigned id)
{
	sbi_call(SBI_IPI, SBI_IPI_SEND, 1, harts[id]);
}
