/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The model of a virtio disk.
 */
#include "model.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NEXT = 1, WRITE = 2 };

struct descriptor { uint64_t address; uint32_t size; uint16_t flags, next; };

struct model model;
char        *model_memory, *model_data;


static void die(char const *text)
{
	fprintf(stderr, "ERROR: model: %s\n", text);
	abort();
}


/* The host's memory behind an address: all of it must be in one of the two places. */
static char *at(uint64_t dma, uint64_t size)
{
	if (dma >= MODEL_DRIVER_DMA && dma + size <= MODEL_DRIVER_DMA + disk_memory())
		return model_memory + (dma - MODEL_DRIVER_DMA);
	if (dma >= MODEL_DATA_DMA && dma + size <= MODEL_DATA_DMA + MODEL_DATA)
		return model_data + (dma - MODEL_DATA_DMA);
	die("the driver names memory that is not its own");
	abort();
}


static uint16_t get16(uint64_t dma)
{
	uint16_t value;

	memcpy(&value, at(dma, 2), 2);

	return value;
}


static void put16(uint64_t dma, uint16_t value)
{
	memcpy(at(dma, 2), &value, 2);
}


static void put32(uint64_t dma, uint32_t value)
{
	memcpy(at(dma, 4), &value, 4);
}


static struct descriptor descriptor(uint16_t number)
{
	struct descriptor d;

	if (number >= model.place.size)
		die("a descriptor that does not exist");
	memcpy(&d, at(model.place.descriptors + 16u * number, 16), 16);

	return d;
}


/*
 * Registers
 */

static uint8_t status(struct virtio *virtio)
{
	(void)virtio;

	return model.status;
}


static void set_status(struct virtio *virtio, uint8_t value)
{
	(void)virtio;
	if (!value) {
		model.resets++;
		model.seen = model.used = 0;
		model.place = (struct virtio_queue_place){ .size = 0 };
		model.status = model.stuck ? VIRTIO_NEEDS_RESET : 0;
		return;
	}
	if (value & VIRTIO_FEATURES_OK && model.refuse_features)
		value &= (uint8_t)~VIRTIO_FEATURES_OK;
	if (value & VIRTIO_DRIVER_OK && !model.place.size)
		die("the driver begins without a queue");
	model.status = value;
}


static uint64_t features(struct virtio *virtio)
{
	(void)virtio;

	return model.offers;
}


static void set_features(struct virtio *virtio, uint64_t value)
{
	(void)virtio;
	if (value & ~model.offers)
		die("a feature that was not offered");
	model.accepted = value;
}


static uint16_t queue_max(struct virtio *virtio, uint16_t queue)
{
	(void)virtio;

	return queue ? 0 : model.queue_max;
}


static void queue_start(struct virtio *virtio, uint16_t queue,
                        struct virtio_queue_place const *place)
{
	(void)virtio, (void)queue;
	if (place->size > model.queue_max || place->size & (place->size - 1)
	    || place->descriptors % 16 || place->available % 2 || place->used % 4)
		die("a queue of a wrong shape");
	(void)at(place->descriptors, 16u * place->size);
	(void)at(place->available, 6 + 2u * place->size);
	(void)at(place->used, 6 + 8u * place->size);
	model.place = *place;
}


static void notify(struct virtio *virtio, uint16_t queue)
{
	(void)virtio, (void)queue;
	model.notified++;
}


static uint8_t interrupt(struct virtio *virtio)
{
	uint8_t const why = model.interrupt;

	(void)virtio;
	model.interrupt = 0;

	return why;
}


static uint32_t config(struct virtio *virtio, unsigned offset)
{
	(void)virtio;
	switch (offset) {
	case 0:  return (uint32_t)model.capacity;
	case 4:  return (uint32_t)(model.capacity >> 32);
	case 8:  return model.size_max;
	case 20: return model.blk_size;
	case 36: return model.discard;
	case 40: return model.discard_segments;
	case 48: return model.zeroes;
	case 52: return model.zeroes_segments;
	default: return 0xa5a5a5a5;
	}
}


static uint32_t generation(struct virtio *virtio)
{
	static uint32_t count;

	(void)virtio;
	if (model.unstable) {
		model.unstable--;
		count++;
	}

	return count;
}


void model_init(void)
{
	static struct virtio_transport const transport = {
		.status = status, .set_status = set_status, .features = features,
		.set_features = set_features, .queue_max = queue_max,
		.queue_start = queue_start, .notify = notify, .interrupt = interrupt,
		.config = config, .generation = generation,
	};

	free(model_memory);
	free(model_data);
	model_memory = calloc(1, disk_memory());
	model_data   = calloc(1, MODEL_DATA);
	model = (struct model){
		.virtio.transport = &transport, .queue_max = MODEL_QUEUE,
		.offers = (uint64_t)1 << VIRTIO_F_VERSION_1 | 1 << 9, .capacity = MODEL_SECTORS,
	};
	for (unsigned i = 0; i < sizeof(model.disk); i++)
		model.disk[i] = (uint8_t)(i / 512 * 7 + i);
}


/*
 * Requests
 */

unsigned model_pending(void)
{
	return (uint16_t)(get16(model.place.available + 2) - model.seen);
}


uint16_t model_next(void)
{
	return get16(model.place.available + 4 + 2u * (model.seen++ % model.place.size));
}


/* The last descriptor of a chain, which is the status. */
static struct descriptor last_of(uint16_t head)
{
	struct descriptor d = descriptor(head);

	for (unsigned i = 0; d.flags & NEXT; i++) {
		if (i == 4)
			die("a chain that is too long");
		d = descriptor(d.next);
	}
	if (d.size != 1 || !(d.flags & WRITE))
		die("a request without a place for its status");

	return d;
}


void model_status(uint16_t head, uint8_t value)
{
	*at(last_of(head).address, 1) = (char)value;
}


/* Sectors that change without data (5.2.6): one segment, without flags. */
static void change(struct descriptor data, bool discard, uint8_t *result)
{
	struct { uint64_t sector; uint32_t sectors, flags; } segment;
	uint64_t const feature = (uint64_t)1 << (discard ? 13 : 14);

	if (!(model.accepted & feature))
		die("a request that was not agreed on");
	if (data.size != 16 || data.flags != NEXT)
		die("a segment of a wrong shape");
	memcpy(&segment, at(data.address, 16), 16);
	if (segment.flags || !segment.sectors
	    || segment.sectors > (discard ? model.discard : model.zeroes))
		die("a segment that was not agreed on");
	if (segment.sector > MODEL_SECTORS || segment.sectors > MODEL_SECTORS - segment.sector) {
		*result = 1;
		return;
	}
	memset(model.disk + segment.sector * 512, discard ? 0xdd : 0, segment.sectors * 512);
	model.discards += discard;
}


uint32_t model_serve(uint16_t head, uint8_t *result)
{
	struct descriptor const header = descriptor(head);
	struct descriptor const data   = descriptor(header.next);
	struct { uint32_t type, reserved; uint64_t sector; } request;

	if (header.size != 16 || header.flags != NEXT)
		die("a header of a wrong shape");
	memcpy(&request, at(header.address, 16), 16);
	(void)last_of(head);
	*result = 0;
	if (request.type == 4) {
		model.flushes++;
		return 1;
	}
	if (request.type == 11 || request.type == 13) {
		if (request.sector)
			die("a header with a sector that does not count");
		change(data, request.type == 11, result);
		return 1;
	}
	if (request.type > 1 || !(data.flags & WRITE) != (request.type == 1))
		die("a request of a wrong shape");
	if (data.size % 512 || request.sector > MODEL_SECTORS
	    || data.size / 512 > MODEL_SECTORS - request.sector) {
		*result = 1;
		return 1;
	}
	if (request.type == 1) {
		memcpy(model.disk + request.sector * 512, at(data.address, data.size), data.size);
		return 1;
	}
	memcpy(at(data.address, data.size), model.disk + request.sector * 512, data.size);

	return 1 + data.size;
}


void model_used_index(uint16_t index)
{
	model.used = index;
	put16(model.place.used + 2, index);
}


void model_give_back(uint32_t id, uint32_t written)
{
	uint64_t const element = model.place.used + 4 + 8u * (model.used % model.place.size);

	put32(element, id);
	put32(element + 4, written);
	model_used_index((uint16_t)(model.used + 1));
}


void model_run(bool backwards)
{
	uint16_t head[256];
	unsigned count = 0;

	while (model_pending())
		head[count++] = model_next();
	for (unsigned i = 0; i < count; i++) {
		uint16_t const which = head[backwards ? count - 1 - i : i];
		uint8_t        result;
		uint32_t const written = model_serve(which, &result);

		model_status(which, result);
		model_give_back(which, written);
	}
	put16(model.place.used, model.no_notify);
	if (count)
		model.interrupt = VIRTIO_INTERRUPT_QUEUE;
}
