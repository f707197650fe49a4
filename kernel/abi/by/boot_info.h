/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the bootstrap found and prepared: read by the kernel, then by core.
 *
 * All fields have the same layout on 32- and 64-bit machines; regions are
 * page-aligned physical memory.
 */
#ifndef BY_BOOT_INFO_H
#define BY_BOOT_INFO_H

#include <by/types.h>

enum {
	BY_BOOT_MAGIC    = 0x424e5942, /* "BYNB" */
	BY_BOOT_REGIONS  = 32,
	BY_BOOT_SEGMENTS = 6,
	BY_BOOT_CPUS     = 64,
	BY_BOOT_PLATFORM = 64,
};

struct by_boot_region { uint64_t base, size; };

/** A part of a loaded program. */
struct by_boot_segment {
	uint64_t address;    /* virtual */
	uint64_t base, size; /* physical, page-aligned */
	uint32_t attributes; /* BY_MAP_... */
	uint32_t reserved;
};

/** The boot framebuffer; width 0 if there is none. */
struct by_boot_framebuffer {
	uint64_t base;
	uint32_t width, height, pitch, bits; /* pixels, pixels, bytes, bits per pixel */
};

/** The device of the boot console. */
struct by_boot_console {
	uint64_t base, size; /* physical address, or I/O port */
	uint32_t port;       /* 1 if 'base' is an I/O port */
	uint32_t reserved;
};

struct by_boot_info {
	uint32_t magic;                     /* BY_BOOT_MAGIC */
	uint32_t size;                      /* of this struct */
	char     board[32];
	char     command_line[256];         /* terminated */

	uint32_t ram_count, free_count;
	struct by_boot_region ram[BY_BOOT_REGIONS];  /* all memory of the machine */
	struct by_boot_region free[BY_BOOT_REGIONS]; /* the part that nobody uses yet */

	struct by_boot_region zone;         /* physical memory that the kernel has mapped */
	struct by_boot_region kernel;       /* the kernel with its tables */
	struct by_boot_region modules;      /* module archive, see by/modules.h */
	struct by_boot_region log;          /* core's log, see by/log_ring.h */
	struct by_boot_region previous_log; /* text of the boot before; its size in bytes */

	struct by_boot_segment core[BY_BOOT_SEGMENTS]; /* core, loaded; unused: size 0 */
	uint64_t core_entry;

	uint64_t clock_frequency;           /* ticks per second */
	uint32_t cpu_count, boot_cpu;
	uint32_t cpu_id[BY_BOOT_CPUS];      /* of the hardware */

	struct by_boot_console     console;
	struct by_boot_framebuffer framebuffer;
	uint64_t acpi_rsdp;                 /* physical address, 0: none */
	struct by_boot_region device_tree;

	uint64_t platform[BY_BOOT_PLATFORM]; /* what the port's bootstrap tells its kernel */
};

_Static_assert(sizeof(struct by_boot_info) <= 4096, "one page");

#endif
