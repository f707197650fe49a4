/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A split virtqueue (VIRTIO 1.1, 2.6), the driver's side.
 *
 *     | descriptors 16 n | available 6 + 2 n | pad to 4 | used 6 + 8 n |
 *
 * Buffers are chains of descriptors, named by the number of the first one. The device can
 * write to all of this memory: nothing is read back but the used ring, and that is checked.
 * A device that breaks a rule answers BY_MALFORMED and is to be reset.
 */
#ifndef VIRTIO_QUEUE_H
#define VIRTIO_QUEUE_H

#include <by/alloc.h>
#include <virtio/virtio.h>

enum { VIRTIO_QUEUE_MAX = 256 }; /* descriptors, a power of two */

/** A part of a buffer. */
struct virtio_part {
	uint64_t dma;
	uint32_t size;
	bool     writeable; /* by the device; these come last */
};

/** What the driver knows of a descriptor; private to it. */
struct virtio_chain {
	uint32_t writeable; /* of the first one: bytes that the device may write */
	uint16_t next;      /* within a chain, and of the free ones */
	uint16_t parts;     /* of the first one: how many; 0: it is the first of none */
};

struct virtio_queue {
	void                *memory;
	struct virtio_chain *chain;
	uint16_t             size;
	uint16_t             free, free_first;
	uint16_t             available;  /* index of what was put, */
	uint16_t             published;  /* as the device sees it, */
	uint16_t             used;       /* and of what was taken back */
	size_t               available_at, used_at;
};

/** Bytes of memory that a queue takes. */
size_t virtio_queue_memory(uint16_t size);

/** Largest size of a queue for a device that allows 'most'; 0: none is possible. */
uint16_t virtio_queue_size(uint16_t most);

/**
 * Make an empty queue in zeroed memory of virtio_queue_memory() bytes, aligned to 16,
 * with 'chain' of as many elements as 'size'. Keeps: memory, chain.
 */
void virtio_queue_init(struct virtio_queue *queue, void *memory, struct virtio_chain *chain,
                       uint16_t size);

/** Where the parts are for the device, if the memory is at 'dma'. */
struct virtio_queue_place virtio_queue_place(struct virtio_queue const *queue, uint64_t dma);

/**
 * Put a buffer of 'count' parts, at least one, which the device does not see before
 * virtio_queue_publish(). Errors: BY_NO_SPACE.
 */
BY_MUST_USE by_status_t virtio_queue_put(struct virtio_queue *queue,
                                         struct virtio_part const *parts, unsigned count,
                                         uint16_t *head);

/** Number that the next buffer will get, if there is space. */
static inline uint16_t virtio_queue_next(struct virtio_queue const *queue)
{
	return queue->free_first;
}

/** Show what was put; true: the device wants to be notified (2.6.10). */
BY_MUST_USE bool virtio_queue_publish(struct virtio_queue *queue);

/**
 * Take a buffer back: which one, and how many bytes the device has written to it, at most
 * what it was allowed to. Errors: BY_EMPTY, BY_MALFORMED.
 */
BY_MUST_USE by_status_t virtio_queue_take(struct virtio_queue *queue, uint16_t *head,
                                          uint32_t *written);

#endif
