/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a server refuses, and what it does not.
 */
#include "tester.h"


static by_status_t ask(struct tester *tester, struct block_io io)
{
	return block_client_do(&tester->client, &io);
}


/* The edges of the disk and of the buffer. */
static void test_edges(struct tester *tester)
{
	struct by_block_info const *const info = &tester->client.info;
	uint32_t const one  = info->block_size;
	uint32_t const last = (uint32_t)tester->client.buffer - one;

	check_part("the last block, the end of the buffer, and nothing beyond");
	CHECK_STATUS(ask(tester, (struct block_io){ .block = info->count - 1, .count = 1 }), BY_OK);
	CHECK_STATUS(ask(tester, (struct block_io){ .count = 1, .offset = last }), BY_OK);
	CHECK_STATUS(ask(tester, (struct block_io){ .count = info->most }), BY_OK);

	struct block_io const wrong[] = {
		{ .count = 0 },
		{ .block = info->count, .count = 1 },
		{ .block = info->count - 1, .count = 2 },
		{ .block = UINT64_MAX, .count = 1 },
		{ .block = UINT64_MAX, .count = 2 },
		{ .block = (uint64_t)1 << 55, .count = 1 },
		{ .count = 1, .offset = last + one },
		{ .count = 1, .offset = last + 1 },
		{ .count = 1, .offset = 1 },
		{ .count = 1, .offset = UINT32_MAX },
		{ .count = 2, .offset = last },
		{ .count = info->most + 1 },
		{ .count = UINT32_MAX },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (!CHECK_STATUS(ask(tester, wrong[i]), BY_INVALID))
			by_log("wrong request %u", (unsigned)i);
}


/* Requests that change blocks without data; all of them wrong. */
static void test_change(struct tester *tester, enum block_op op, uint32_t most)
{
	struct by_block_info const *const info = &tester->client.info;
	by_status_t const answer = !most ? BY_NOT_SUPPORTED : info->writeable ? BY_INVALID : BY_DENIED;
	struct block_io const wrong[] = {
		{ .op = op, .count = 0 },
		{ .op = op, .block = info->count, .count = 1 },
		{ .op = op, .block = info->count - 1, .count = 2 },
		{ .op = op, .block = UINT64_MAX, .count = 2 },
		{ .op = op, .count = UINT32_MAX },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (!CHECK_STATUS(ask(tester, wrong[i]), answer))
			by_log("wrong request %u of operation %u", (unsigned)i, (unsigned)op);
}


static void test_operations(struct tester *tester)
{
	struct block_io write = { .op = BLOCK_WRITE, .count = 1 };

	check_part("operations");
	CHECK_STATUS(ask(tester, (struct block_io){ .op = BLOCK_FLUSH }), BY_OK);
	test_change(tester, BLOCK_DISCARD, tester->client.limits.discard);
	test_change(tester, BLOCK_WRITE_ZEROES, tester->client.limits.zeroes);
	CHECK_STATUS(ask(tester, (struct block_io){ .op = BLOCK_OPS, .count = 1 }),
	             BY_NOT_SUPPORTED);
	CHECK_STATUS(ask(tester, (struct block_io){ .op = (enum block_op)1000, .count = 1 }),
	             BY_NOT_SUPPORTED);
	if (!tester->client.info.writeable)
		CHECK_STATUS(ask(tester, write), BY_DENIED);
	write.block = tester->client.info.count;
	CHECK_STATUS(ask(tester, write), tester->client.info.writeable ? BY_INVALID : BY_DENIED);
}


/* A session begins once, and with a signal. */
static void test_start(struct tester *tester)
{
	struct by_block *const session = &tester->client.session;
	by_cap_t memory, work;

	check_part("calls");
	CHECK_STATUS(by_block_start(session, tester->client.handler.target.cap, &memory, &work),
	             BY_EXISTS);
}


/* Other sessions, with arguments that make no sense or ask for too much. */
static void test_arguments(struct tester *tester)
{
	struct by_block_args const args   = { .depth = 4, .buffer = 4096 };
	struct by_block_args       wrong  = args;
	static struct block_client other;
	struct by_block            without;

	check_part("arguments of sessions");
	CHECK_STATUS(by_block_open(tester->env, "", &args, &without), BY_OUT_OF_RAM);
	wrong.depth = 3;
	CHECK_STATUS(by_block_open(tester->env, "", &wrong, &without), BY_INVALID);
	wrong.depth = 2 * BLOCK_DEPTH_MAX;
	CHECK_STATUS(by_block_open(tester->env, "", &wrong, &without), BY_INVALID);
	wrong = args;
	wrong.buffer = UINT64_MAX;
	CHECK_STATUS(by_block_open(tester->env, "", &wrong, &without), BY_INVALID);
	wrong = args;
	wrong.first = (uint64_t)1 << 40;
	CHECK_STATUS(block_client_open(tester->env, &other, "", &wrong, NULL), BY_DENIED);
	wrong.first = 1;
	wrong.count = UINT64_MAX;
	CHECK_STATUS(block_client_open(tester->env, &other, "", &wrong, NULL), BY_DENIED);

	/* a part: its only block, and nothing behind it */
	wrong.count = 1;
	if (!CHECK_STATUS(block_client_open(tester->env, &other, "", &wrong, NULL), BY_OK))
		return;
	struct block_io io = { .count = 1 };

	CHECK_EQ(other.info.count, 1);
	CHECK(!other.info.writeable);
	CHECK_STATUS(block_client_do(&other, &io), BY_OK);
	io.block = 1;
	CHECK_STATUS(block_client_do(&other, &io), BY_INVALID);
	io = (struct block_io){ .op = BLOCK_WRITE, .count = 1 };
	CHECK_STATUS(block_client_do(&other, &io), BY_DENIED);
	block_client_close(&other);
}


/* More at once than a server looks at in one go, all of them wrong: each is answered. */
static void test_burst(struct tester *tester)
{
	static struct block_io       io[BLOCK_DEPTH_MAX];
	static struct block_client   other;
	struct by_block_args const   args = { .depth = BLOCK_DEPTH_MAX, .buffer = 4096 };
	struct block_io             *back;
	unsigned                     refused = 0;

	check_part("very many wrong requests");
	if (!CHECK_STATUS(block_client_open(tester->env, &other, "", &args, NULL), BY_OK))
		return;

	for (unsigned i = 0; i < BLOCK_DEPTH_MAX; i++)
		CHECK_STATUS(block_client_put(&other, &io[i]), BY_OK);
	CHECK_STATUS(block_client_put(&other, &io[0]), BY_NO_SPACE);
	block_client_push(&other);
	while (other.queue.under_way) {
		back = block_client_take(&other);
		refused += back && back->status == BY_INVALID;
		if (!back)
			by_endpoint_wait_io(tester->env->endpoint);
	}
	CHECK_EQ(refused, BLOCK_DEPTH_MAX);
	block_client_close(&other);
}


void refuse_run(struct tester *tester)
{
	test_edges(tester);
	test_operations(tester);
	test_start(tester);
	test_arguments(tester);
	test_burst(tester);
}
