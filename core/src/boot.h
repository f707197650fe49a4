/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the bootstrap told, and memory before there is an allocator.
 */
#ifndef CORE_BOOT_H
#define CORE_BOOT_H

#include <by/boot_info.h>
#include <by/types.h>

/** Note what the kernel handed on. */
void boot_init(void);

/** The same; its free regions shrink by what boot_alloc() takes. */
struct by_boot_info const *boot_info(void);

/** Bytes of RAM that the machine has. */
uint64_t boot_ram(void);

/** Zeroed memory off the largest free region in the kernel's zone, mapped; core stops without. */
void *boot_alloc(size_t size);

#endif
