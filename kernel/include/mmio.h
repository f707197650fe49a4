/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of devices in memory. The only place where 'volatile' stands.
 *
 *     enum { DEV_STATUS = 0x18 };
 *     #define DEV_STATUS_LEVEL FIELD(4, 3)
 *
 *     level = field_get(DEV_STATUS_LEVEL, mmio_read32(dev, DEV_STATUS));
 */
#ifndef KERNEL_MMIO_H
#define KERNEL_MMIO_H

#include "types.h"

/** Where a device's registers are mapped; base 0: nowhere. */
struct mmio { word_t base; };

/** Bits of a register. */
struct field { unsigned shift, width; };

#define FIELD(shift, width) ((struct field){ shift, width })

static inline uint32_t field_get(struct field field, uint32_t value)
{
	return value >> field.shift & ((1u << field.width) - 1);
}


static inline struct mmio mmio_at(void *registers)
{
	return (struct mmio){ (word_t)registers };
}


static inline uint32_t mmio_read32(struct mmio dev, word_t offset)
{
	return *(uint32_t volatile *)(dev.base + offset);
}


static inline void mmio_write32(struct mmio dev, word_t offset, uint32_t value)
{
	*(uint32_t volatile *)(dev.base + offset) = value;
}


static inline uint8_t mmio_read8(struct mmio dev, word_t offset)
{
	return *(uint8_t volatile *)(dev.base + offset);
}


static inline void mmio_write8(struct mmio dev, word_t offset, uint8_t value)
{
	*(uint8_t volatile *)(dev.base + offset) = value;
}

#endif
