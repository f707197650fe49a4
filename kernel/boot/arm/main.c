/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm: the bootstrap.
 */
#include "board.h"
#include "machine.h"
#include "tree.h"
#include <arch/console.h>
#include <arch/device.h>
#include <arch/machine.h>
#include <arch/mmu.h>
#include <port/platform.h>

extern char const image_start[];

void boot_main(void *blob) __attribute__((noreturn));
void boot_trap(uint32_t pc, uint32_t status, uint32_t address) __attribute__((noreturn));
void boot_enter(struct by_boot_info *info, uint32_t zone, uint32_t entry,
                struct translation const *translation) __attribute__((noreturn));


void *device_map(paddr_t pa, word_t size)
{
	(void)size;

	return (void *)(uintptr_t)pa;
}


void machine_halt(void)
{
	for (;;)
		__asm__ volatile ("wfi");
}


void boot_trap(uint32_t pc, uint32_t status, uint32_t address)
{
	boot_fail("exception near %x, status %x, address %x", pc, status, address);
}


static void fill_info(struct boot *boot, struct machine const *machine)
{
	struct by_boot_info *info = boot->info;

	memcpy(info->board, BOARD_NAME, sizeof(BOARD_NAME));
	info->device_tree  = machine->tree;
	info->console.base = machine->console.base;
	info->console.size = machine->console.size;
	info->cpu_count    = machine->cpu_count;
	memcpy(info->cpu_id, machine->cpu_id, sizeof(info->cpu_id));
	tree_command_line(machine->fdt, info->command_line, sizeof(info->command_line));
	info->platform[PLATFORM_GICD] = machine->gicd.base;
	info->platform[PLATFORM_GICC] = machine->gicc.base;
	info->platform[PLATFORM_PSCI] = machine->psci;
}


/** The kernel maps memory from the RAM on in which it starts, as much as its window holds. */
static struct by_boot_region choose_zone(struct regions const *ram)
{
	uint64_t const block = 1u << pt_shift(1);
	struct by_boot_region const last = ram->region[ram->count - 1];
	struct by_boot_region zone = { 0, MMU_WINDOW_SIZE };

	for (unsigned i = 0; i < ram->count; i++)
		if (ram->region[i].base <= (uintptr_t)image_start)
			zone.base = ram->region[i].base & ~(block - 1);
	if (last.base + last.size - zone.base < zone.size)
		zone.size = last.base + last.size - zone.base;

	return zone;
}


void boot_main(void *blob)
{
	static struct machine machine;
	static struct boot    boot;
	static struct regions memory;
	struct by_boot_console console = { .base = BOARD_UART_BASE };

	console_attach(&console);
	console_init();
	cpu_check();

	/* QEMU passes none with an ELF file, but puts it there */
	machine_read(&machine, &boot, blob ? blob : (void *)BOARD_RAM_BASE);
	memory = boot.free;

	struct by_boot_region const zone = choose_zone(&boot.ram);
	boot.limit = zone.base + zone.size;
	boot_begin(&boot);
	boot.info->zone = zone;
	boot_check_modules(&boot);
	uint64_t entry = boot_load_kernel(&boot);
	struct translation const translation
		= tables_make(&boot, &memory, &boot.info->platform[PLATFORM_DEVICES]);
	boot_load_core(&boot);
	fill_info(&boot, &machine);

	boot_end(&boot);
	boot_enter(boot.info, (uint32_t)zone.base, (uint32_t)entry, &translation);
}
