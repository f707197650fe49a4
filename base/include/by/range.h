/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Range allocator: parts of an abstract 64-bit address space, whose own memory
 * it never touches (physical RAM, virtual addresses, interrupt numbers).
 *
 *      | free | used |   not managed   | used | used | free |
 *
 * Blocks stand in a tree by address, free ones also in a tree by size. The
 * former keeps, per subtree, the largest free size and the largest naturally
 * aligned free power of two. Free neighbours are always merged.
 *
 * Cost is O(log n). Only if an alignment other than the size itself is asked
 * for, and no block has size + alignment - 1 to offer, all free blocks of
 * sufficient size may be tried. Fit is best fit; if the four best ones fail for
 * alignment or limits, the lowest address that fits.
 */
#ifndef BY_RANGE_H
#define BY_RANGE_H

#include <by/alloc.h>
#include <by/tree.h>

/** The largest allocation asked of the meta allocator, in bytes: a slab's object size. */
enum { BY_RANGE_RECORD = 2 * sizeof(struct by_tree_node) + 32 };

struct by_range {
	struct by_alloc *meta;
	struct by_tree   by_addr;
	struct by_tree   by_size;
	uint64_t         total;   /* bytes managed */
	uint64_t         avail;   /* bytes free */
};

struct by_range_args {
	uint64_t size;       /* not 0 */
	unsigned align_log2; /* below 64 */
	uint64_t from;       /* lowest address */
	uint64_t to;         /* highest address of the last byte, 0: no limit */
};

/** Make 'range' manage nothing. Keeps: meta, which pays for the records. */
void by_range_init(struct by_range *range, struct by_alloc *meta);

/** Forget everything, used or not, and free the records. */
void by_range_fini(struct by_range *range);

/**
 * Manage 'size' more bytes at 'base'. Errors: BY_INVALID if size is 0 or the
 * end lies beyond 2^64, BY_CONFLICT if a part is managed already, BY_LIMIT if
 * all of 2^64 would be managed, or those of the meta allocator.
 */
BY_MUST_USE by_status_t by_range_add(struct by_range *range, uint64_t base,
                                     uint64_t size);

/**
 * Stop managing 'size' bytes at 'base'. Errors: BY_INVALID as above,
 * BY_CONFLICT if not all of it is free, or those of the meta allocator.
 */
BY_MUST_USE by_status_t by_range_remove(struct by_range *range, uint64_t base,
                                        uint64_t size);

/**
 * Allocate a block as 'args' demands. Errors: BY_NO_SPACE, BY_INVALID if the
 * size or the alignment is out of bounds, or those of the meta allocator.
 */
BY_MUST_USE by_status_t by_range_alloc(struct by_range *range,
                                       struct by_range_args const *args, uint64_t *base);

/** Allocate the block of 'size' bytes at 'base'. Errors: as by_range_remove. */
BY_MUST_USE by_status_t by_range_alloc_at(struct by_range *range, uint64_t base,
                                          uint64_t size);

/** Free the block that begins at 'base'. Errors: BY_NOT_FOUND. */
BY_MUST_USE by_status_t by_range_free(struct by_range *range, uint64_t base);

/** Base and size of the allocated block that contains 'addr'. Errors: BY_NOT_FOUND. */
BY_MUST_USE by_status_t by_range_find(struct by_range const *range, uint64_t addr,
                                      uint64_t *base, uint64_t *size);

/** Free bytes. */
static inline uint64_t by_range_avail(struct by_range const *range)
{
	return range->avail;
}

#endif
