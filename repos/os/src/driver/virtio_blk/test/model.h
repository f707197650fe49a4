/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtio disk for host tests, written after the specification and not after the driver. It
 * finds memory by addresses that are not the host's, and does nothing before it is told to.
 */
#ifndef MODEL_H
#define MODEL_H

#include <disk.h>

enum { MODEL_SECTORS = 64, MODEL_DATA = 16384, MODEL_QUEUE = 16 };

/** What the device is, set before it is used; and what it does. */
struct model {
	struct virtio virtio;
	uint64_t      offers;          /* features */
	uint64_t      accepted;
	uint8_t       status;
	bool          refuse_features; /* FEATURES_OK does not stay */
	bool          stuck;           /* a reset is not confirmed */
	uint64_t      capacity;        /* sectors */
	uint32_t      size_max, blk_size;
	uint32_t      discard, discard_segments;  /* at most in a request: sectors, segments */
	uint32_t      zeroes, zeroes_segments;
	unsigned      unstable;        /* times that the configuration changes while it is read */
	uint16_t      queue_max;
	struct virtio_queue_place place;
	uint16_t      seen, used;      /* requests taken, and given back */
	bool          no_notify;
	unsigned      notified, resets, flushes, discards;
	uint8_t       interrupt;
	uint8_t       disk[MODEL_SECTORS * 512];
};

extern struct model model;

/** Memory that the device can access: of the driver, and of data. */
extern char *model_memory, *model_data;

/** Where the data is for the device. */
enum { MODEL_DRIVER_DMA = 0x10000, MODEL_DATA_DMA = 0x4000000 };

/** A new device of MODEL_SECTORS, with flush; what it discards becomes 0xdd. */
void model_init(void);

/** Requests that the driver has shown and that are not taken yet. */
unsigned model_pending(void);

/** Take the next request: the number of its first descriptor. */
uint16_t model_next(void);

/** Do a request as it should be done; bytes that were written. Gives: its status. */
uint32_t model_serve(uint16_t head, uint8_t *status);

/** Write a status into its place. */
void model_status(uint16_t head, uint8_t status);

/** Give a request back, by writing this into the used ring. */
void model_give_back(uint32_t id, uint32_t written);

/** Do all there is as it should be done, in this order or backwards, and interrupt. */
void model_run(bool backwards);

/** Write the index of the used ring. */
void model_used_index(uint16_t index);

#endif
