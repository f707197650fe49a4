/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a client and a server of the Block service share: two rings (by/ring.h) and the
 * data. See doc/block.md.
 *
 *     | requests: client to server | replies: server to client | pad | data ... |
 *     0                            replies                           data        size
 *
 * Both compute the places from the arguments of the session, never from the memory.
 */
#ifndef BLOCK_PROTOCOL_H
#define BLOCK_PROTOCOL_H

#include <by/ring.h>

enum {
	BLOCK_DEPTH_MAX  = 1024,
	BLOCK_SIZE_MIN   = 512,   /* bytes of a block, */
	BLOCK_SIZE_MAX   = 65536, /* a power of two */
	BLOCK_PAGE       = 4096,  /* alignment of the data */
};

/** Bytes of data that a session can have at most. */
#define BLOCK_BUFFER_MAX ((uint64_t)1 << 31)

/** What is to be done. A server answers what it does not know with BY_NOT_SUPPORTED. */
enum block_op {
	BLOCK_READ,
	BLOCK_WRITE,
	BLOCK_FLUSH,        /* all that was answered before is to survive a loss of power */
	BLOCK_DISCARD,      /* the content is not needed any more, and can be anything now */
	BLOCK_WRITE_ZEROES, /* all bytes are 0 afterwards */
	BLOCK_OPS
};

/** Whether there can be so many blocks of this size: clients divide by it, and count bytes. */
static inline bool block_disk_valid(uint64_t count, uint32_t block_size)
{
	return block_size >= BLOCK_SIZE_MIN && block_size <= BLOCK_SIZE_MAX
	       && !(block_size & (block_size - 1)) && count <= UINT64_MAX / block_size;
}

/** A request. Of a flush only 'op' and 'tag' count; 'offset' only where data is moved. */
struct block_request {
	uint64_t block;    /* the first one, as the session counts */
	uint32_t count;    /* of blocks, at least 1 */
	uint32_t offset;   /* of the data, in bytes from the beginning of all data */
	uint32_t tag;      /* the client's name for it, repeated in the reply */
	uint32_t op;       /* enum block_op */
	uint64_t reserved; /* 0 */
};

/** The answer to one request; answers come in any order. */
struct block_reply {
	uint32_t tag;
	uint32_t status;   /* a by_status_t, see doc/block.md */
	uint64_t reserved; /* 0 */
};

_Static_assert(sizeof(struct block_request) == 32 && sizeof(struct block_reply) == 16,
               "shared layout");

/** Where what is, in bytes. */
struct block_layout {
	size_t requests, replies, data, size;
};

/**
 * The layout of a session's memory. Errors: BY_INVALID if 'depth' is not a power of two up
 * to BLOCK_DEPTH_MAX, or 'buffer' is 0 or above BLOCK_BUFFER_MAX.
 */
BY_MUST_USE static inline by_status_t block_layout(uint32_t depth, uint64_t buffer,
                                                   struct block_layout *layout)
{
	size_t const requests = by_ring_size(depth, sizeof(struct block_request));
	size_t const replies  = by_ring_size(depth, sizeof(struct block_reply));

	if (!requests || depth > BLOCK_DEPTH_MAX || !buffer || buffer > BLOCK_BUFFER_MAX)
		return BY_INVALID;

	size_t const data = (requests + replies + BLOCK_PAGE - 1) & ~(size_t)(BLOCK_PAGE - 1);

	*layout = (struct block_layout){
		.requests = 0, .replies = requests, .data = data,
		.size = data + (((size_t)buffer + BLOCK_PAGE - 1) & ~(size_t)(BLOCK_PAGE - 1)),
	};

	return BY_OK;
}

#endif
