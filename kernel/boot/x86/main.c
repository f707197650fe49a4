/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bootstrap of PCs.
 */
#include "acpi.h"
#include "board.h"
#include "boot.h"
#include "multiboot.h"
#include "paging.h"
#include "print.h"
#include <arch/console.h>
#include <arch/machine.h>
#include <arch/screen.h>
#include <port/instruction.h>

enum {
	RSDP_SIZE  = 36,
	FIRST_MIB  = 1 << 20,
	RSDP_PLACE = BOOT_PAGE - RSDP_SIZE - 4, /* of a copy, in the page of 'info' */
};

#define LIMIT ((uint64_t)1 << 32) /* of what head.S maps */

extern char const image_end[];

_Static_assert(sizeof(struct by_boot_info) <= RSDP_PLACE, "both fit in a page");

void boot_main(uint32_t magic, uint32_t address);
void boot_enter(pte_t *root, uint64_t entry, struct by_boot_info *info)
	__attribute__((noreturn));

static struct boot        boot = { .limit = LIMIT };
static struct loader_info loader;
static struct acpi        acpi;

static struct memory const memory = { 0, LIMIT };


void machine_halt(void)
{
	for (;;)
		asm volatile ("cli\n\thlt");
}


static void check_cpu(void)
{
	static struct { uint32_t leaf; uint8_t reg, bit; const char *name; } const needed[] = {
		{ 1, CPUID_EDX, 0, "an FPU" },
		{ 1, CPUID_EDX, 4, "a time-stamp counter (TSC)" },
		{ 1, CPUID_EDX, 5, "model-specific registers (MSR)" },
		{ 1, CPUID_EDX, 6, "physical address extension (PAE)" },
		{ 1, CPUID_EDX, 9, "a local APIC" },
		{ 1, CPUID_EDX, 13, "global pages (PGE)" },
		{ 1, CPUID_EDX, 16, "a page attribute table (PAT)" },
		{ 1, CPUID_EDX, 24, "FXSAVE" },
		{ 1, CPUID_EDX, 25, "SSE" },
		{ 1, CPUID_EDX, 26, "SSE2" },
		{ 0x80000001u, CPUID_EDX, 11, "SYSCALL" },
		{ 0x80000001u, CPUID_EDX, 20, "no-execute pages (NX)" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(needed); i++)
		if (!cpuid_has(needed[i].leaf, (enum cpuid_register)needed[i].reg, needed[i].bit))
			boot_fail("this CPU cannot run Banyan: it lacks %s", needed[i].name);
}


/**
 * The loader's information comes behind the image: before reading it, see that there
 * is RAM. What is none does not keep what is written.
 */
static void check_ram(void)
{
	uint32_t volatile *last  = (uint32_t volatile *)((uintptr_t)image_end - 4);
	uint32_t           value = *last;

	*last = ~value;
	bool ram = *last == ~value;
	*last = value;
	if (!ram)
		boot_fail("too little RAM: the image reaches up to %u KiB",
		          (unsigned)((uintptr_t)image_end / 1024));
}


/** Where it is above what this code maps, only the kernel can draw. */
static void use_screen(void)
{
	struct by_boot_framebuffer const *fb = &loader.framebuffer;

	if (loader.framebuffer_error)
		print("boot: the screen cannot be used: %s\n", loader.framebuffer_error);
	if (memory_at(&memory, fb->base, (uint64_t)fb->pitch * fb->height))
		screen_attach(fb, (void *)(uintptr_t)fb->base);
}


/** All that others have left in memory is read before anything is written there. */
static void read_tables(uint32_t magic, uint32_t address)
{
	const char *error = multiboot_parse(&memory, magic, address, &loader);

	if (error)
		boot_fail("the loader's information cannot be used: %s", error);
	use_screen();
	if (!loader.rsdp)
		loader.rsdp = acpi_find(&memory);
	acpi_parse(&memory, loader.rsdp, &acpi);

	boot.ram = boot.free = loader.ram;
	regions_remove(&boot.free, 0, FIRST_MIB); /* BIOSes write there, and CPUs start there */
}


/** The root pointer can lie in the loader's memory, which does not last. */
static uint64_t keep_rsdp(struct by_boot_info *info, uint8_t const rsdp[RSDP_SIZE])
{
	uint8_t *copy = (uint8_t *)info + RSDP_PLACE;

	memcpy(copy, rsdp, RSDP_SIZE);

	return (uintptr_t)copy;
}


static void describe_cpus(struct by_boot_info *info)
{
	uint32_t self = cpuid_read(1, 0).reg[CPUID_EBX] >> 24;

	info->cpu_count = acpi.cpu_count ? acpi.cpu_count : 1;
	info->cpu_id[0] = self;
	for (unsigned i = 0; i < acpi.cpu_count; i++) {
		info->cpu_id[i] = acpi.cpu_id[i];
		if (acpi.cpu_id[i] == self)
			info->boot_cpu = i;
	}
}


static void describe_machine(struct by_boot_info *info)
{
	struct by_boot_region const last = boot.ram.region[boot.ram.count - 1];

	memcpy(info->board, BOARD_NAME, sizeof(BOARD_NAME));
	memcpy(info->command_line, loader.command_line, sizeof(info->command_line));
	memcpy(info->platform, &acpi.platform, sizeof(acpi.platform));
	info->zone        = (struct by_boot_region) { 0, last.base + last.size };
	info->framebuffer = loader.framebuffer;
	info->console     = (struct by_boot_console) { BOARD_UART_PORT, 8, 1, 0 };
	describe_cpus(info);
}


void boot_main(uint32_t magic, uint32_t address)
{
	uint8_t rsdp[RSDP_SIZE] = { 0 };

	console_init();
	check_cpu();
	check_ram();
	read_tables(magic, address);
	if (memory_at(&memory, loader.rsdp, RSDP_SIZE))
		memcpy(rsdp, memory_at(&memory, loader.rsdp, RSDP_SIZE), RSDP_SIZE);

	boot_begin(&boot);
	boot_check_modules(&boot);
	describe_machine(boot.info);
	if (loader.rsdp)
		boot.info->acpi_rsdp = keep_rsdp(boot.info, rsdp);

	uint64_t entry = boot_load_kernel(&boot);
	pte_t   *root  = paging_init(&boot);
	boot_load_core(&boot);
	boot_end(&boot);
	boot_enter(root, entry, boot.info);
}
