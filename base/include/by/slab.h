/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slab: objects of one size, cut out of blocks from another allocator.
 *
 *      block: | header | bitmap of used objects | object | object | ...
 *
 * Allocating is O(1), freeing O(log n) in the number of blocks. Empty blocks go
 * back, except one spare. Freeing an object twice, or something that is not an
 * object of this slab, is found with certainty and asserted.
 */
#ifndef BY_SLAB_H
#define BY_SLAB_H

#include <by/alloc.h>
#include <by/list.h>
#include <by/tree.h>

/** The largest block, in bytes. */
enum { BY_SLAB_BLOCK_MAX = 64 * 1024 };

struct by_slab_block;

struct by_slab {
	struct by_alloc       alloc;   /* takes any size up to that of the objects */
	struct by_alloc      *backing;
	struct by_tree        blocks;  /* all, by address */
	struct by_list        partial; /* those with free objects, the spare at the end */
	struct by_slab_block *spare;   /* the one without used objects, or NULL */
	size_t                consumed;
	size_t                used;    /* objects */
	uint32_t              block_size;
	uint32_t              stride;     /* from one object to the next */
	uint32_t              reciprocal; /* 2^32 / stride, rounded up */
	uint32_t              capacity;   /* objects per block */
	uint32_t              first;      /* offset of the first object in its block */
};

/**
 * Prepare for objects of 'object_size' bytes in blocks of 'block_size' bytes
 * (at most BY_SLAB_BLOCK_MAX, room for one object at least) out of 'backing'.
 * Nothing is allocated yet. Keeps: backing. The slab must not be moved.
 */
void by_slab_init(struct by_slab *slab, struct by_alloc *backing, size_t object_size,
                  size_t block_size);

/** Free all objects and give all blocks back. */
void by_slab_fini(struct by_slab *slab);

/** Allocate one object. Gives: out. Errors: those of the backing allocator. */
BY_MUST_USE by_status_t by_slab_alloc(struct by_slab *slab, void **out);

/** Free one object. Takes: ptr. */
void by_slab_free(struct by_slab *slab, void *ptr);

#endif
