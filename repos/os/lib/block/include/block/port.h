/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The server's end of one session's rings: checks what comes in, and sends answers.
 *
 * It makes no kernel calls and trusts nothing in the shared memory. A port is asked for
 * work until it has none, then told to sleep:
 *
 *     while ((status = block_port_take(port, &job)) == BY_OK || status == BY_INVALID)
 *             if (status == BY_OK)
 *                     begin the job;
 *     if (block_port_commit(port))
 *             signal the client;
 *     status = block_port_sleep(port);   -> BY_OK: look again
 */
#ifndef BLOCK_PORT_H
#define BLOCK_PORT_H

#include <block/protocol.h>

/** What of a disk a session shows. */
struct block_view {
	uint64_t first, count;  /* in blocks */
	uint32_t block_size;    /* bytes, a power of two */
	uint32_t most;          /* blocks of one request that moves data, */
	uint32_t most_discard;  /* or discards; 0: the disk cannot, */
	uint32_t most_zeroes;   /* or writes zeroes; likewise */
	bool     writeable;
};

/** A request that was checked. */
struct block_job {
	enum block_op op;
	uint32_t      tag;
	uint64_t      block;  /* on the disk */
	uint32_t      count;  /* 0: of a flush */
	uint32_t      offset; /* of the data; all of it lies in the session's. 0: there is none */
};

/** The server's end; private to it. */
struct block_port {
	struct by_ring_consumer requests;
	struct by_ring_producer replies;
	struct block_view       view;
	size_t                  buffer;  /* bytes of data */
	uint32_t                depth;
	uint32_t                under_way;
	bool                    broken;  /* its client has written nonsense into a ring */
};

/**
 * Take the server's end in zeroed memory of block_layout() with these arguments.
 * Keeps: memory. Errors: BY_INVALID.
 */
BY_MUST_USE by_status_t block_port_init(struct block_port *port, void *memory, uint32_t depth,
                                        uint64_t buffer, struct block_view const *view);

/**
 * Part of a disk that a client asks for, within what it may have ('limit').
 * Errors: BY_DENIED if it is not within, or is to be writeable and may not.
 */
BY_MUST_USE by_status_t block_view_narrow(struct block_view const *limit, uint64_t first,
                                          uint64_t count, bool writeable,
                                          struct block_view *view);

/**
 * Take one request. BY_INVALID: it was refused, which the client has been told; go on.
 * BY_EMPTY: there is none. BY_NO_SPACE: as many as the client has room for answers are
 * under way. BY_MALFORMED: the client is not to be served any more.
 */
BY_MUST_USE by_status_t block_port_take(struct block_port *port, struct block_job *job);

/** Answer a request that was taken. */
void block_port_reply(struct block_port *port, uint32_t tag, by_status_t status);

/** Let the client see what was taken and answered; true: it is to be signalled. */
BY_MUST_USE bool block_port_commit(struct block_port *port);

/**
 * After block_port_commit(): whether there is nothing to take. BY_EMPTY, BY_NO_SPACE: the
 * client will signal when there is. BY_OK: there is already. Errors: BY_MALFORMED.
 */
BY_MUST_USE by_status_t block_port_sleep(struct block_port *port);

#endif
