/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading, writing and comparing. The word number n of a disk, as 32-bit words are counted,
 * is n + seed; so each word tells where it belongs.
 */
#include "tester.h"
#include <by/container.h>

enum { VARIED = 13 }; /* blocks of the largest request, if they change */

/* A request with its part of the buffer. */
struct slot {
	struct block_io io;
	bool            busy;
};

static struct {
	struct tester     *tester;
	struct pass const *pass;
	struct slot        slot[DEPTH_MAX];
	uint32_t           slot_size;   /* bytes */
	uint64_t           next;        /* request to begin */
	uint64_t           stride, all; /* requests go by this step, modulo their number */
	uint32_t           blocks;      /* of a request */
	uint32_t           under_way;
	by_status_t        status;
} run;


static uint32_t *words_of(struct slot const *slot)
{
	return (uint32_t *)(void *)(run.tester->client.data + slot->io.offset);
}


/* First word of the disk that a request concerns, and how many. */
static uint32_t first_word(struct slot const *slot)
{
	uint32_t const per_block = run.tester->client.info.block_size / 4;

	return (uint32_t)(slot->io.block + run.tester->args.first) * per_block + run.pass->seed;
}


static uint32_t word_count(struct slot const *slot)
{
	return slot->io.count * (run.tester->client.info.block_size / 4);
}


static void fill(struct slot *slot)
{
	uint32_t *const words = words_of(slot);
	uint32_t const  first = first_word(slot), count = word_count(slot);

	for (uint32_t i = 0; i < count; i++)
		words[i] = first + i;
}


/* Whether all is as it was written; the first difference is told. */
static void compare(struct slot const *slot)
{
	uint32_t const *const words = words_of(slot);
	uint32_t const first = first_word(slot), count = word_count(slot);

	for (uint32_t i = 0; i < count; i++) {
		uint32_t const expected = run.pass->zero ? 0 : first + i;

		if (words[i] != expected) {
			CHECK_EQ(words[i], expected);
			by_log("block %llu of %u, word %u", (unsigned long long)slot->io.block,
			       slot->io.count, i);
			return;
		}
	}
}


/* What was read must come from the device, and not from what was here before. */
static void spoil(struct slot *slot)
{
	uint32_t *const words = words_of(slot);
	uint32_t const  count = word_count(slot);

	for (uint32_t i = 0; i < count; i += 16)
		words[i] = 0xdeadbeef;
}


/*
 * Requests
 */

/* The request of this number; of changing sizes, a part of it is left to the last ones. */
static void plan(struct slot *slot, uint64_t number)
{
	uint64_t const count = run.tester->client.info.count;

	slot->io.op    = run.pass->op;
	slot->io.block = number * run.blocks;
	slot->io.count = run.blocks;
	if (slot->io.block + slot->io.count > count)
		slot->io.count = (uint32_t)(count - slot->io.block);
	slot->io.offset = (uint32_t)(slot - run.slot) * run.slot_size;
}


static by_status_t begin(struct slot *slot)
{
	plan(slot, run.next);
	run.next = (run.next + run.stride) % run.all;
	if (run.pass->op == BLOCK_WRITE && !run.pass->blind)
		fill(slot);
	if (run.pass->op == BLOCK_READ && !run.pass->blind)
		spoil(slot);

	by_status_t const status = block_client_put(&run.tester->client, &slot->io);

	if (status == BY_OK) {
		slot->busy = true;
		run.under_way++;
	}

	return status;
}


static void report(struct tester *tester)
{
	CHECK_STATUS(by_progress_report(&tester->progress, "tester", tester->requests + 1), BY_OK);
}


/* After the first requests were put, ... */
static void push(struct tester *tester)
{
	block_client_push(&tester->client);
	if (tester->report && !tester->announced) {
		tester->announced = true;
		report(tester);
	}
}


/* ... and after so many more. */
static void count(struct tester *tester)
{
	tester->requests++;
	if (tester->report && tester->requests % tester->report == 0)
		report(tester);
}


static void finish(struct block_io *io)
{
	struct slot *const slot = BY_CONTAINER_OF(io, struct slot, io);

	slot->busy = false;
	run.under_way--;
	if (io->status == BY_GONE)
		run.status = BY_GONE;
	if (run.status != BY_OK)
		return;

	if (CHECK_STATUS(io->status, BY_OK) && run.pass->op == BLOCK_READ && !run.pass->blind)
		compare(slot);
	count(run.tester);
}


static uint32_t greatest_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t const rest = a % b;

		a = b;
		b = rest;
	}

	return (uint32_t)a;
}


/* A step that leads to each request once. */
static uint64_t random_stride(uint64_t all, uint32_t seed)
{
	uint64_t stride = all / 3 + seed % 7 + 1;

	while (greatest_divisor(stride, all) != 1)
		stride++;

	return stride;
}


/* Blocks that a request can have at most. */
static uint32_t most_blocks(struct tester const *tester, enum block_op op)
{
	switch (op) {
	case BLOCK_DISCARD:      return tester->client.limits.discard;
	case BLOCK_WRITE_ZEROES: return tester->client.limits.zeroes;
	default:                 return run.slot_size / tester->client.info.block_size;
	}
}


static by_status_t prepare(struct tester *tester, struct pass const *pass, uint32_t blocks)
{
	struct by_block_info const *const info = &tester->client.info;

	run.tester    = tester;
	run.pass      = pass;
	run.slot_size = (uint32_t)tester->client.buffer / tester->args.depth / info->block_size
	                * info->block_size;
	uint32_t const most = most_blocks(tester, pass->op);

	if (!most)
		return BY_NOT_SUPPORTED;

	run.blocks = blocks <= most ? blocks : most;
	run.all    = (info->count + run.blocks - 1) / run.blocks;
	run.stride = pass->random ? random_stride(run.all, pass->seed) % run.all : 1 % run.all;
	run.next   = 0;
	run.status = BY_OK;

	return BY_OK;
}


/* One time through it, with requests of one size. */
static by_status_t go_through(struct tester *tester, struct pass const *pass, uint32_t blocks)
{
	by_status_t const status = prepare(tester, pass, blocks);

	if (status != BY_OK)
		return status;

	uint64_t left = run.all;

	while (left || run.under_way) {
		for (uint32_t i = 0; i < tester->args.depth && left && run.status == BY_OK; i++) {
			if (run.slot[i].busy)
				continue;
			run.status = begin(&run.slot[i]);
			left--;
		}
		push(tester);

		struct block_io *io = block_client_take(&tester->client);

		if (!io && run.under_way)
			by_endpoint_wait_io(tester->env->endpoint);
		else if (!io)
			break;
		for (; io; io = block_client_take(&tester->client))
			finish(io);
	}

	return run.status;
}


by_status_t pass_run(struct tester *tester, struct pass const *pass)
{
	by_status_t status = BY_OK;

	if (pass->blocks)
		return go_through(tester, pass, pass->blocks);

	for (uint32_t blocks = 1; blocks <= VARIED && status == BY_OK; blocks += 4)
		status = go_through(tester, pass, blocks);

	return status;
}
