/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the bootstrap.
 */
#include "board.h"
#include "machine.h"
#include "tree.h"
#include <arch/console.h>
#include <arch/machine.h>
#include <port/csr.h>
#include <arch/mmu.h>
#include <port/platform.h>
#include <port/sbi.h>

enum { SBI_PUTCHAR = 1 }; /* legacy extension, SBI specification 5.2 */

void boot_main(uint64_t hart, void *blob) __attribute__((noreturn));
void boot_trap(uint64_t cause, uint64_t pc, uint64_t value) __attribute__((noreturn));
void boot_enter(struct by_boot_info *info, uint64_t satp, uint64_t entry)
	__attribute__((noreturn));


void console_init(void)
{
}


bool console_put(char c)
{
	sbi_call(SBI_PUTCHAR, 0, (unsigned char)c, 0);

	return true;
}


void machine_halt(void)
{
	for (;;)
		__asm__ volatile ("wfi");
}


void boot_trap(uint64_t cause, uint64_t pc, uint64_t value)
{
	boot_fail("trap %lu at %lx, value %lx", cause, pc, value);
}


static void fill_info(struct boot *boot, struct machine const *machine)
{
	struct by_boot_info *info = boot->info;

	memcpy(info->board, BOARD_NAME, sizeof(BOARD_NAME));
	info->clock_frequency = machine->clock_frequency;
	info->device_tree     = machine->tree;
	info->console.base    = machine->console.base;
	info->console.size    = machine->console.size;
	info->cpu_count       = machine->cpu_count;
	memcpy(info->cpu_id, machine->cpu_id, sizeof(info->cpu_id));
	tree_command_line(machine->fdt, info->command_line, sizeof(info->command_line));
	info->platform[PLATFORM_SSTC]         = machine->sstc;
	info->platform[PLATFORM_FPU]          = machine->fpu;
	info->platform[PLATFORM_PLIC]         = machine->plic.base;
	info->platform[PLATFORM_PLIC_CONTEXT] = machine->plic_context;
	info->platform[PLATFORM_PLIC_SOURCES] = machine->plic_sources;
}


/** Make the kernel's address space; 'memory' is what it may use. Returns satp. */
static uint64_t make_space(struct boot *boot, struct regions *memory)
{
	struct by_boot_info  *info = boot->info;
	struct by_boot_region last = memory->region[memory->count - 1];

	info->zone.base = memory->region[0].base;
	info->zone.size = last.base + last.size - info->zone.base;
	uint64_t const root = tables_make(boot, memory, &info->platform[PLATFORM_DEVICES]);
	info->platform[PLATFORM_ROOT] = root;

	return SATP_SV39 | root >> PAGE_SHIFT;
}


void boot_main(uint64_t hart, void *blob)
{
	static struct machine machine;
	static struct boot    boot = { .limit = MMU_WINDOW_SIZE };
	static struct regions memory;

	machine_read(&machine, &boot, blob, (uint32_t)hart);
	regions_remove(&boot.free, MMU_WINDOW_SIZE, UINT64_MAX); /* nobody could reach it */
	memory = boot.free;

	boot_begin(&boot);
	boot_check_modules(&boot);
	uint64_t entry = boot_load_kernel(&boot);
	uint64_t satp  = make_space(&boot, &memory);
	boot_load_core(&boot);
	fill_info(&boot, &machine);

	boot_end(&boot);
	boot_enter(boot.info, satp, entry);
}
