/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bootstrap: from the loader's hands to the kernel's entry.
 *
 * A port's bootstrap finds out about the machine and calls, in this order,
 * boot_begin(), boot_check_modules(), boot_load_kernel(), boot_kernel_alloc() for
 * page tables and boot_load_core(), then fills 'info' and calls boot_end(). It runs
 * with memory at its physical addresses.
 *
 * The kernel's region is one piece that grows upwards:
 *
 *     | info | kernel's segments | tables ... -> |        free
 */
#ifndef BOOT_H
#define BOOT_H

#include "program.h"
#include "regions.h"

struct boot {
	struct regions       ram;        /* all memory of the machine */
	struct regions       free;       /* what is still to be had */
	uint64_t             limit;      /* the bootstrap can access memory below */
	struct by_boot_info *info;       /* what kernel and core are told */
	struct by_boot_segment kernel[BY_BOOT_SEGMENTS]; /* the kernel, loaded */
};

/** Print one line that says why this machine or image cannot be started, and stop. */
void boot_fail(const char *format, ...)
	__attribute__((noreturn, cold, format(printf, 1, 2)));

/**
 * Choose the places of the log and of the kernel's region; 'ram', 'free' and 'limit' are set.
 */
void boot_begin(struct boot *boot);

/** Check the archive of modules that the image carries. */
void boot_check_modules(struct boot *boot);

/** Extend the kernel's region by whole pages; they are zero. */
void *boot_kernel_alloc(struct boot *boot, uint64_t size);

/** Load the kernel into its region; returns its entry. */
uint64_t boot_load_kernel(struct boot *boot);

/**
 * Take what the loaded kernel executes, and its constants, out of memory that is to be
 * mapped writeable.
 */
void boot_protect_kernel(struct boot const *boot, struct regions *memory);

/** Load core into free memory. */
void boot_load_core(struct boot *boot);

/**
 * Keep the text of the last log, if there is one, and write down what memory there is;
 * nothing may be allocated after this.
 */
void boot_end(struct boot *boot);

#endif
