/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of the bootstrap that is the same everywhere.
 */
#include "boot.h"
#include "last_log.h"
#include "print.h"
#include <by/arch/kernel.h>
#include <arch/machine.h>

#define LOG_LIMIT   ((uint64_t)32 << 20)
#define KERNEL_ROOM ((uint64_t)16 << 20)

/* The image, and what it carries behind the bootstrap; see tool/image/image.S. */
extern char const image_start[], image_end[];
extern char const image_kernel[], image_kernel_end[];
extern char const image_core[], image_core_end[];
extern char const image_modules[], image_modules_end[];
extern uint64_t const image_kernel_sum, image_core_sum;


void boot_fail(const char *format, ...)
{
	va_list args;

	print("boot: ");
	va_start(args, format);
	vprint(format, args);
	va_end(args);
	print("\n");
	machine_halt();
}


/** A loader that does not look can have put the image where there is no RAM. */
static void check_place(struct regions ram)
{
	uint64_t first = page_down((uintptr_t)image_start);
	uint64_t end   = page_up((uintptr_t)image_end);

	if (!regions_take(&ram, first, end - first))
		boot_fail("too little RAM: the image reaches up to %llu KiB",
		          (unsigned long long)end / 1024);
}


/**
 * Where the log stands depends on nothing but the memory map, so that the next boot finds
 * it: as high as possible, but below what firmware and loaders use at the end of RAM.
 */
static struct by_boot_region choose_log(struct boot *boot)
{
	uint64_t const limit = boot->ram.region[0].base + LOG_LIMIT;

	for (uint32_t i = boot->free.count; i--; ) {
		struct by_boot_region const r = boot->free.region[i];
		uint64_t const end = r.base + r.size < limit ? r.base + r.size : limit;
		if (end >= r.base + sizeof(struct by_log_ring) && end <= boot->limit) {
			struct by_boot_region log = { end - sizeof(struct by_log_ring), sizeof(struct by_log_ring) };
			regions_remove(&boot->free, log.base, log.size);
			return log;
		}
	}
	boot_fail("too little RAM for the log: %u KiB more are needed",
	          (unsigned)(sizeof(struct by_log_ring) / 1024));
}


void boot_begin(struct boot *boot)
{
	check_place(boot->ram);
	regions_remove(&boot->free, (uintptr_t)image_start, (uint64_t)(image_end - image_start));

	struct by_boot_region log    = choose_log(boot);
	/* near the image, where tables are shared, if there is room for any machine's tables */
	struct by_boot_region region = regions_largest(&boot->free, log.base);
	if (region.size < KERNEL_ROOM)
		region = regions_largest(&boot->free, boot->limit);
	struct by_boot_info  *info   = (void *)(uintptr_t)region.base;

	if (region.size < BOOT_PAGE)
		boot_fail("there is no free RAM for the kernel");

	boot->info = info;
	memset(info, 0, BOOT_PAGE);
	info->magic  = BY_BOOT_MAGIC;
	info->size   = sizeof(*info);
	info->log    = log;
	info->kernel = (struct by_boot_region) { region.base, BOOT_PAGE };
	regions_remove(&boot->free, region.base, BOOT_PAGE);
}


void *boot_kernel_alloc(struct boot *boot, uint64_t size)
{
	struct by_boot_region *kernel = &boot->info->kernel;
	uint64_t               base   = kernel->base + kernel->size;

	size = page_up(size);
	if (base + size > boot->limit || !regions_take(&boot->free, base, size))
		boot_fail("too little RAM for the kernel: %u KiB more are needed",
		          (unsigned)(size / 1024));

	kernel->size += size;

	return memset((void *)(uintptr_t)base, 0, (size_t)size);
}


/** Copy a segment to pages at 'base', which are zero. */
static struct by_boot_segment place(char const *image, struct program_segment const *segment,
                                    uint64_t base)
{
	uint64_t first = page_down(segment->address);

	memcpy((void *)(uintptr_t)(base + segment->address - first), image + segment->offset,
	       (size_t)segment->file);

	return (struct by_boot_segment) {
		.address = first, .base = base,
		.size = page_up(segment->address + segment->memory) - first,
		.attributes = segment->attributes,
	};
}


static uint64_t pages_of(struct program_segment const *segment)
{
	return page_up(segment->address + segment->memory) - page_down(segment->address);
}


/** A program that the image carries. */
struct file {
	const char *name;
	char const *image, *end;
	uint64_t    checksum;
};


static void parse(struct file const *file, struct program *program)
{
	size_t      size  = (size_t)(file->end - file->image);
	const char *error = program_parse(file->image, size, BY_ELF_NATIVE, program);

	if (!error && by_modules_checksum(file->image, size) != file->checksum)
		error = "it is damaged";
	if (error)
		boot_fail("the image's %s cannot be used: %s", file->name, error);
}


uint64_t boot_load_kernel(struct boot *boot)
{
	struct program    program;
	struct file const file = { "kernel", image_kernel, image_kernel_end, image_kernel_sum };

	parse(&file, &program);
	for (unsigned i = 0; i < program.count; i++) {
		struct program_segment const *segment = &program.segment[i];
		void *to = boot_kernel_alloc(boot, pages_of(segment));
		boot->kernel[i] = place(image_kernel, segment, (uintptr_t)to);
	}

	return program.entry;
}


void boot_protect_kernel(struct boot const *boot, struct regions *memory)
{
	for (unsigned i = 0; i < BY_BOOT_SEGMENTS; i++)
		if (!(boot->kernel[i].attributes & BY_MAP_WRITE))
			regions_remove(memory, boot->kernel[i].base, boot->kernel[i].size);
}


void boot_load_core(struct boot *boot)
{
	struct program    program;
	struct file const file = { "core", image_core, image_core_end, image_core_sum };

	parse(&file, &program);
	for (unsigned i = 0; i < program.count; i++) {
		struct program_segment const *segment = &program.segment[i];
		uint64_t size = pages_of(segment);
		uint64_t base = regions_alloc(&boot->free, size, boot->limit);

		if (segment->address < BY_USER_FIRST
		    || segment->address + segment->memory > BY_USER_LAST)
			boot_fail("the image's core cannot be used: it is in the kernel's half");
		if (!base)
			boot_fail("too little RAM for core: %u KiB more are needed",
			          (unsigned)(size / 1024));
		memset((void *)(uintptr_t)base, 0, (size_t)size);
		boot->info->core[i] = place(image_core, segment, base);
	}
	boot->info->core_entry = program.entry;
}


void boot_check_modules(struct boot *boot)
{
	uint64_t    size = (uint64_t)(image_modules_end - image_modules);
	char        name[BY_MODULES_NAME];
	const char *error = modules_check(image_modules, size, name);

	if (error && name[0])
		boot_fail("boot module '%s' cannot be used: %s", name, error);
	if (error)
		boot_fail("the archive of boot modules cannot be used: %s", error);

	boot->info->modules = (struct by_boot_region) { (uintptr_t)image_modules, page_up(size) };
}


/** Core begins its own log in the same place. Without RAM for a copy there is none. */
static void keep_last_log(struct boot *boot)
{
	struct by_boot_info      *info = boot->info;
	struct by_log_ring const *ring = (void const *)(uintptr_t)info->log.base;
	uint64_t const            size = last_log_size(ring);
	uint64_t const            base = regions_alloc(&boot->free, page_up(size), boot->limit);

	if (!base)
		return;

	last_log_copy(ring, memset((void *)(uintptr_t)base, 0, (size_t)page_up(size)));
	info->previous_log = (struct by_boot_region) { base, size };
}


/*
 * The bootstrap itself, and the files that were loaded, are not needed any more: the
 * kernel takes over before anybody uses what they leave behind.
 */
void boot_end(struct boot *boot)
{
	struct by_boot_info *info = boot->info;

	keep_last_log(boot);
	regions_add(&boot->free, (uintptr_t)image_start, (uint64_t)(image_end - image_start));
	regions_remove(&boot->free, info->modules.base, info->modules.size);

	info->ram_count  = boot->ram.count;
	info->free_count = boot->free.count;
	memcpy(info->ram, boot->ram.region, sizeof(info->ram));
	memcpy(info->free, boot->free.region, sizeof(info->free));
}
