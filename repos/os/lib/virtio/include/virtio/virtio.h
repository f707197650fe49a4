/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio devices, as the specification VIRTIO 1.1 has them; numbers in parentheses are its
 * sections. Modern devices only. The way to the registers is another file each: mmio.c
 * (4.2), pci.c (4.1).
 */
#ifndef VIRTIO_VIRTIO_H
#define VIRTIO_VIRTIO_H

#include <by/types.h>

struct virtio;

/** Device types (5). */
enum { VIRTIO_DEVICE_BLOCK = 2 };

/** Device status (2.1). */
enum {
	VIRTIO_ACKNOWLEDGE = 1, VIRTIO_DRIVER = 2, VIRTIO_DRIVER_OK = 4, VIRTIO_FEATURES_OK = 8,
	VIRTIO_NEEDS_RESET = 64, VIRTIO_FAILED = 128,
};

/** Why a device interrupts. */
enum { VIRTIO_INTERRUPT_QUEUE = 1, VIRTIO_INTERRUPT_CONFIG = 2 };

/** Features of all devices (6). */
enum { VIRTIO_F_VERSION_1 = 32 };

/** Where the parts of a queue are for the device. */
struct virtio_queue_place {
	uint16_t size;
	uint64_t descriptors, available, used;
};

/** A way to reach a device. All are called by one thread. */
struct virtio_transport {
	uint8_t  (*status)(struct virtio *virtio);
	void     (*set_status)(struct virtio *virtio, uint8_t status);
	uint64_t (*features)(struct virtio *virtio);
	void     (*set_features)(struct virtio *virtio, uint64_t features);
	uint16_t (*queue_max)(struct virtio *virtio, uint16_t queue); /* 0: there is none */
	void     (*queue_start)(struct virtio *virtio, uint16_t queue,
	                        struct virtio_queue_place const *place);
	void     (*notify)(struct virtio *virtio, uint16_t queue);
	uint8_t  (*interrupt)(struct virtio *virtio); /* why; it is quiet afterwards */
	uint32_t (*config)(struct virtio *virtio, unsigned offset); /* 32 bits of it */
	uint32_t (*generation)(struct virtio *virtio);
};

/** A device, embedded in what its transport needs. */
struct virtio {
	struct virtio_transport const *transport;
	uint64_t                       features; /* that both sides understand */
};

/**
 * Reset the device and agree on features: those of 'wanted' that it has. Afterwards its
 * queues are started, then virtio_go(). Errors: BY_NOT_SUPPORTED for a device that is not
 * modern or refuses, BY_IO_ERROR for one that cannot be reset.
 */
BY_MUST_USE by_status_t virtio_begin(struct virtio *virtio, uint64_t wanted);

/** Let the device work. */
void virtio_go(struct virtio *virtio);

/**
 * Reset the device: it accesses no memory any more. Errors: BY_IO_ERROR if it does not
 * confirm that.
 */
BY_MUST_USE by_status_t virtio_reset(struct virtio *virtio);

/** Whether both sides understand a feature. */
static inline bool virtio_has(struct virtio const *virtio, unsigned feature)
{
	return virtio->features >> feature & 1;
}

/** 64 bits of the device's configuration, read as one. Errors: BY_IO_ERROR. */
BY_MUST_USE by_status_t virtio_config64(struct virtio *virtio, unsigned offset,
                                        uint64_t *value);

#endif
