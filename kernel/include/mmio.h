/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of devices in memory. The only place where 'volatile' stands.
 *
 *     enum { DEV_STATUS = 0x18, STATUS_READY = 1 << 4 };
 *
 *     if (mmio_read32(dev, DEV_STATUS) & STATUS_READY) ...
 */
#ifndef KERNEL_MMIO_H
#define KERNEL_MMIO_H

#include "types.h"

/** Where a device's registers are mapped; base 0: nowhere. */
struct mmio { word_t base; };

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
