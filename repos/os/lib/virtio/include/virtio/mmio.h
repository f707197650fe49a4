/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio devices whose registers are in memory (VIRTIO 1.1, 4.2).
 */
#ifndef VIRTIO_MMIO_H
#define VIRTIO_MMIO_H

#include <by/attached.h>
#include <virtio/virtio.h>

enum { VIRTIO_MMIO_SIZE = 0x200 }; /* bytes of registers */

struct virtio_mmio {
	struct virtio      virtio;
	struct by_attached window;
};

/**
 * Open the registers at a physical address. Gives: mmio. Errors: those of
 * by_attached_io_mem_init(); BY_NOT_FOUND if there is no device of this type, or none of
 * version 2 (4.2.2).
 */
BY_MUST_USE by_status_t virtio_mmio_init(struct by_env *env, struct virtio_mmio *mmio,
                                         uint64_t base, uint32_t type);

/** Close them, be they open or not. The device is to be reset before. Takes: mmio. */
void virtio_mmio_fini(struct by_env *env, struct virtio_mmio *mmio);

#endif
