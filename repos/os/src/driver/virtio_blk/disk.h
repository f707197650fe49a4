/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtio disk (VIRTIO 1.2, 5.2): requests to the device and back, many at a time.
 *
 * What the device returns is checked. One that breaks a rule is reset and not used any
 * more: what is under way ends with BY_IO_ERROR, and what comes later with BY_GONE.
 */
#ifndef VIRTIO_BLK_DISK_H
#define VIRTIO_BLK_DISK_H

#include <virtio/queue.h>

enum disk_op { DISK_READ, DISK_WRITE, DISK_FLUSH, DISK_DISCARD, DISK_ZEROES };

/** A request. */
struct disk_request {
	enum disk_op op;
	uint64_t     block;
	uint32_t     count;
	uint64_t     dma;   /* of the data, if any is moved */
	void        *owner; /* for whoever is told */
	uint32_t     tag;
};

/** A request under way, by the first descriptor of its buffer. */
struct disk_job {
	void    *owner;
	uint32_t tag;
	uint32_t bytes; /* that the device has to write, with the status */
	bool     live;
};

struct disk {
	struct virtio      *virtio;
	struct virtio_queue queue;
	char               *memory;  /* of the queue, and behind it of headers */
	uint64_t            dma;     /* of the same */
	size_t              headers, results; /* where they begin */
	uint64_t            count;   /* blocks */
	uint32_t            block_size;
	unsigned            sectors; /* of a block, their logarithm */
	uint32_t            most;    /* blocks of a request that moves data, */
	uint32_t            most_discard, most_zeroes; /* and of others; 0: it cannot */
	bool                writeable, flush;
	bool                failed;
	uint32_t            under_way;
	uint32_t            ended;   /* requests so far, which shows whether the device works */

	/* A request has ended: BY_OK, BY_IO_ERROR, BY_NOT_SUPPORTED, BY_GONE. */
	void (*done)(struct disk *disk, void *owner, uint32_t tag, by_status_t status);

	/* The device is not used any more: why. */
	void (*stopped)(struct disk *disk, char const *why);

	struct virtio_chain chain[VIRTIO_QUEUE_MAX];
	struct disk_job     job[VIRTIO_QUEUE_MAX];
};

/** Bytes of memory that a disk takes for itself. */
size_t disk_memory(void);

/**
 * Begin with a device. 'disk' has 'virtio', 'memory' (zeroed, for devices at 'dma'),
 * 'done' and 'stopped' set, all else zero. Errors: those of virtio_begin(); BY_NOT_SUPPORTED
 * for a disk that cannot be used.
 */
BY_MUST_USE by_status_t disk_init(struct disk *disk);

/** Whether there is room for another request. */
bool disk_room(struct disk const *disk);

/** Begin a request within the disk, for which there is room. It may end at once. */
void disk_begin(struct disk *disk, struct disk_request const *request);

/** Tell the device of what was begun. */
void disk_push(struct disk *disk);

/** The device has interrupted: end what it has done. */
void disk_interrupt(struct disk *disk);

/** Give up the device. */
void disk_stop(struct disk *disk, char const *why);

#endif
