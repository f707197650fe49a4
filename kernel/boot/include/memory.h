/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading what firmware and loaders left in memory, with bounds: a window from
 * address 0 on. Tests put a buffer behind it.
 */
#ifndef BOOT_MEMORY_H
#define BOOT_MEMORY_H

#include <stddef.h>
#include <stdint.h>

struct memory {
	uintptr_t base;  /* where address 0 is */
	uint64_t  size;
};

/** 'size' bytes at 'address', NULL if not all of them are in the window. */
static inline uint8_t const *memory_at(struct memory const *memory, uint64_t address,
                                       uint64_t size)
{
	if (size > memory->size || address > memory->size - size)
		return NULL;

	return (uint8_t const *)(memory->base + (uintptr_t)address);
}


/** Little-endian number of 2, 4 or 8 bytes, at any alignment. */
static inline uint16_t read16(uint8_t const *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}


static inline uint32_t read32(uint8_t const *at)
{
	return read16(at) | (uint32_t)read16(at + 2) << 16;
}


static inline uint64_t read64(uint8_t const *at)
{
	return read32(at) | (uint64_t)read32(at + 4) << 32;
}

#endif
