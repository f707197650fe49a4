/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A split virtqueue (VIRTIO 1.1, 2.6).
 */
#include <by/arch/barrier.h>
#include <by/assert.h>
#include <virtio/queue.h>

enum { NEXT = 1, WRITE = 2 };   /* flags of descriptors (2.6.5) */
enum { NO_NOTIFY = 1 };         /* flag of the used ring (2.6.10) */
enum { RING_INDEX = 2, RING = 4 }; /* offsets in both rings */
enum { DESCRIPTOR = 16, USED = 8 };


/*
 * Memory that the device reads and writes at any moment: each access happens once.
 */

static uint16_t load16(struct virtio_queue const *queue, size_t at)
{
	return *(uint16_t const volatile *)(void const *)((char const *)queue->memory + at);
}


static uint32_t load32(struct virtio_queue const *queue, size_t at)
{
	return *(uint32_t const volatile *)(void const *)((char const *)queue->memory + at);
}


static void store16(struct virtio_queue *queue, size_t at, uint16_t value)
{
	*(uint16_t volatile *)(void *)((char *)queue->memory + at) = value;
}


static void store32(struct virtio_queue *queue, size_t at, uint32_t value)
{
	*(uint32_t volatile *)(void *)((char *)queue->memory + at) = value;
}


/*
 * Layout
 */

static size_t available_at(uint16_t size)
{
	return (size_t)size * DESCRIPTOR;
}


static size_t used_at(uint16_t size)
{
	return (available_at(size) + RING + 2u * size + 2 + 3) & ~(size_t)3;
}


size_t virtio_queue_memory(uint16_t size)
{
	return used_at(size) + RING + (size_t)USED * size + 2;
}


uint16_t virtio_queue_size(uint16_t most)
{
	uint16_t size = VIRTIO_QUEUE_MAX;

	while (size > most)
		size /= 2;

	return size;
}


void virtio_queue_init(struct virtio_queue *queue, void *memory, struct virtio_chain *chain,
                       uint16_t size)
{
	*queue = (struct virtio_queue){
		.memory = memory, .chain = chain, .size = size, .free = size,
		.available_at = available_at(size), .used_at = used_at(size),
	};
	for (uint16_t i = 0; i < size; i++)
		chain[i] = (struct virtio_chain){ .next = (uint16_t)(i + 1) };
}


struct virtio_queue_place virtio_queue_place(struct virtio_queue const *queue, uint64_t dma)
{
	return (struct virtio_queue_place){
		.size = queue->size, .descriptors = dma, .available = dma + queue->available_at,
		.used = dma + queue->used_at,
	};
}


/*
 * Putting
 */

static void write_descriptor(struct virtio_queue *queue, uint16_t number,
                             struct virtio_part const *part, bool last)
{
	size_t const at = (size_t)number * DESCRIPTOR;

	store32(queue, at, (uint32_t)part->dma);
	store32(queue, at + 4, (uint32_t)(part->dma >> 32));
	store32(queue, at + 8, part->size);
	store16(queue, at + 12, (uint16_t)((part->writeable ? WRITE : 0) | (last ? 0 : NEXT)));
	store16(queue, at + 14, last ? 0 : queue->chain[number].next);
}


by_status_t virtio_queue_put(struct virtio_queue *queue, struct virtio_part const *parts,
                             unsigned count, uint16_t *head)
{
	uint16_t const first     = queue->free_first;
	uint16_t       number    = first, last = first;
	uint32_t       writeable = 0;

	if (queue->free < count)
		return BY_NO_SPACE;

	for (unsigned i = 0; i < count; i++) {
		write_descriptor(queue, number, &parts[i], i + 1 == count);
		writeable += parts[i].writeable ? parts[i].size : 0;
		last   = number;
		number = queue->chain[number].next;
	}
	queue->chain[first].parts     = (uint16_t)count;
	queue->chain[first].writeable = writeable;
	queue->free_first = queue->chain[last].next;
	queue->free       = (uint16_t)(queue->free - count);
	store16(queue, queue->available_at + RING + 2u * (queue->available & (queue->size - 1u)),
	        first);
	queue->available++;
	*head = first;

	return BY_OK;
}


/* The index behind what it announces (2.6.13.3), and before the look at the flag (2.6.13.4). */
bool virtio_queue_publish(struct virtio_queue *queue)
{
	if (queue->published == queue->available)
		return false;

	by_barrier_write();
	store16(queue, queue->available_at + RING_INDEX, queue->available);
	queue->published = queue->available;
	by_barrier();

	return !(load16(queue, queue->used_at) & NO_NOTIFY);
}


/*
 * Taking back
 */

static void free_chain(struct virtio_queue *queue, uint16_t head)
{
	uint16_t const parts = queue->chain[head].parts;
	uint16_t       last  = head;

	for (uint16_t i = 1; i < parts; i++)
		last = queue->chain[last].next;
	queue->chain[head].parts = 0;
	queue->chain[last].next  = queue->free_first;
	queue->free_first = head;
	queue->free = (uint16_t)(queue->free + parts);
}


by_status_t virtio_queue_take(struct virtio_queue *queue, uint16_t *head, uint32_t *written)
{
	uint16_t const index = load16(queue, queue->used_at + RING_INDEX);
	uint16_t const ready = (uint16_t)(index - queue->used);

	if (!ready)
		return BY_EMPTY;
	if (ready > (uint16_t)(queue->published - queue->used))
		return BY_MALFORMED;

	by_barrier_read(); /* the element behind the index */
	size_t const   at  = queue->used_at + RING + (size_t)USED * (queue->used & (queue->size - 1u));
	uint32_t const id  = load32(queue, at);
	uint32_t const len = load32(queue, at + 4);

	if (id >= queue->size || !queue->chain[id].parts || len > queue->chain[id].writeable)
		return BY_MALFORMED;

	queue->used++;
	*head    = (uint16_t)id;
	*written = len;
	free_chain(queue, *head);

	return BY_OK;
}
