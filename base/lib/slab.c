/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slab.
 *
 * Objects behind block->fresh were never used; those that were and are free
 * again form a list through their own first word. Numbers of objects come from
 * multiplying by the reciprocal of the stride, because not every machine has a
 * division: exact, since offsets and strides stay below 2^16.
 */
#include <by/assert.h>
#include <by/slab.h>
#include <by/string.h>

struct free_object {
	struct free_object *next;
};

struct by_slab_block {
	struct by_tree_node node;    /* in slab->blocks */
	struct by_list_node partial; /* in slab->partial, if not full */
	struct free_object *free;
	uint32_t            fresh;   /* number of the first object never used */
	uint32_t            used;    /* objects */
	uint32_t            bitmap[];
};


static struct by_slab *slab_of(struct by_alloc *alloc)
{
	return BY_CONTAINER_OF(alloc, struct by_slab, alloc);
}


static struct by_slab_block *block_of(struct by_list_node *partial)
{
	return BY_CONTAINER_OF(partial, struct by_slab_block, partial);
}


static struct by_slab_block *block_of_node(struct by_tree_node *node)
{
	return BY_CONTAINER_OF(node, struct by_slab_block, node);
}


static int compare(void const *ptr, struct by_tree_node const *node)
{
	uintptr_t a = (uintptr_t)ptr;
	uintptr_t b = (uintptr_t)BY_CONTAINER_OF(node, struct by_slab_block const, node);

	return a < b ? -1 : a > b;
}


/* 2^32 / n, rounded up; n is at least 2. */
static uint32_t reciprocal_of(uint32_t n)
{
	uint32_t quotient = 0;
	uint64_t rest = 1;

	for (int i = 0; i < 32; i++) {
		rest <<= 1;
		quotient = quotient << 1 | (rest >= n);
		rest -= rest >= n ? n : 0;
	}

	return quotient + (rest != 0);
}


static uint32_t divide(struct by_slab const *slab, uint32_t offset)
{
	return (uint32_t)((uint64_t)offset * slab->reciprocal >> 32);
}


static size_t align_up(size_t value)
{
	return (value + BY_ALLOC_ALIGN - 1) & ~(size_t)(BY_ALLOC_ALIGN - 1);
}


/* Offset of the first object in a block of 'capacity' objects. */
static uint32_t header_size(uint32_t capacity)
{
	size_t words = (capacity + 31) / 32;

	return (uint32_t)align_up(sizeof(struct by_slab_block) + words * sizeof(uint32_t));
}


static void choose_layout(struct by_slab *slab)
{
	slab->reciprocal = reciprocal_of(slab->stride);
	slab->capacity   = divide(slab, slab->block_size - header_size(0));
	slab->first      = header_size(slab->capacity);
	while (slab->first + slab->capacity * slab->stride > slab->block_size)
		slab->first = header_size(--slab->capacity);
}


static by_status_t slab_alloc(struct by_alloc *self, size_t size, void **out)
{
	BY_ASSERT(size <= slab_of(self)->stride);

	return by_slab_alloc(slab_of(self), out);
}


static void slab_free(struct by_alloc *self, void *ptr, size_t size)
{
	BY_ASSERT(size <= slab_of(self)->stride);
	by_slab_free(slab_of(self), ptr);
}


static size_t slab_consumed(struct by_alloc const *self)
{
	return BY_CONTAINER_OF(self, struct by_slab const, alloc)->consumed;
}


void by_slab_init(struct by_slab *slab, struct by_alloc *backing, size_t object_size,
                  size_t block_size)
{
	BY_ASSERT(object_size > 0 && object_size <= block_size);
	BY_ASSERT(block_size <= BY_SLAB_BLOCK_MAX && block_size > header_size(0));
	*slab = (struct by_slab){
		.alloc      = { slab_alloc, slab_free, slab_consumed },
		.backing    = backing,
		.block_size = (uint32_t)block_size,
		.stride     = (uint32_t)align_up(object_size),
	};
	by_tree_init(&slab->blocks, NULL);
	by_list_init(&slab->partial);
	choose_layout(slab);
	BY_ASSERT(slab->capacity > 0);
}


static by_status_t add_block(struct by_slab *slab)
{
	void *memory;
	by_status_t status = by_alloc(slab->backing, slab->block_size, &memory);

	if (status != BY_OK)
		return status;

	BY_ASSERT((uintptr_t)memory % BY_ALLOC_ALIGN == 0);
	struct by_slab_block *block = memory;

	memset(block, 0, slab->first);
	status = by_tree_insert(&slab->blocks, &block->node, block, compare);
	BY_ASSERT(status == BY_OK);
	by_list_append(&slab->partial, &block->partial);
	slab->consumed += slab->block_size;

	return BY_OK;
}


static void drop_block(struct by_slab *slab, struct by_slab_block *block)
{
	by_tree_remove(&slab->blocks, &block->node);
	slab->consumed -= slab->block_size;
	by_free(slab->backing, block, slab->block_size);
}


void by_slab_fini(struct by_slab *slab)
{
	struct by_tree_node *node;

	while ((node = by_tree_first(&slab->blocks)))
		drop_block(slab, block_of_node(node));
	by_list_init(&slab->partial);
	slab->spare = NULL;
	slab->used  = 0;
}


static void *object_at(struct by_slab const *slab, struct by_slab_block *block,
                       uint32_t number)
{
	return (char *)block + slab->first + number * slab->stride;
}


static uint32_t object_number(struct by_slab const *slab, struct by_slab_block *block,
                              void *ptr)
{
	size_t   offset = (size_t)((char *)ptr - (char *)block);
	uint32_t number;

	BY_ASSERT(offset >= slab->first && offset < slab->block_size);
	number = divide(slab, (uint32_t)offset - slab->first);
	BY_ASSERT(number < slab->capacity && object_at(slab, block, number) == ptr);

	return number;
}


static bool object_used(struct by_slab_block const *block, uint32_t number)
{
	return block->bitmap[number / 32] >> number % 32 & 1;
}


static void toggle_used(struct by_slab_block *block, uint32_t number)
{
	block->bitmap[number / 32] ^= (uint32_t)1 << number % 32;
}


/* Take a free object out of 'block', which has one. */
static void *take(struct by_slab *slab, struct by_slab_block *block)
{
	void *object = block->free;

	if (object)
		block->free = block->free->next;
	else
		object = object_at(slab, block, block->fresh++);

	return object;
}


by_status_t by_slab_alloc(struct by_slab *slab, void **out)
{
	by_status_t status = by_list_empty(&slab->partial) ? add_block(slab) : BY_OK;

	if (status != BY_OK)
		return status;

	struct by_slab_block *block = block_of(by_list_first(&slab->partial));

	*out = take(slab, block);
	toggle_used(block, object_number(slab, block, *out));
	slab->used++;
	if (++block->used == slab->capacity)
		by_list_remove(&block->partial);
	if (block == slab->spare)
		slab->spare = NULL;

	return BY_OK;
}


/* 'block' has become empty: keep it behind the others, unless there is a spare already. */
static void retire(struct by_slab *slab, struct by_slab_block *block)
{
	by_list_remove(&block->partial);
	if (slab->spare) {
		drop_block(slab, block);
		return;
	}
	by_list_append(&slab->partial, &block->partial);
	slab->spare = block;
}


void by_slab_free(struct by_slab *slab, void *ptr)
{
	struct by_tree_node *node = by_tree_floor(&slab->blocks, ptr, compare);

	BY_ASSERT(node);
	struct by_slab_block *block  = block_of_node(node);
	struct free_object   *object = ptr;
	uint32_t              number = object_number(slab, block, ptr);

	BY_ASSERT(object_used(block, number));
	toggle_used(block, number);
	object->next = block->free;
	block->free  = object;
	slab->used--;
	if (block->used-- == slab->capacity)
		by_list_prepend(&slab->partial, &block->partial);
	if (block->used == 0)
		retire(slab, block);
}
