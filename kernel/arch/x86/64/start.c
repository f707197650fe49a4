/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the bootstrap to the generic kernel.
 */
#include "kernel.h"
#include "panic.h"
#include <arch/console.h>
#include <arch/mmu.h>
#include <arch/screen.h>
#include <by/boot_info.h>
#include <port/instruction.h>
#include <port/layout.h>
#include <port/local.h>
#include <port/platform.h>
#include <port/start.h>
#include <port/trap.h>


/** Switch on what protects the kernel from mistakes and from user level. */
static void init_protection(void)
{
	uintptr_t cr4 = CR4_PAE | CR4_MCE | CR4_PGE | CR4_OSFXSR | CR4_OSXMMEXCPT;

	if (cpuid_has(7, CPUID_EBX, 7))
		cr4 |= CR4_SMEP;
	if (cpuid_has(7, CPUID_EBX, 20))
		cr4 |= CR4_SMAP;
	if (cpuid_has(7, CPUID_ECX, 2))
		cr4 |= CR4_UMIP;
	cr4_write(cr4);
	cr0_write(cr0_read() | CR0_WP | CR0_AM);
}


void port_start(paddr_t pa)
{
	struct by_boot_info *info = mem_kernel(pa);
	struct platform      platform;

	local_init(&locals[0], &cpus[0]);
	cpu_init(&cpus[0], 0);
	init_protection();
	console_init();
	screen_attach(&info->framebuffer,
	              (char *)SCREEN_BASE + info->framebuffer.base % PAGE_SIZE);
	if (info->magic != BY_BOOT_MAGIC || info->size != sizeof(*info))
		panic("kernel and bootstrap are of different versions");

	memcpy(&platform, info->platform, sizeof(platform));
	mmu_start();
	fpu_start();
	info->cpu_id[0] = locals[0].apic_id = interrupt_start(&platform);
	clock_start();
	machine_start(&platform);
	kernel_main(info);
}
