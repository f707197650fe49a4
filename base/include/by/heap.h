/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Heap: allocations of any size out of chunks from another allocator.
 *
 *      chunk: | header | block | block | ... | end |      block: | header | payload |
 *
 * Best fit in O(log n): free blocks are kept in a tree by size, inside their own
 * payload; free neighbours are always merged. Chunks are whole pages, larger
 * ones as the heap grows. An empty chunk goes back to the backing allocator; one
 * of at most 64 KiB may stay as a spare, but never in an empty heap, which
 * consumes nothing. Allocate and free by by_alloc() and by_free() on 'alloc':
 * freeing twice or with a wrong size is asserted as far as headers can tell.
 */
#ifndef BY_HEAP_H
#define BY_HEAP_H

#include <by/alloc.h>
#include <by/list.h>
#include <by/tree.h>

/** Requests to the backing allocator are multiples of this. */
enum { BY_HEAP_PAGE = 4096 };

struct by_heap_chunk;

struct by_heap {
	struct by_alloc       alloc;
	struct by_alloc      *backing;
	struct by_list        chunks;
	struct by_tree        free;     /* blocks, by size and address */
	struct by_heap_chunk *spare;    /* the one without used blocks, or NULL */
	size_t                limit;    /* bytes in chunks */
	size_t                consumed;
	size_t                used;     /* blocks */
};

/**
 * Prepare a heap that takes at most 'limit' bytes from 'backing' (SIZE_MAX: as
 * many as there are); beyond it allocations answer BY_OUT_OF_RAM. Nothing is
 * allocated yet. Keeps: backing. The heap must not be moved.
 */
void by_heap_init(struct by_heap *heap, struct by_alloc *backing, size_t limit);

/** Free everything that was allocated and give all chunks back. */
void by_heap_fini(struct by_heap *heap);

/** Give the spare chunk back, if there is one. */
void by_heap_trim(struct by_heap *heap);

/** Change the limit. Below the present consumption it only stops further growth. */
void by_heap_limit_set(struct by_heap *heap, size_t limit);

#endif
