/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Heap.
 *
 * The blocks of a chunk follow each other without gaps, each tells its stride
 * (from its header to that of the next) and that of the block in front of it
 * (0: none). The end is a header of stride 0 that counts as used. Strides are
 * multiples of BY_ALLOC_ALIGN, which leaves the lowest bit for USED.
 */
#include <by/assert.h>
#include <by/heap.h>

enum {
	USED      = 1,
	SPARE_MAX = 64 * 1024, /* also the largest chunk that nobody asked for */
};

struct by_heap_chunk {
	struct by_list_node node;
	size_t              size; /* with this header */
};

struct block {
	size_t prev;   /* stride of the block in front */
	size_t stride; /* and USED */
};

/* What free blocks are ordered by. */
struct key {
	size_t    stride;
	uintptr_t place;
};


static size_t align_up(size_t value, size_t align)
{
	return (value + align - 1) & ~(align - 1);
}


/* From the chunk to its first payload, as aligned as all payloads. */
static size_t head_size(void)
{
	return align_up(sizeof(struct by_heap_chunk) + sizeof(struct block), BY_ALLOC_ALIGN);
}


/* Stride of a block for 'size' bytes, which must be able to hold a tree node once free. */
static size_t stride_for(size_t size)
{
	if (size < sizeof(struct by_tree_node))
		size = sizeof(struct by_tree_node);

	return align_up(size + sizeof(struct block), BY_ALLOC_ALIGN);
}


static void *payload_of(struct block *block)
{
	return block + 1;
}


static struct block *block_of(void *payload)
{
	return (struct block *)payload - 1;
}


/* The block that would be 'distance' bytes behind 'block'. */
static struct block *block_at(struct block *block, size_t distance)
{
	return block_of((char *)payload_of(block) + distance);
}


static struct block *first_block(struct by_heap_chunk *chunk)
{
	return block_of((char *)chunk + head_size());
}


/* The chunk whose first block is 'block'. */
static struct by_heap_chunk *chunk_of(struct block *block)
{
	void *chunk = (char *)payload_of(block) - head_size();

	return chunk;
}


static size_t stride_of(struct block const *block)
{
	return block->stride & ~(size_t)USED;
}


static struct block *next_of(struct block *block)
{
	return block_at(block, stride_of(block));
}


static struct block *prev_of(struct block *block)
{
	return block_of((char *)payload_of(block) - block->prev);
}


static bool used(struct block const *block)
{
	return block->stride & USED;
}


static void set_block(struct block *block, size_t stride, size_t flag)
{
	block->stride = stride | flag;
	next_of(block)->prev = stride;
}


static struct key key_of(struct block const *block)
{
	return (struct key){ stride_of(block), (uintptr_t)block };
}


static int compare(void const *ptr, struct by_tree_node const *node)
{
	struct key const *a = ptr;
	struct block const *block = (struct block const *)(void const *)node - 1;
	struct key const    b = key_of(block);

	if (a->stride != b.stride)
		return a->stride < b.stride ? -1 : 1;

	return a->place < b.place ? -1 : a->place > b.place;
}


static void insert_free(struct by_heap *heap, struct block *block)
{
	struct by_tree_node *node = payload_of(block);
	struct key           key  = key_of(block);

	*node = (struct by_tree_node){ .height = 0 };
	by_status_t status = by_tree_insert(&heap->free, node, &key, compare);
	BY_ASSERT(status == BY_OK);
}


static void remove_free(struct by_heap *heap, struct block *block)
{
	by_tree_remove(&heap->free, payload_of(block));
}


/* True if 'block' is all there is in its chunk. */
static bool alone(struct block *block)
{
	return block->prev == 0 && stride_of(next_of(block)) == 0;
}


static void drop_chunk(struct by_heap *heap, struct by_heap_chunk *chunk)
{
	size_t size = chunk->size;

	by_list_remove(&chunk->node);
	heap->consumed -= size;
	by_free(heap->backing, chunk, size);
}


void by_heap_trim(struct by_heap *heap)
{
	if (!heap->spare)
		return;

	remove_free(heap, first_block(heap->spare));
	drop_chunk(heap, heap->spare);
	heap->spare = NULL;
}


static by_status_t add_chunk(struct by_heap *heap, size_t size)
{
	void *memory;

	if (heap->consumed > heap->limit || size > heap->limit - heap->consumed)
		return BY_OUT_OF_RAM;

	by_status_t status = by_alloc(heap->backing, size, &memory);

	if (status != BY_OK)
		return status;

	BY_ASSERT((uintptr_t)memory % BY_ALLOC_ALIGN == 0);
	struct by_heap_chunk *chunk = memory;
	struct block         *first = first_block(chunk);
	size_t                inner = size - head_size();

	*chunk = (struct by_heap_chunk){ .size = size };
	by_list_append(&heap->chunks, &chunk->node);
	heap->consumed += size;
	*first = (struct block){ .prev = 0 };
	*block_at(first, inner) = (struct block){ .stride = USED };
	set_block(first, inner, 0);
	insert_free(heap, first);

	return BY_OK;
}


/* Get a chunk that holds a block of 'stride'; a quarter of the heap if that is more. */
static by_status_t grow(struct by_heap *heap, size_t stride)
{
	size_t need  = align_up(stride + head_size(), BY_HEAP_PAGE);
	size_t grown = heap->consumed / 4 & ~(size_t)(BY_HEAP_PAGE - 1);

	if (grown > SPARE_MAX)
		grown = SPARE_MAX;

	by_status_t status = add_chunk(heap, need > grown ? need : grown);

	if (status != BY_OK && need < grown)
		status = add_chunk(heap, need);

	if (status != BY_OK && heap->spare) {
		by_heap_trim(heap);
		status = add_chunk(heap, need);
	}

	return status;
}


static struct block *best_fit(struct by_heap *heap, size_t stride)
{
	struct key key = { .stride = stride };
	struct by_tree_node *node = by_tree_lower_bound(&heap->free, &key, compare);

	return node ? block_of(node) : NULL;
}


/* Use the first 'stride' bytes of the free 'block'. */
static void carve(struct by_heap *heap, struct block *block, size_t stride)
{
	size_t rest = stride_of(block) - stride;

	remove_free(heap, block);
	if (heap->spare && block == first_block(heap->spare))
		heap->spare = NULL;

	if (rest < stride_for(0)) {
		set_block(block, stride + rest, USED);
		return;
	}
	set_block(block, stride, USED);
	set_block(next_of(block), rest, 0);
	insert_free(heap, next_of(block));
}


static struct by_heap *heap_of(struct by_alloc *alloc)
{
	return BY_CONTAINER_OF(alloc, struct by_heap, alloc);
}


static by_status_t heap_alloc(struct by_alloc *self, size_t size, void **out)
{
	struct by_heap *heap = heap_of(self);

	/* keeps the sums below from wrapping around */
	if (size > SIZE_MAX / 2)
		return BY_OUT_OF_RAM;

	size_t        stride = stride_for(size);
	struct block *block  = best_fit(heap, stride);

	if (!block) {
		by_status_t status = grow(heap, stride);

		if (status != BY_OK)
			return status;
		block = best_fit(heap, stride);
	}
	carve(heap, block, stride);
	heap->used++;

	*out = payload_of(block);
	return BY_OK;
}


/* Merge the block 'block', just freed, with its free neighbours. Returns the result. */
static struct block *merge(struct by_heap *heap, struct block *block)
{
	struct block *next = next_of(block), *prev = prev_of(block);
	size_t stride = stride_of(block);

	if (!used(next)) {
		remove_free(heap, next);
		stride += stride_of(next);
	}
	if (block->prev && !used(prev)) {
		remove_free(heap, prev);
		stride += stride_of(prev);
		block->stride = 0; /* no longer a block: freeing it again is noticed */
		block = prev;
	}
	set_block(block, stride, 0);

	return block;
}


/* Keep the empty 'chunk' as the spare or give it back. */
static void retire(struct by_heap *heap, struct by_heap_chunk *chunk)
{
	if (heap->used == 0)
		by_heap_trim(heap);

	if (heap->used == 0 || heap->spare || chunk->size > SPARE_MAX) {
		remove_free(heap, first_block(chunk));
		drop_chunk(heap, chunk);
	} else {
		heap->spare = chunk;
	}
}


static void heap_free(struct by_alloc *self, void *ptr, size_t size)
{
	struct by_heap *heap  = heap_of(self);
	struct block   *block = block_of(ptr);
	size_t          slack = stride_of(block) - stride_for(size);

	BY_ASSERT(used(block) && slack < stride_for(0));
	BY_ASSERT(next_of(block)->prev == stride_of(block));
	heap->used--;
	block = merge(heap, block);
	insert_free(heap, block);
	if (alone(block))
		retire(heap, chunk_of(block));
}


static size_t heap_consumed(struct by_alloc const *self)
{
	return BY_CONTAINER_OF(self, struct by_heap const, alloc)->consumed;
}


void by_heap_init(struct by_heap *heap, struct by_alloc *backing, size_t limit)
{
	*heap = (struct by_heap){
		.alloc   = { heap_alloc, heap_free, heap_consumed },
		.backing = backing,
		.limit   = limit,
	};
	by_list_init(&heap->chunks);
	by_tree_init(&heap->free, NULL);
}


void by_heap_fini(struct by_heap *heap)
{
	BY_LIST_EACH_SAFE(&heap->chunks, node)
		drop_chunk(heap, BY_CONTAINER_OF(node, struct by_heap_chunk, node));
	by_tree_init(&heap->free, NULL);
	heap->spare = NULL;
	heap->used  = 0;
}


void by_heap_limit_set(struct by_heap *heap, size_t limit)
{
	heap->limit = limit;
}
