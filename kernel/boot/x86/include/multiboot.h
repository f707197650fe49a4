/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a loader tells by Multiboot, version 1 or 2.
 */
#ifndef BOOT_MULTIBOOT_H
#define BOOT_MULTIBOOT_H

#include "memory.h"
#include "regions.h"

/** Values in eax at the entry. */
enum { MULTIBOOT_1 = 0x2badb002, MULTIBOOT_2 = 0x36d76289 };

struct loader_info {
	struct regions ram;
	char           command_line[256];
	struct by_boot_framebuffer framebuffer;
	const char    *framebuffer_error; /* why it is not used, or NULL */
	uint64_t       rsdp;  /* ACPI's root pointer, 0: the loader does not know */
};

/** Read the information at 'address'. Returns what is wrong with it, or NULL. */
const char *multiboot_parse(struct memory const *memory, uint32_t magic, uint32_t address,
                            struct loader_info *info);

#endif
