/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of the range allocator, which is included to check its inner structure.
 *
 * The model is an array of units; each is unmanaged, free, or part of an
 * allocation. The allocator sees a unit as some power of two of addresses.
 */
#include "../lib/range.c"

#include <unit.h>

#include "support.h"

UNIT_MAIN("range")

enum { UNITS = 256, UNMANAGED = 0, FREE = 1 };

struct model {
	uint64_t base;        /* of unit 0 */
	unsigned log2;        /* of a unit */
	int      state[UNITS + 1]; /* >= 2: number of an allocation; the last unit is none */
	int      next;        /* number of the next allocation */
};

static struct support_alloc meta;
static struct by_range      range;
static struct model         model;


static void reset(uint64_t base, unsigned log2)
{
	support_alloc_init(&meta);
	by_range_init(&range, &meta.alloc);
	model = (struct model){ .base = base, .log2 = log2, .next = 2 };
}


static uint64_t addr_of(unsigned unit)
{
	return model.base + ((uint64_t)unit << model.log2);
}


static uint64_t bytes_of(unsigned units)
{
	return (uint64_t)units << model.log2;
}


static unsigned unit_of(uint64_t addr)
{
	return (unsigned)((addr - model.base) >> model.log2);
}


static bool all_are(unsigned unit, unsigned count, int state)
{
	if (unit + count > UNITS)
		return false;

	for (; count; count--)
		if (model.state[unit++] != state)
			return false;

	return true;
}


static void set(unsigned unit, unsigned count, int state)
{
	while (count--)
		model.state[unit++] = state;
}


/* Units from 'unit' on that belong together. */
static unsigned run_at(unsigned unit)
{
	unsigned end = unit;

	while (end < UNITS && model.state[end] == model.state[unit])
		end++;

	return end - unit;
}


/* By trying all, contrary to order_of(). */
static unsigned slow_order(uint64_t base, uint64_t size)
{
	unsigned best = 0;

	for (unsigned log2 = 0; log2 < 64; log2++) {
		uint64_t part = (uint64_t)1 << log2, skip = -base & (part - 1);

		if (skip < size && size - skip >= part)
			best = log2 + 1;
	}

	return best;
}


/* Blocks of the subtree; sets 'wrong' if what it keeps is. */
static unsigned tree_blocks(struct by_tree_node *node, uint64_t *max_size, unsigned *max_order,
                            bool *wrong)
{
	uint64_t size[2]  = { 0, 0 };
	unsigned order[2] = { 0, 0 }, count = 1;

	if (!node)
		return 0;

	struct block *block = block_of(node);

	for (int side = 0; side < 2; side++)
		count += tree_blocks(node->child[side], &size[side], &order[side], wrong);
	*max_size  = block->used ? 0 : block->size;
	*max_order = block->used ? 0 : slow_order(block->base, block->size);
	*wrong |= block->order != *max_order || by_tree_linked(&block->by_size) == block->used;
	for (int side = 0; side < 2; side++) {
		*max_size  = size[side] > *max_size ? size[side] : *max_size;
		*max_order = order[side] > *max_order ? order[side] : *max_order;
	}
	*wrong |= block->max_size != *max_size || block->max_order != *max_order;

	return count;
}


/* The blocks are exactly the runs of the model. */
static bool agrees(void)
{
	struct block *block = block_of(by_tree_first(&range.by_addr));
	uint64_t total = 0, avail = 0;
	unsigned runs = 0, free_runs = 0, len;

	for (unsigned unit = 0; unit < UNITS; unit += len) {
		len = run_at(unit);
		if (model.state[unit] == UNMANAGED)
			continue;
		if (!block || block->base != addr_of(unit) || block->size != bytes_of(len))
			return false;
		if (block->used != (model.state[unit] != FREE))
			return false;
		runs++;
		free_runs += !block->used;
		total += block->size;
		avail += block->used ? 0 : block->size;
		block = next_of(block);
	}
	for (struct by_tree_node *node = by_tree_first(&range.by_size); node; node = by_tree_next(node))
		free_runs--;

	uint64_t max_size;
	unsigned max_order;
	bool     wrong = block != NULL;

	return tree_blocks(range.by_addr.root, &max_size, &max_order, &wrong) == runs && !wrong &&
	       free_runs == 0 && meta.live == runs && range.total == total &&
	       by_range_avail(&range) == avail;
}


static bool do_add(unsigned unit, unsigned count)
{
	bool managed = !all_are(unit, count, UNMANAGED);
	by_status_t status = by_range_add(&range, addr_of(unit), bytes_of(count));

	if (status == BY_OK)
		set(unit, count, FREE);
	if (status == BY_OUT_OF_RAM)
		return meta.fail_at && !managed;

	return status == (managed ? BY_CONFLICT : BY_OK);
}


static bool do_remove(unsigned unit, unsigned count)
{
	bool all_free = all_are(unit, count, FREE);
	by_status_t status = by_range_remove(&range, addr_of(unit), bytes_of(count));

	if (status == BY_OK)
		set(unit, count, UNMANAGED);
	if (status == BY_OUT_OF_RAM)
		return meta.fail_at && all_free;

	return status == (all_free ? BY_OK : BY_CONFLICT);
}


static bool do_alloc_at(unsigned unit, unsigned count)
{
	bool all_free = all_are(unit, count, FREE);
	by_status_t status = by_range_alloc_at(&range, addr_of(unit), bytes_of(count));

	if (status == BY_OK)
		set(unit, count, model.next++);
	if (status == BY_OUT_OF_RAM)
		return meta.fail_at && all_free;

	return status == (all_free ? BY_OK : BY_CONFLICT);
}


static bool do_free(unsigned unit)
{
	bool first = model.state[unit] > FREE && (!unit || model.state[unit - 1] != model.state[unit]);
	by_status_t status = by_range_free(&range, addr_of(unit));

	if (status == BY_OK)
		set(unit, run_at(unit), FREE);

	return status == (first ? BY_OK : BY_NOT_FOUND);
}


static bool do_find(unsigned unit, uint64_t offset)
{
	bool     used = model.state[unit] > FREE;
	uint64_t base = 1, size = 2;
	by_status_t status = by_range_find(&range, addr_of(unit) + offset, &base, &size);

	if (!used)
		return status == BY_NOT_FOUND && base == 1 && size == 2;

	unsigned first = unit;

	while (first && model.state[first - 1] == model.state[unit])
		first--;

	return status == BY_OK && base == addr_of(first) && size == bytes_of(run_at(first));
}


static bool unit_fits(unsigned unit, unsigned count, struct by_range_args const *args)
{
	uint64_t mask = ((uint64_t)1 << args->align_log2) - 1;
	uint64_t base = addr_of(unit), last = base + (bytes_of(count) - 1);

	return all_are(unit, count, FREE) && !(base & mask) && base >= args->from &&
	       (!args->to || last <= args->to);
}


/* The start of the smallest free run that has room. */
static unsigned smallest_run(unsigned count)
{
	unsigned best = UNITS, best_len = UNITS + 1, len;

	for (unsigned unit = 0; unit < UNITS; unit += len) {
		len = run_at(unit);
		if (model.state[unit] == FREE && len >= count && len < best_len) {
			best = unit;
			best_len = len;
		}
	}

	return best;
}


static bool do_alloc(unsigned count, struct by_range_args *args)
{
	uint64_t base = 7;
	bool     possible = false;

	args->size = bytes_of(count);
	for (unsigned unit = 0; unit < UNITS; unit++)
		possible |= unit_fits(unit, count, args);

	by_status_t status = by_range_alloc(&range, args, &base);

	if (status == BY_OUT_OF_RAM)
		return meta.fail_at && possible && base == 7;
	if (status != BY_OK)
		return status == BY_NO_SPACE && !possible && base == 7;
	if (!unit_fits(unit_of(base), count, args))
		return false;
	if (!args->align_log2 && !args->from && !args->to && unit_of(base) != smallest_run(count))
		return false;
	set(unit_of(base), count, model.next++);

	return true;
}


static bool random_alloc(uint64_t *seed)
{
	struct by_range_args args = { .size = 0 };

	if (support_below(seed, 2))
		args.align_log2 = model.log2 + support_below(seed, 6);
	if (support_below(seed, 3) == 0)
		args.from = addr_of(support_below(seed, UNITS));
	if (support_below(seed, 3) == 0)
		args.to = addr_of(support_below(seed, UNITS)) + bytes_of(1) - 1;
	/* half of them naturally aligned */
	unsigned natural = args.align_log2 ? 1u << (args.align_log2 - model.log2) : 1;
	unsigned count   = support_below(seed, 2) ? natural : 1 + support_below(seed, 12);

	return do_alloc(count, &args);
}


static bool random_step(uint64_t *seed)
{
	unsigned unit  = support_below(seed, UNITS), what = support_below(seed, 20);
	unsigned count = 1 + support_below(seed, UNITS - unit);
	unsigned few   = count < 10 ? count : 10;

	switch (what) {
	case 0:  return do_add(unit, count);
	case 1:  return do_add(unit, few);
	case 2:  return do_remove(unit, few);
	case 3:
	case 4:  return do_alloc_at(unit, few);
	case 5:
	case 6:
	case 7:
	case 8:
	case 9:
	case 10: return do_free(unit);
	case 11: return do_find(unit, bytes_of(1) - 1) && do_find(unit, 0);
	default: return random_alloc(seed);
	}
}


static void random_run(uint64_t base, unsigned log2, uint64_t seed)
{
	reset(base, log2);
	for (int i = 0; i < 12000; i++) {
		meta.calls   = 0;
		meta.fail_at = support_below(&seed, 8) ? 0 : 1 + support_below(&seed, 2);
		CHECK(random_step(&seed));
		CHECK(agrees());
	}
	by_range_fini(&range);
	CHECK_EQ(meta.live, 0);
	CHECK_EQ(range.total, 0);
	CHECK_EQ(by_range_avail(&range), 0);
}


TEST(random_bytes)         { random_run(1000, 0, 1); }
TEST(random_from_zero)     { random_run(0, 0, 2); }
TEST(random_pages)         { random_run(0x40000000, 12, 3); }
TEST(random_at_the_end)    { random_run(-(uint64_t)UNITS << 12, 12, 4); }
TEST(random_all_addresses) { random_run(0, 56, 5); }


TEST(empty)
{
	uint64_t base = 5, size = 6;

	reset(0, 0);
	CHECK(by_range_alloc(&range, &(struct by_range_args){ .size = 1 }, &base) == BY_NO_SPACE);
	CHECK(by_range_alloc_at(&range, 0, 1) == BY_CONFLICT);
	CHECK(by_range_remove(&range, 0, 1) == BY_CONFLICT);
	CHECK(by_range_free(&range, 0) == BY_NOT_FOUND);
	CHECK(by_range_find(&range, 0, &base, &size) == BY_NOT_FOUND);
	CHECK(base == 5 && size == 6);
	CHECK_EQ(by_range_avail(&range), 0);
	CHECK_EQ(meta.calls, 0);
}


TEST(wrong_arguments)
{
	uint64_t base;

	reset(0, 0);
	CHECK(by_range_add(&range, 0, 0) == BY_INVALID);
	CHECK(by_range_add(&range, UINT64_MAX, 2) == BY_INVALID);
	CHECK(by_range_add(&range, 1, UINT64_MAX) == BY_OK);
	CHECK(by_range_alloc_at(&range, 5, 0) == BY_INVALID);
	CHECK(by_range_alloc_at(&range, 5, UINT64_MAX) == BY_INVALID);
	CHECK(by_range_remove(&range, 5, 0) == BY_INVALID);
	CHECK(by_range_remove(&range, 2, UINT64_MAX) == BY_INVALID);
	CHECK(by_range_alloc(&range, &(struct by_range_args){ .size = 0 }, &base) == BY_INVALID);
	CHECK(by_range_alloc(&range, &(struct by_range_args){ .size = 1, .align_log2 = 64 },
	                     &base) == BY_INVALID);
	by_range_fini(&range);
}


TEST(nearly_all_of_64_bits)
{
	uint64_t base = 0, size = 0;

	reset(0, 0);
	CHECK(by_range_add(&range, 0, UINT64_MAX) == BY_OK);
	CHECK(by_range_add(&range, UINT64_MAX, 1) == BY_LIMIT);
	CHECK(by_range_alloc(&range, &(struct by_range_args){ .size = UINT64_MAX }, &base) == BY_OK);
	CHECK(by_range_find(&range, UINT64_MAX - 1, &base, &size) == BY_OK);
	CHECK(base == 0 && size == UINT64_MAX);
	CHECK(by_range_find(&range, UINT64_MAX, &base, &size) == BY_NOT_FOUND);
	CHECK(by_range_free(&range, 0) == BY_OK);
	CHECK(by_range_alloc(&range, &(struct by_range_args){ .size = 1, .align_log2 = 63, .from = 1 },
	                     &base) == BY_OK);
	CHECK_EQ(base, (uint64_t)1 << 63);
	CHECK(by_range_alloc(&range, &(struct by_range_args){ .size = 1, .align_log2 = 63, .from = 1 },
	                     &base) == BY_NO_SPACE);
	CHECK(by_range_alloc(&range, &(struct by_range_args){ .size = (uint64_t)1 << 63,
	                     .align_log2 = 63 }, &base) == BY_OK);
	CHECK_EQ(base, 0);
	by_range_fini(&range);
}


TEST(last_address)
{
	uint64_t base = 0, size = 0;

	reset(0, 0);
	CHECK(by_range_add(&range, UINT64_MAX, 1) == BY_OK);
	CHECK(by_range_add(&range, 0, 1) == BY_OK);
	CHECK_EQ(meta.live, 2); /* the ends of the space are no neighbours */
	CHECK(by_range_alloc(&range, &(struct by_range_args){ .size = 1, .from = 1 }, &base) == BY_OK);
	CHECK_EQ(base, UINT64_MAX);
	CHECK(by_range_find(&range, UINT64_MAX, &base, &size) == BY_OK && size == 1);
	by_range_fini(&range);
}


/* A block that fits only because of where it lies is found. */
TEST(lucky_alignment)
{
	uint64_t base = 0;

	reset(0, 0);
	for (uint64_t i = 1; i <= 40; i++)
		CHECK(by_range_add(&range, i * 0x10000 + (i == 33 ? 0x1000 : 0x1800), 0x3000) == BY_OK);
	struct by_range_args args = { .size = 0x3000, .align_log2 = 12 };

	CHECK(by_range_alloc(&range, &args, &base) == BY_OK);
	CHECK_EQ(base, 33 * 0x10000 + 0x1000);
	CHECK(by_range_alloc(&range, &args, &base) == BY_NO_SPACE);
	args = (struct by_range_args){ .size = 0x2000, .align_log2 = 13 };
	CHECK(by_range_alloc(&range, &args, &base) == BY_OK);
	CHECK_EQ(base, 0x12000);
	args = (struct by_range_args){ .size = 0x2000, .align_log2 = 13, .from = 5 * 0x10000,
	                               .to = 7 * 0x10000 };
	CHECK(by_range_alloc(&range, &args, &base) == BY_OK);
	CHECK_EQ(base, 0x52000);
	by_range_fini(&range);
}


/*
 * Many free blocks, each too oddly placed for what is asked. If a search looked
 * at all of them each time, this would take minutes.
 */
TEST(searches_are_logarithmic)
{
	enum { BLOCKS = 100000 };
	struct by_range_args natural = { .size = 0x2000, .align_log2 = 13 };
	struct by_range_args high    = { .size = 0x3000, .from = (uint64_t)BLOCKS << 16 };
	struct by_range_args low     = { .size = 0x3000, .to = 0x10fff };
	uint64_t base;

	reset(0, 0);
	for (uint64_t i = 1; i <= BLOCKS; i++)
		CHECK(by_range_add(&range, i << 16 | 0x1000, 0x2000) == BY_OK);
	CHECK(by_range_add(&range, (uint64_t)1 << 60 | 0x1000, 0x3000) == BY_OK);
	for (int i = 0; i < BLOCKS; i++) {
		CHECK(by_range_alloc(&range, &natural, &base) == BY_OK);
		CHECK_EQ(base, (uint64_t)1 << 60 | 0x2000);
		CHECK(by_range_alloc(&range, &natural, &base) == BY_NO_SPACE);
		CHECK(by_range_free(&range, base) == BY_OK);
		CHECK(by_range_alloc(&range, &low, &base) == BY_NO_SPACE);
		CHECK(by_range_alloc(&range, &high, &base) == BY_OK);
		CHECK(by_range_free(&range, base) == BY_OK);
	}
	by_range_fini(&range);
	CHECK_EQ(meta.live, 0);
}


/* Every change fails cleanly at each allocation of a record, and works again afterwards. */
TEST(exhaustion)
{
	struct by_range_args middle = { .size = 16, .align_log2 = 5, .from = 40 };

	for (unsigned nth = 1; nth <= 3; nth++) {
		reset(0, 0);
		meta.fail_at = 1;
		CHECK(do_add(10, 200) && agrees());
		meta.fail_at = 0;
		CHECK(do_add(10, 200) && agrees());
		meta.calls   = 0;
		meta.fail_at = nth;
		CHECK(do_alloc(16, &middle) && agrees());
		CHECK_EQ(meta.live, nth <= 2 ? 1 : 3);
		meta.calls = 0;
		CHECK(do_alloc_at(100, 8) && agrees());
		meta.calls = 0;
		CHECK(do_remove(160, 8) && agrees());
		CHECK_EQ(meta.live, nth <= 2 ? 1 : 6);
		meta.fail_at = 0;
		CHECK(do_alloc_at(120, 8) && do_remove(180, 8) && agrees());
		by_range_fini(&range);
		CHECK_EQ(meta.live, 0);
	}
}


TEST(all_and_back)
{
	for (unsigned size = 1; size <= 16; size++) {
		reset(0, 4);
		CHECK(do_add(0, UNITS));
		struct by_range_args args = { .size = 0 };

		for (unsigned i = 0; i < UNITS / size; i++)
			CHECK(do_alloc(size, &args));
		CHECK(agrees());
		/* 77 has no divisor in common with UNITS, so that all units have their turn */
		for (unsigned i = 0; i < UNITS; i++)
			CHECK(do_free(i * 77 % UNITS));
		CHECK(agrees() && meta.live == 1);
		CHECK(do_remove(0, UNITS) && meta.live == 0);
		by_range_fini(&range);
	}
}
