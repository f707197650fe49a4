/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Both ends of the Block session, against each other and against peers that lie.
 */
#include "support.h"
#include "unit.h"
#include <block/port.h>
#include <block/queue.h>
#include <stdlib.h>

UNIT_MAIN("block")

enum { DEPTH = 8, BUFFER = 8192, DISK = 100 };

static struct block_layout layout;
static char               *memory;
static struct block_port   port;
static struct block_queue  queue;
static void               *store;

static struct block_view const view = {
	.first = 1000, .count = DISK, .block_size = 512, .most = 12, .writeable = true,
};


static void begin(struct block_view const *what)
{
	free(memory);
	free(store);
	CHECK_EQ(block_layout(DEPTH, BUFFER, &layout), BY_OK);
	memory = aligned_alloc(4096, layout.size);
	store  = malloc(block_queue_store(DEPTH));
	CHECK(memory && store);
	memset(memory, 0, layout.size);
	CHECK_EQ(block_port_init(&port, memory, DEPTH, BUFFER, what), BY_OK);
	CHECK_EQ(block_queue_init(&queue, memory, DEPTH, BUFFER, store), BY_OK);
}


/* Write a request past the client's end, as a client of ill will can. */
static void forge(struct block_request request)
{
	struct by_ring_producer *const ring = &queue.requests;

	CHECK_EQ(by_ring_put(ring, &request), BY_OK);
	(void)!by_ring_publish(ring);
}


static void forge_reply(struct block_reply reply)
{
	CHECK_EQ(by_ring_put(&port.replies, &reply), BY_OK);
	(void)!by_ring_publish(&port.replies);
}


/* What the server makes of one request: BY_OK, or what it has answered. */
static by_status_t verdict(struct block_request request)
{
	struct block_job   job;
	struct block_reply reply;
	by_status_t        status;

	request.tag = 77;
	if (by_ring_put(&queue.requests, &request) != BY_OK)
		return BY_NO_SPACE;
	(void)!by_ring_publish(&queue.requests);
	status = block_port_take(&port, &job);
	if (status == BY_OK) {
		block_port_reply(&port, job.tag, BY_OK);
		status = job.tag == 77 ? BY_INVALID : BY_EMPTY;
	}
	(void)!block_port_commit(&port);
	if (status != BY_INVALID || by_ring_get(&queue.replies, &reply) != BY_OK
	    || reply.tag != 77)
		return BY_BUSY;
	(void)!by_ring_release(&queue.replies);

	return BY_STATUS(reply.status);
}


TEST(layout_has_room_for_all)
{
	struct block_layout one;

	CHECK_EQ(block_layout(1, 1, &one), BY_OK);
	CHECK_EQ(one.data, 4096);
	CHECK_EQ(one.size, 8192);
	CHECK_EQ(block_layout(BLOCK_DEPTH_MAX, 4096, &one), BY_OK);
	CHECK(one.replies >= by_ring_size(BLOCK_DEPTH_MAX, sizeof(struct block_request)));
	CHECK(one.data - one.replies >= by_ring_size(BLOCK_DEPTH_MAX, sizeof(struct block_reply)));
	CHECK_EQ(one.data % BLOCK_PAGE, 0);
	CHECK_EQ(one.size, one.data + 4096);
	CHECK_EQ(block_layout(0, 4096, &one), BY_INVALID);
	CHECK_EQ(block_layout(3, 4096, &one), BY_INVALID);
	CHECK_EQ(block_layout(2 * BLOCK_DEPTH_MAX, 4096, &one), BY_INVALID);
	CHECK_EQ(block_layout(4, 0, &one), BY_INVALID);
	CHECK_EQ(block_layout(4, BLOCK_BUFFER_MAX + 1, &one), BY_INVALID);
	CHECK_EQ(block_layout(4, UINT64_MAX, &one), BY_INVALID);
}


TEST(disks_that_cannot_be)
{
	CHECK(block_disk_valid(0, 512));
	CHECK(block_disk_valid(UINT64_MAX / 512, 512));
	CHECK(block_disk_valid(1, 65536));
	CHECK(!block_disk_valid(UINT64_MAX / 512 + 1, 512));
	CHECK(!block_disk_valid(1, 0));
	CHECK(!block_disk_valid(1, 1));
	CHECK(!block_disk_valid(1, 256));
	CHECK(!block_disk_valid(1, 513));
	CHECK(!block_disk_valid(1, 768));
	CHECK(!block_disk_valid(1, 131072));
}


TEST(views_are_parts)
{
	struct block_view const limit = { .first = 50, .count = 10, .block_size = 512 };
	struct block_view       part;

	CHECK_EQ(block_view_narrow(&limit, 2, 3, false, &part), BY_OK);
	CHECK_EQ(part.first, 52);
	CHECK_EQ(part.count, 3);
	CHECK_EQ(block_view_narrow(&limit, 4, 0, false, &part), BY_OK);
	CHECK_EQ(part.count, 6);
	CHECK_EQ(block_view_narrow(&limit, 10, 0, false, &part), BY_OK);
	CHECK_EQ(part.count, 0);
	CHECK_EQ(block_view_narrow(&limit, 11, 0, false, &part), BY_DENIED);
	CHECK_EQ(block_view_narrow(&limit, 0, 11, false, &part), BY_DENIED);
	CHECK_EQ(block_view_narrow(&limit, 9, 2, false, &part), BY_DENIED);
	CHECK_EQ(block_view_narrow(&limit, 1, UINT64_MAX, false, &part), BY_DENIED);
	CHECK_EQ(block_view_narrow(&limit, UINT64_MAX, 2, false, &part), BY_DENIED);
	CHECK_EQ(block_view_narrow(&limit, 0, 0, true, &part), BY_DENIED);
	CHECK_EQ(block_view_narrow(&view, 0, 0, true, &part), BY_OK);
	CHECK(part.writeable);
	CHECK_EQ(block_view_narrow(&view, 0, 0, false, &part), BY_OK);
	CHECK(!part.writeable);
}


TEST(requests_are_checked)
{
	static struct block_view const wide = {
		.count = UINT64_MAX, .block_size = 65536, .most = UINT32_MAX,
	};

	begin(&view);
	CHECK_EQ(verdict((struct block_request){ .count = 1 }), BY_OK);
	CHECK_EQ(verdict((struct block_request){ .count = 12 }), BY_OK);
	CHECK_EQ(verdict((struct block_request){ .count = 13 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = 0 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = UINT32_MAX }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .block = DISK - 1, .count = 1 }), BY_OK);
	CHECK_EQ(verdict((struct block_request){ .block = DISK - 1, .count = 2 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .block = DISK, .count = 1 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .block = UINT64_MAX, .count = 2 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = 1, .offset = BUFFER - 512 }), BY_OK);
	CHECK_EQ(verdict((struct block_request){ .count = 1, .offset = BUFFER }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = 2, .offset = BUFFER - 512 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = 1, .offset = 511 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = 1, .offset = UINT32_MAX & ~511u }),
	         BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = 1, .reserved = 1 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .op = BLOCK_FLUSH, .count = 99 }), BY_OK);
	CHECK_EQ(verdict((struct block_request){ .op = BLOCK_WRITE, .count = 1 }), BY_OK);
	CHECK_EQ(verdict((struct block_request){ .op = BLOCK_DISCARD, .count = 1 }),
	         BY_NOT_SUPPORTED);
	CHECK_EQ(verdict((struct block_request){ .op = UINT32_MAX, .count = 1 }),
	         BY_NOT_SUPPORTED);
	CHECK_EQ(port.under_way, 0);

	/* what changes blocks without data */
	struct block_view changing = view;

	changing.most_discard = 70;
	begin(&changing);
	CHECK_EQ(verdict((struct block_request){ .op = BLOCK_WRITE_ZEROES, .count = 1 }),
	         BY_NOT_SUPPORTED);
	changing.most_zeroes = 40;
	begin(&changing);
	for (uint32_t op = BLOCK_DISCARD; op <= BLOCK_WRITE_ZEROES; op++) {
		uint32_t const most = op == BLOCK_DISCARD ? 70 : 40;

		CHECK_EQ(verdict((struct block_request){ .op = op, .count = most }), BY_OK);
		CHECK_EQ(verdict((struct block_request){ .op = op, .count = most + 1 }), BY_INVALID);
		CHECK_EQ(verdict((struct block_request){ .op = op, .count = 0 }), BY_INVALID);
		CHECK_EQ(verdict((struct block_request){ .op = op, .block = DISK - 1, .count = 1 }), BY_OK);
		CHECK_EQ(verdict((struct block_request){ .op = op, .block = DISK - 1, .count = 2 }),
		         BY_INVALID);
		CHECK_EQ(verdict((struct block_request){ .op = op, .block = UINT64_MAX, .count = 2 }),
		         BY_INVALID);
		CHECK_EQ(verdict((struct block_request){ .op = op, .count = 1, .reserved = 1 }), BY_INVALID);
	}
	changing.writeable = false;
	begin(&changing);
	CHECK_EQ(verdict((struct block_request){ .op = BLOCK_DISCARD, .count = 1 }), BY_DENIED);
	CHECK_EQ(verdict((struct block_request){ .op = BLOCK_WRITE_ZEROES, .count = 1 }), BY_DENIED);

	/* large blocks, and counts of them that do not fit into 32 bits as bytes */
	begin(&wide);
	CHECK_EQ(verdict((struct block_request){ .count = 65536 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = 65537 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .count = 1 }), BY_INVALID);
	CHECK_EQ(verdict((struct block_request){ .op = BLOCK_WRITE, .count = 1 }), BY_DENIED);
}


TEST(jobs_are_where_the_view_is)
{
	struct block_io  io = { .op = BLOCK_WRITE, .block = 7, .count = 3, .offset = 1024 }, *back;
	struct block_job job;

	begin(&view);
	CHECK_EQ(block_queue_put(&queue, &io), BY_OK);
	CHECK_EQ(block_port_take(&port, &job), BY_EMPTY);
	CHECK(block_queue_commit(&queue));
	CHECK_EQ(block_port_take(&port, &job), BY_OK);
	CHECK_EQ(job.op, BLOCK_WRITE);
	CHECK_EQ(job.block, 1007);
	CHECK_EQ(job.count, 3);
	CHECK_EQ(job.offset, 1024);
	CHECK_EQ(block_queue_take(&queue, &back), BY_EMPTY);
	block_port_reply(&port, job.tag, BY_IO_ERROR);
	CHECK_EQ(block_queue_take(&queue, &back), BY_EMPTY);
	CHECK(block_port_commit(&port));
	CHECK_EQ(block_queue_take(&queue, &back), BY_OK);
	CHECK(back == &io);
	CHECK_EQ(io.status, BY_IO_ERROR);
	CHECK_EQ(queue.under_way, 0);
}


/* What a server gets to see of a request is what counts for it. */
TEST(what_does_not_count_is_not_passed_on)
{
	static struct { enum block_op op; uint64_t block; uint32_t count, offset; } const wanted[] = {
		[BLOCK_READ]         = { BLOCK_READ, 1007, 3, 1024 },
		[BLOCK_WRITE]        = { BLOCK_WRITE, 1007, 3, 1024 },
		[BLOCK_FLUSH]        = { BLOCK_FLUSH, 1000, 0, 0 },
		[BLOCK_DISCARD]      = { BLOCK_DISCARD, 1007, 3, 0 },
		[BLOCK_WRITE_ZEROES] = { BLOCK_WRITE_ZEROES, 1007, 3, 0 },
	};
	struct block_view changing = view;

	changing.most_discard = changing.most_zeroes = 10;
	begin(&changing);
	for (uint32_t op = 0; op < BLOCK_OPS; op++) {
		struct block_io  io = { .op = (enum block_op)op, .block = 7, .count = 3, .offset = 1024 };
		struct block_job job;

		CHECK_EQ(block_queue_put(&queue, &io), BY_OK);
		CHECK(block_queue_commit(&queue) || op);
		CHECK_EQ(block_port_take(&port, &job), BY_OK);
		CHECK_EQ(job.op, wanted[op].op);
		CHECK_EQ(job.block, wanted[op].block);
		CHECK_EQ(job.count, wanted[op].count);
		CHECK_EQ(job.offset, wanted[op].offset);
	}
}


/* Both honest, for a long time: each request comes back once, with its own answer. */
TEST(every_request_comes_back_once)
{
	struct block_io  io[DEPTH + 1];
	struct block_job job[DEPTH];
	bool             under_way[DEPTH + 1] = { false };
	uint64_t         seed = 5;
	unsigned         jobs = 0, done = 0, full = 0;

	begin(&view);
	for (unsigned step = 0; step < 200000; step++) {
		unsigned const who = support_below(&seed, DEPTH + 1);
		struct block_io *back;

		switch (support_below(&seed, 6)) {
		case 0: case 4: case 5:
			if (under_way[who])
				break;
			io[who] = (struct block_io){ .block = who, .count = 1, .status = BY_BUSY };
			by_status_t const status = block_queue_put(&queue, &io[who]);
			under_way[who] = status == BY_OK;
			CHECK(status == BY_OK || (status == BY_NO_SPACE && queue.under_way == DEPTH));
			full += status != BY_OK;
			(void)!block_queue_commit(&queue);
			break;
		case 1:
			if (block_port_take(&port, &job[jobs]) == BY_OK)
				jobs++;
			break;
		case 2:
			if (!jobs)
				break;
			unsigned const which = support_below(&seed, jobs);

			block_port_reply(&port, job[which].tag,
			                 job[which].block % 2 ? BY_OK : BY_IO_ERROR);
			job[which] = job[--jobs];
			(void)!block_port_commit(&port);
			break;
		default:
			if (block_queue_take(&queue, &back) != BY_OK)
				break;
			CHECK(under_way[back - io]);
			under_way[back - io] = false;
			CHECK_EQ(back->status, back->block % 2 ? BY_OK : BY_IO_ERROR);
			(void)!block_queue_commit(&queue);
			done++;
		}
	}
	CHECK(done > 10000 && full > 100);
}


/* A sleeper is signalled once, whoever is awake not at all. */
TEST(signals_are_few)
{
	struct block_io  io[4] = { { .count = 1 }, { .count = 1 }, { .count = 1 }, { .count = 1 } };
	struct block_job job;
	struct block_io *back;

	begin(&view);
	CHECK_EQ(block_port_sleep(&port), BY_EMPTY);
	CHECK_EQ(block_queue_put(&queue, &io[0]), BY_OK);
	CHECK(block_queue_commit(&queue));
	CHECK_EQ(block_queue_put(&queue, &io[1]), BY_OK);
	CHECK(!block_queue_commit(&queue));
	CHECK_EQ(block_queue_sleep(&queue), BY_EMPTY);
	CHECK_EQ(block_port_take(&port, &job), BY_OK);
	block_port_reply(&port, job.tag, BY_OK);
	CHECK(block_port_commit(&port));
	CHECK_EQ(block_port_take(&port, &job), BY_OK);
	block_port_reply(&port, job.tag, BY_OK);
	CHECK(!block_port_commit(&port));
	CHECK_EQ(block_queue_sleep(&queue), BY_OK);
	CHECK_EQ(block_queue_take(&queue, &back), BY_OK);
	CHECK_EQ(block_queue_take(&queue, &back), BY_OK);
	CHECK_EQ(block_queue_take(&queue, &back), BY_EMPTY);
	CHECK(!block_queue_commit(&queue));
	CHECK_EQ(block_queue_sleep(&queue), BY_OK); /* nothing is under way */
}


/* A client that does not take its replies keeps nobody waiting but itself. */
TEST(a_request_without_room_for_its_reply_is_not_taken)
{
	struct block_job   job;
	struct block_reply reply;

	begin(&view);
	for (unsigned i = 0; i < DEPTH; i++)
		forge((struct block_request){ .count = 1, .tag = i });
	for (unsigned i = 0; i < DEPTH; i++)
		CHECK_EQ(block_port_take(&port, &job), BY_OK);
	CHECK_EQ(block_port_take(&port, &job), BY_NO_SPACE);
	(void)!block_port_commit(&port);
	CHECK_EQ(block_port_sleep(&port), BY_NO_SPACE);
	for (unsigned i = 0; i < DEPTH; i++)
		forge((struct block_request){ .count = 0, .tag = i });
	for (unsigned i = 0; i < DEPTH; i++)
		block_port_reply(&port, i, BY_OK);
	(void)!block_port_commit(&port);
	CHECK_EQ(block_port_take(&port, &job), BY_NO_SPACE);
	CHECK_EQ(block_port_sleep(&port), BY_NO_SPACE);
	CHECK_EQ(by_ring_get(&queue.replies, &reply), BY_OK);
	CHECK(by_ring_release(&queue.replies)); /* the server is to be told */
	CHECK_EQ(block_port_take(&port, &job), BY_INVALID);
	CHECK_EQ(block_port_take(&port, &job), BY_NO_SPACE);
}


/* Answers that are not taken, and those of what is under way, need their room together. */
TEST(room_for_answers_is_kept)
{
	struct block_job job;

	begin(&view);
	for (unsigned i = 0; i < DEPTH; i++)
		forge((struct block_request){ .count = 1, .tag = i });
	for (unsigned i = 0; i < DEPTH; i++)
		CHECK_EQ(block_port_take(&port, &job), BY_OK);
	for (unsigned i = 0; i < DEPTH / 2; i++)
		block_port_reply(&port, i, BY_OK);
	(void)!block_port_commit(&port);
	forge((struct block_request){ .count = 1 });
	CHECK_EQ(block_port_take(&port, &job), BY_NO_SPACE);
	CHECK_EQ(block_port_sleep(&port), BY_NO_SPACE);
	for (unsigned i = DEPTH / 2; i < DEPTH; i++)
		block_port_reply(&port, i, BY_OK);
	CHECK_EQ(block_port_take(&port, &job), BY_NO_SPACE);
}


TEST(a_client_that_lies_about_indices_is_given_up)
{
	struct block_job job;

	begin(&view);
	struct by_ring_shared *const ring = (void *)(memory + layout.requests);

	ring->producer.index.value = DEPTH + 1;
	CHECK_EQ(block_port_take(&port, &job), BY_MALFORMED);
	ring->producer.index.value = 0;
	CHECK_EQ(block_port_take(&port, &job), BY_MALFORMED);
	CHECK_EQ(block_port_sleep(&port), BY_MALFORMED);

	/* the same of the ring in which it only takes */
	begin(&view);
	struct by_ring_shared *const replies = (void *)(memory + layout.replies);

	for (unsigned i = 0; i < DEPTH; i++)
		forge((struct block_request){ .count = 1, .tag = i });
	for (unsigned i = 0; i < DEPTH; i++)
		CHECK_EQ(block_port_take(&port, &job), BY_OK);
	for (unsigned i = 0; i < DEPTH; i++)
		block_port_reply(&port, i, BY_OK);
	replies->consumer.index.value = 5; /* nothing is published yet */
	(void)!by_ring_release(&port.requests);
	forge((struct block_request){ .count = 1 });
	CHECK_EQ(block_port_take(&port, &job), BY_MALFORMED);
	CHECK(port.broken);
}


/* Tags that were never given, that came back already, statuses that do not exist. */
TEST(a_server_that_lies_is_given_up)
{
	static struct block_reply const lies[] = {
		{ .tag = DEPTH }, { .tag = UINT32_MAX }, { .tag = 3 }, { .tag = 0, .status = 64 },
		{ .tag = 0, .status = UINT32_MAX },
	};

	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct block_io io[2] = { { .count = 1 }, { .count = 1 } }, *back;

		begin(&view);
		CHECK_EQ(block_queue_put(&queue, &io[0]), BY_OK);
		CHECK_EQ(block_queue_put(&queue, &io[1]), BY_OK);
		(void)!block_queue_commit(&queue);
		forge_reply(lies[i]);
		for (unsigned k = 0; k < 2; k++) {
			CHECK_EQ(block_queue_take(&queue, &back), BY_OK);
			CHECK_EQ(back->status, BY_MALFORMED);
		}
		CHECK_EQ(block_queue_take(&queue, &back), BY_EMPTY);
		CHECK_EQ(block_queue_put(&queue, &io[0]), BY_MALFORMED);
		CHECK(!block_queue_commit(&queue));
	}
}


TEST(the_same_answer_twice_is_a_lie)
{
	struct block_io io[2] = { { .count = 1 }, { .count = 1 } }, *back;

	begin(&view);
	CHECK_EQ(block_queue_put(&queue, &io[0]), BY_OK);
	CHECK_EQ(block_queue_put(&queue, &io[1]), BY_OK);
	(void)!block_queue_commit(&queue);
	forge_reply((struct block_reply){ .tag = 0 });
	forge_reply((struct block_reply){ .tag = 0 });
	CHECK_EQ(block_queue_take(&queue, &back), BY_OK);
	CHECK(back == &io[0]);
	CHECK_EQ(io[0].status, BY_OK);
	CHECK_EQ(block_queue_take(&queue, &back), BY_OK);
	CHECK(back == &io[1]);
	CHECK_EQ(io[1].status, BY_MALFORMED);
}


/* With a full ring of requests that no server can have left behind. */
TEST(a_server_without_room_lies)
{
	struct block_io io = { .count = 1 };

	begin(&view);
	for (unsigned i = 0; i < DEPTH; i++)
		forge((struct block_request){ .count = 1 });
	CHECK_EQ(block_queue_put(&queue, &io), BY_MALFORMED);
}


TEST(what_is_under_way_comes_back_when_the_server_dies)
{
	struct block_io io[DEPTH], *back;
	unsigned        count = 0;

	begin(&view);
	for (unsigned i = 0; i < DEPTH; i++) {
		io[i] = (struct block_io){ .count = 1, .status = BY_OK };
		CHECK_EQ(block_queue_put(&queue, &io[i]), BY_OK);
	}
	(void)!block_queue_commit(&queue);
	block_queue_fail(&queue, BY_GONE);
	memset(memory, 0xff, layout.size); /* is not looked at any more */
	while (block_queue_take(&queue, &back) == BY_OK) {
		CHECK_EQ(back->status, BY_GONE);
		back->status = BY_OK;
		count++;
	}
	CHECK_EQ(count, DEPTH);
	CHECK_EQ(block_queue_put(&queue, &io[0]), BY_GONE);
	CHECK_EQ(block_queue_sleep(&queue), BY_OK);
}
