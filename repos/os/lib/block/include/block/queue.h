/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The client's end of a session's rings: requests with their answers, in any order.
 *
 * It makes no kernel calls. The server is believed nothing but the data; one that talks
 * nonsense is given up: all that is under way comes back with BY_MALFORMED.
 */
#ifndef BLOCK_QUEUE_H
#define BLOCK_QUEUE_H

#include <block/protocol.h>

/** A request of the client's; its own storage until it has come back. */
struct block_io {
	enum block_op op;
	uint64_t      block;
	uint32_t      count;
	uint32_t      offset; /* of the data, if any is moved */
	by_status_t   status; /* when it has come back */
};

/** The client's end. */
struct block_queue {
	struct by_ring_producer requests;
	struct by_ring_consumer replies;
	uint32_t                depth;
	uint32_t                under_way;
	by_status_t             failed;  /* BY_OK, or what is answered instead of the server */
	struct block_io       **io;      /* by tag, NULL: the tag is free */
	uint16_t               *tags;    /* free ones, from 'under_way' on */
};

/** Bytes of 'store' for block_queue_init(). */
size_t block_queue_store(uint32_t depth);

/**
 * Take the client's end of the memory that a session has given. Keeps: memory; store, of
 * block_queue_store() bytes. Errors: BY_INVALID.
 */
BY_MUST_USE by_status_t block_queue_init(struct block_queue *queue, void *memory,
                                         uint32_t depth, uint64_t buffer, void *store);

/**
 * Put a request, which the server will not see before block_queue_commit(). Keeps: io, until
 * block_queue_take() gives it. Errors: BY_NO_SPACE if 'depth' are under way; or why the
 * server was given up.
 */
BY_MUST_USE by_status_t block_queue_put(struct block_queue *queue, struct block_io *io);

/** Take a request that has come back. Gives: io. Errors: BY_EMPTY. */
BY_MUST_USE by_status_t block_queue_take(struct block_queue *queue, struct block_io **io);

/** Let the server see what was put; true: it is to be signalled. */
BY_MUST_USE bool block_queue_commit(struct block_queue *queue);

/**
 * After block_queue_commit(): whether nothing has come back. BY_EMPTY: the server will
 * signal. BY_OK: something is there, or nothing is under way at all.
 */
BY_MUST_USE by_status_t block_queue_sleep(struct block_queue *queue);

/** Give up the server: all that is under way comes back with 'status'. */
void block_queue_fail(struct block_queue *queue, by_status_t status);

#endif
