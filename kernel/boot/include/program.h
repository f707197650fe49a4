/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the image carries: ELF programs (kernel, core) and an archive of modules.
 *
 * Both are checked before use, whatever happened to them on the way. A mistake
 * is described by a text, which is NULL if there is none.
 */
#ifndef BOOT_PROGRAM_H
#define BOOT_PROGRAM_H

#include <by/abi.h>
#include <by/boot_info.h>
#include <by/modules.h>

/** A segment to load; no two share a page. */
struct program_segment {
	uint64_t address;    /* in memory, virtual */
	uint64_t memory;     /* bytes in memory; those beyond 'file' are zero */
	uint64_t offset;     /* in the ELF file */
	uint64_t file;       /* bytes in the ELF file */
	uint32_t attributes; /* BY_MAP_... */
};

struct program {
	uint64_t entry;
	unsigned count;
	struct program_segment segment[BY_BOOT_SEGMENTS]; /* ascending */
};

/** Read the ELF executable of 'size' bytes at 'image' for a machine: BY_ELF_NATIVE. */
const char *program_parse(void const *image, uint64_t size, unsigned machine,
                          struct program *program);

/**
 * Check the archive of 'size' bytes, which is aligned to 8. If a module is wrong,
 * its name is put into 'name', which else is empty.
 */
const char *modules_check(void const *archive, uint64_t size, char name[BY_MODULES_NAME]);

#endif
