/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Range allocator.
 *
 * An order is 1 + log2 of a block's largest naturally aligned power of two, and
 * 0 for used blocks. Blocks are described by their last address, not their end,
 * because the end can be 2^64.
 */
#include <by/assert.h>
#include <by/range.h>
#include <by/string.h>

/* How many blocks best fit tries before the lowest fitting address is searched. */
enum { BEST_TRIES = 4 };

struct block {
	struct by_tree_node by_addr;
	struct by_tree_node by_size; /* in no tree if used */
	uint64_t            base, size;
	uint64_t            max_size;         /* of the free blocks in this subtree */
	unsigned char       order, max_order;
	bool                used;
};

_Static_assert(sizeof(struct block) <= BY_RANGE_RECORD, "a slab of records has room");

/* What a search by address looks for: one of them is 0. */
struct want {
	uint64_t size;
	unsigned order;
};


static struct block *block_of(struct by_tree_node *by_addr)
{
	return by_addr ? BY_CONTAINER_OF(by_addr, struct block, by_addr) : NULL;
}


static struct block *block_of_size(struct by_tree_node *by_size)
{
	return BY_CONTAINER_OF(by_size, struct block, by_size);
}


static struct block *next_of(struct block *block)
{
	return block_of(by_tree_next(&block->by_addr));
}


static uint64_t last_of(struct block const *block)
{
	return block->base + (block->size - 1);
}


static int compare_addr(void const *key, struct by_tree_node const *node)
{
	uint64_t const *addr = key;
	uint64_t        base = BY_CONTAINER_OF(node, struct block const, by_addr)->base;

	return *addr < base ? -1 : *addr > base;
}


static int compare_size(void const *key, struct by_tree_node const *node)
{
	struct block const *a = key;
	struct block const *b = BY_CONTAINER_OF(node, struct block const, by_size);

	if (a->size != b->size)
		return a->size < b->size ? -1 : 1;

	return a->base < b->base ? -1 : a->base > b->base;
}


static void update(struct by_tree_node *node)
{
	struct block *block = block_of(node);

	block->max_size  = block->used ? 0 : block->size;
	block->max_order = block->order;
	for (int side = 0; side < 2; side++) {
		struct block const *child = block_of(node->child[side]);

		if (child && child->max_size > block->max_size)
			block->max_size = child->max_size;
		if (child && child->max_order > block->max_order)
			block->max_order = child->max_order;
	}
}


static unsigned log2_of(uint64_t value)
{
	unsigned log2 = 0;

	for (unsigned step = 32; step; step /= 2) {
		if (value >> step) {
			value >>= step;
			log2 += step;
		}
	}

	return log2;
}


/* Align 'addr' up. False if the result is beyond 2^64. */
static bool align_up(uint64_t addr, unsigned align_log2, uint64_t *aligned)
{
	uint64_t mask = ((uint64_t)1 << align_log2) - 1;

	*aligned = (addr + mask) & ~mask;

	return *aligned >= addr;
}


/* A block always holds an aligned half of the largest power of two that it has room for. */
static unsigned char order_of(struct block const *block)
{
	unsigned log2 = log2_of(block->size);
	uint64_t base;
	bool     whole = align_up(block->base, log2, &base) && base <= last_of(block) &&
	                 last_of(block) - base >= ((uint64_t)1 << log2) - 1;

	return (unsigned char)(log2 + whole);
}


static void insert_size(struct by_range *range, struct block *block)
{
	by_status_t status = by_tree_insert(&range->by_size, &block->by_size, block,
	                                    compare_size);

	BY_ASSERT(status == BY_OK);
}


/* Change extent or use of a block, whose place among its neighbours stays the same. */
static void set_block(struct by_range *range, struct block *block, uint64_t base,
                      uint64_t size)
{
	if (by_tree_linked(&block->by_size))
		by_tree_remove(&range->by_size, &block->by_size);
	block->base  = base;
	block->size  = size;
	block->order = block->used ? 0 : order_of(block);
	if (!block->used)
		insert_size(range, block);
	by_tree_update(&range->by_addr, &block->by_addr);
}


static by_status_t create(struct by_range *range, struct block **out)
{
	void *memory;
	by_status_t status = by_alloc(range->meta, sizeof(struct block), &memory);

	if (status != BY_OK)
		return status;

	memset(memory, 0, sizeof(struct block));
	*out = memory;
	return BY_OK;
}


/* Make the new 'block' a free one. */
static void insert(struct by_range *range, struct block *block, uint64_t base,
                   uint64_t size)
{
	by_status_t status = by_tree_insert(&range->by_addr, &block->by_addr, &base,
	                                    compare_addr);
	BY_ASSERT(status == BY_OK);
	set_block(range, block, base, size);
}


static void destroy(struct by_range *range, struct block *block)
{
	if (by_tree_linked(&block->by_size))
		by_tree_remove(&range->by_size, &block->by_size);
	by_tree_remove(&range->by_addr, &block->by_addr);
	by_free(range->meta, block, sizeof(struct block));
}


/* The block with the greatest base up to 'addr'. */
static struct block *floor_block(struct by_range const *range, uint64_t addr)
{
	return block_of(by_tree_floor(&range->by_addr, &addr, compare_addr));
}


/* The block that contains 'addr'. */
static struct block *containing_block(struct by_range const *range, uint64_t addr)
{
	struct block *block = floor_block(range, addr);

	return block && addr <= last_of(block) ? block : NULL;
}


/* Merge the free 'block' with its free neighbours. */
static void coalesce(struct by_range *range, struct block *block)
{
	struct block *prev = block_of(by_tree_prev(&block->by_addr));
	struct block *next = next_of(block);
	uint64_t base = block->base, size = block->size;

	if (prev && !prev->used && prev->base + prev->size == base) {
		base  = prev->base;
		size += prev->size;
		destroy(range, prev);
	}
	if (next && !next->used && base + size == next->base) {
		size += next->size;
		destroy(range, next);
	}
	if (size != block->size)
		set_block(range, block, base, size);
}


/* Create the 'count' (at most 2) records that a change needs, or none of them. */
static by_status_t reserve(struct by_range *range, struct block **blocks, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		by_status_t status = create(range, &blocks[i]);

		if (status == BY_OK)
			continue;
		while (i--)
			by_free(range->meta, blocks[i], sizeof(struct block));
		return status;
	}

	return BY_OK;
}


/* Split the free 'block' so that it has just 'size' bytes at 'base', all inside it. */
static by_status_t isolate(struct by_range *range, struct block *block, uint64_t base,
                           uint64_t size)
{
	struct block *part[2];
	uint64_t first = block->base, head = base - first, tail = block->size - head - size;
	unsigned heads = head != 0, tails = tail != 0;
	by_status_t status = reserve(range, part, heads + tails);

	if (status != BY_OK)
		return status;

	set_block(range, block, base, size);
	if (heads)
		insert(range, part[0], first, head);
	if (tails)
		insert(range, part[heads], base + size, tail);

	return BY_OK;
}


static bool extent_valid(uint64_t base, uint64_t size)
{
	return size != 0 && base + (size - 1) >= base;
}


/* The free block that contains all of 'size' bytes at 'base'. */
static by_status_t free_block(struct by_range const *range, uint64_t base, uint64_t size,
                              struct block **out)
{
	if (!extent_valid(base, size))
		return BY_INVALID;

	struct block *block = containing_block(range, base);

	if (!block || block->used || last_of(block) - base < size - 1)
		return BY_CONFLICT;

	*out = block;
	return BY_OK;
}


/* Mark the free 'block' as used. */
static void use(struct by_range *range, struct block *block)
{
	block->used   = true;
	range->avail -= block->size;
	set_block(range, block, block->base, block->size);
}


void by_range_init(struct by_range *range, struct by_alloc *meta)
{
	*range = (struct by_range){ .meta = meta };
	by_tree_init(&range->by_addr, update);
	by_tree_init(&range->by_size, NULL);
}


void by_range_fini(struct by_range *range)
{
	struct by_tree_node *node;

	while ((node = by_tree_first(&range->by_addr)))
		destroy(range, block_of(node));
	range->total = range->avail = 0;
}


by_status_t by_range_add(struct by_range *range, uint64_t base, uint64_t size)
{
	if (!extent_valid(base, size))
		return BY_INVALID;

	struct block *block = floor_block(range, base + (size - 1));

	if (block && last_of(block) >= base)
		return BY_CONFLICT;

	if (size > UINT64_MAX - range->total)
		return BY_LIMIT;

	by_status_t status = create(range, &block);

	if (status != BY_OK)
		return status;

	insert(range, block, base, size);
	coalesce(range, block);
	range->total += size;
	range->avail += size;

	return BY_OK;
}


by_status_t by_range_remove(struct by_range *range, uint64_t base, uint64_t size)
{
	struct block *block;
	by_status_t   status = free_block(range, base, size, &block);

	if (status == BY_OK)
		status = isolate(range, block, base, size);
	if (status != BY_OK)
		return status;

	destroy(range, block);
	range->total -= size;
	range->avail -= size;

	return BY_OK;
}


by_status_t by_range_alloc_at(struct by_range *range, uint64_t base, uint64_t size)
{
	struct block *block;
	by_status_t   status = free_block(range, base, size, &block);

	if (status == BY_OK)
		status = isolate(range, block, base, size);
	if (status == BY_OK)
		use(range, block);

	return status;
}


/* True if 'args' can be met within the free 'block'; then at 'base'. */
static bool fits(struct block const *block, struct by_range_args const *args,
                 uint64_t *base)
{
	uint64_t last = last_of(block) < args->to ? last_of(block) : args->to;
	uint64_t from = block->base > args->from ? block->base : args->from;

	if (block->used || !align_up(from, args->align_log2, base))
		return false;

	return *base <= last && last - *base >= args->size - 1;
}


static struct block *best_fit(struct by_range const *range, struct by_range_args const *args,
                              uint64_t *base)
{
	struct block key = { .size = args->size };
	struct by_tree_node *node = by_tree_lower_bound(&range->by_size, &key, compare_size);

	for (unsigned i = 0; node && i < BEST_TRIES; i++, node = by_tree_next(node))
		if (fits(block_of_size(node), args, base))
			return block_of_size(node);

	return NULL;
}


static bool wanted(struct block const *block, struct want want)
{
	return !block->used && block->size >= want.size && block->order >= want.order;
}


/* The subtree of 'block' on 'side' if it has something wanted. */
static struct block *promising(struct block *block, int side, struct want want)
{
	struct block *child = block_of(block->by_addr.child[side]);

	if (!child || child->max_size < want.size || child->max_order < want.order)
		return NULL;

	return child;
}


/* The first wanted block of a promising subtree. */
static struct block *first_wanted(struct block *block, struct want want)
{
	struct block *left;

	for (;;) {
		if ((left = promising(block, 0, want)))
			block = left;
		else if (wanted(block, want))
			return block;
		else
			block = promising(block, 1, want);
	}
}


/* The first wanted block behind 'block'. */
static struct block *next_wanted(struct block *block, struct want want)
{
	struct block *right = promising(block, 1, want);

	while (!right) {
		struct by_tree_node *node = &block->by_addr;

		while (node->parent && node->parent->child[1] == node)
			node = node->parent;
		block = block_of(node->parent);
		if (!block || wanted(block, want))
			return block;
		right = promising(block, 1, want);
	}

	return first_wanted(right, want);
}


/* The lowest of the wanted blocks that fits. */
static struct block *search(struct by_range const *range, struct by_range_args const *args,
                            struct want want, uint64_t *base)
{
	struct block *block = floor_block(range, args->from);

	if (!block)
		block = block_of(by_tree_first(&range->by_addr));
	while (block && block->base <= args->to) {
		if (fits(block, args, base))
			return block;
		block = next_wanted(block, want);
	}

	return NULL;
}


static struct block *find_fit(struct by_range const *range, struct by_range_args const *args,
                              uint64_t *base)
{
	uint64_t      slack   = ((uint64_t)1 << args->align_log2) - 1;
	bool          natural = args->size == slack + 1;
	struct want   want    = { .order = natural ? args->align_log2 + 1 : 0 };
	struct block *block   = best_fit(range, args, base);

	/* first what fits wherever it lies, without trying blocks in vain */
	if (!block && !natural && slack && args->size <= UINT64_MAX - slack) {
		want.size = args->size + slack;
		block = search(range, args, want, base);
	}
	if (!block) {
		want.size = natural ? 0 : args->size;
		block = search(range, args, want, base);
	}

	return block;
}


by_status_t by_range_alloc(struct by_range *range, struct by_range_args const *args,
                           uint64_t *base)
{
	struct by_range_args all = *args;
	uint64_t place;

	if (args->size == 0 || args->align_log2 > 63)
		return BY_INVALID;

	if (all.to == 0)
		all.to = UINT64_MAX;

	struct block *block = find_fit(range, &all, &place);

	if (!block)
		return BY_NO_SPACE;

	by_status_t status = isolate(range, block, place, all.size);

	if (status != BY_OK)
		return status;

	use(range, block);

	*base = place;
	return BY_OK;
}


by_status_t by_range_free(struct by_range *range, uint64_t base)
{
	struct block *block = containing_block(range, base);

	if (!block || !block->used || block->base != base)
		return BY_NOT_FOUND;

	block->used   = false;
	range->avail += block->size;
	set_block(range, block, block->base, block->size);
	coalesce(range, block);

	return BY_OK;
}


by_status_t by_range_find(struct by_range const *range, uint64_t addr, uint64_t *base,
                          uint64_t *size)
{
	struct block const *block = containing_block(range, addr);

	if (!block || !block->used)
		return BY_NOT_FOUND;

	*base = block->base;
	*size = block->size;
	return BY_OK;
}
