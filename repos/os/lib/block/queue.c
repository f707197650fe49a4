/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client's end of a session's rings.
 */
#include <block/queue.h>

enum { STATUS_MAX = 63 }; /* see by/status.h */


size_t block_queue_store(uint32_t depth)
{
	return depth * (sizeof(struct block_io *) + sizeof(uint16_t));
}


by_status_t block_queue_init(struct block_queue *queue, void *memory, uint32_t depth,
                             uint64_t buffer, void *store)
{
	struct block_layout layout;
	by_status_t         status = block_layout(depth, buffer, &layout);

	if (status != BY_OK)
		return status;

	*queue = (struct block_queue){ .depth = depth, .io = store };
	queue->tags = (uint16_t *)(void *)(queue->io + depth);
	for (uint32_t i = 0; i < depth; i++) {
		queue->io[i]   = NULL;
		queue->tags[i] = (uint16_t)i;
	}
	status = by_ring_producer_init(&queue->requests, (char *)memory + layout.requests, depth,
	                               sizeof(struct block_request));
	if (status == BY_OK)
		status = by_ring_consumer_init(&queue->replies, (char *)memory + layout.replies,
		                               depth, sizeof(struct block_reply));

	return status;
}


void block_queue_fail(struct block_queue *queue, by_status_t status)
{
	if (queue->failed == BY_OK)
		queue->failed = status;
}


by_status_t block_queue_put(struct block_queue *queue, struct block_io *io)
{
	if (queue->failed != BY_OK)
		return queue->failed;
	if (queue->under_way == queue->depth)
		return BY_NO_SPACE;

	uint32_t const             tag     = queue->tags[queue->under_way];
	struct block_request const request = {
		.block = io->block, .count = io->count, .offset = io->offset, .tag = tag,
		.op = io->op,
	};

	/* whose answer has come has its place in the ring back: there is room */
	if (by_ring_put(&queue->requests, &request) != BY_OK) {
		block_queue_fail(queue, BY_MALFORMED);
		return queue->failed;
	}
	queue->under_way++;
	queue->io[tag] = io;

	return BY_OK;
}


/* The request of this tag has come back. */
static struct block_io *finish(struct block_queue *queue, uint32_t tag, by_status_t status)
{
	struct block_io *const io = queue->io[tag];

	io->status = status;
	queue->io[tag] = NULL;
	queue->tags[--queue->under_way] = (uint16_t)tag;

	return io;
}


/* Of a server that was given up: what is under way, one after the other. */
static by_status_t take_failed(struct block_queue *queue, struct block_io **io)
{
	if (!queue->under_way)
		return BY_EMPTY;

	uint32_t tag = 0;

	while (!queue->io[tag])
		tag++;
	*io = finish(queue, tag, queue->failed);

	return BY_OK;
}


by_status_t block_queue_take(struct block_queue *queue, struct block_io **io)
{
	struct block_reply reply;

	if (queue->failed != BY_OK)
		return take_failed(queue, io);

	by_status_t const status = by_ring_get(&queue->replies, &reply);

	if (status == BY_EMPTY)
		return status;

	if (status != BY_OK || reply.tag >= queue->depth || !queue->io[reply.tag]
	    || reply.status > STATUS_MAX) {
		block_queue_fail(queue, BY_MALFORMED);
		return take_failed(queue, io);
	}
	*io = finish(queue, reply.tag, BY_STATUS(reply.status));

	return BY_OK;
}


/* The memory of a server that has died may be gone, too. */
bool block_queue_commit(struct block_queue *queue)
{
	if (queue->failed != BY_OK)
		return false;

	bool const replies  = by_ring_release(&queue->replies);
	bool const requests = by_ring_publish(&queue->requests);

	return replies || requests;
}


by_status_t block_queue_sleep(struct block_queue *queue)
{
	if (queue->failed != BY_OK || !queue->under_way)
		return BY_OK;

	by_status_t const status = by_ring_await_data(&queue->replies);

	if (status == BY_MALFORMED)
		block_queue_fail(queue, status);

	return status == BY_EMPTY ? status : BY_OK;
}
