/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of devices in memory: each access is done once, as wide as it says, and in
 * the order of the program with regard to other registers. Order with regard to memory:
 * by/arch/barrier.h.
 */
#ifndef IO_MMIO_H
#define IO_MMIO_H

#include <by/types.h>

/** Read the register at an offset, which is a multiple of its width. */
static inline uint8_t mmio_read8(void const *window, size_t offset)
{
	return *(uint8_t const volatile *)((char const *)window + offset);
}

/** As mmio_read8(). */
static inline uint16_t mmio_read16(void const *window, size_t offset)
{
	return *(uint16_t const volatile *)(void const *)((char const *)window + offset);
}

/** As mmio_read8(). */
static inline uint32_t mmio_read32(void const *window, size_t offset)
{
	return *(uint32_t const volatile *)(void const *)((char const *)window + offset);
}

/** Write the register at an offset. */
static inline void mmio_write8(void *window, size_t offset, uint8_t value)
{
	*(uint8_t volatile *)((char *)window + offset) = value;
}

/** As mmio_write8(). */
static inline void mmio_write16(void *window, size_t offset, uint16_t value)
{
	*(uint16_t volatile *)(void *)((char *)window + offset) = value;
}

/** As mmio_write8(). */
static inline void mmio_write32(void *window, size_t offset, uint32_t value)
{
	*(uint32_t volatile *)(void *)((char *)window + offset) = value;
}

#endif
