/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of both ends of the Block session: the input is what client and server do,
 * and what either writes into the shared memory instead of what it should.
 *
 *    p and a character: put a request        c commit      t take what has come back
 *    g take a job    r and a character: answer a job       C commit      s sleep, both
 *    ! and two characters: write into the rings' words     e likewise into an element
 *
 * Always: a job lies within view and buffer; no more are under way than agreed; each request
 * comes back once; no end accesses anything but its memory.
 */
#include "canary.h"
#include "require.h"
#include <block/port.h>
#include <block/queue.h>
#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

enum { DEPTH = 4, BUFFER = 4096, DISK = 64, MOST = 4 };

static struct block_view const view = {
	.first = 1 << 20, .count = DISK, .block_size = 512, .most = MOST, .writeable = true,
	.most_discard = DISK,
};

static struct block_layout layout;
static char               *memory;
static char               *store;
static struct block_port   port;
static struct block_queue  queue;
static struct block_io     io[DEPTH];
static bool                mine[DEPTH];  /* the request is the client's */
static struct block_job    job[DEPTH];
static unsigned            jobs, taken, refused, back_count, given_up;

void by_assert_fail(char const *file, int line, char const *text);

void by_assert_fail(char const *file, int line, char const *text)
{
	(void)file, (void)line;
	require(false, text);
	abort();
}


static void start(void)
{
	REQUIRE(block_layout(DEPTH, BUFFER, &layout) == BY_OK);
	memory = aligned_alloc(4096, layout.size);
	memset(memory, 0, layout.size);
	store = malloc(block_queue_store(DEPTH));
	REQUIRE(block_port_init(&port, memory, DEPTH, BUFFER, &view) == BY_OK);
	REQUIRE(block_queue_init(&queue, memory, DEPTH, BUFFER, store) == BY_OK);
	memset(mine, 1, sizeof(mine));
	jobs = taken = refused = back_count = given_up = 0;
}


static void put(uint8_t what)
{
	unsigned const which = what % DEPTH;

	if (!mine[which])
		return;

	io[which] = (struct block_io){
		.op = (enum block_op)(what / 4 % 6), .block = what * 3u % 80, .count = what / 16 % 6,
		.offset = what % 10 * 512u,
	};
	mine[which] = block_queue_put(&queue, &io[which]) != BY_OK;
}


static void take_back(void)
{
	struct block_io *back;

	if (block_queue_take(&queue, &back) != BY_OK)
		return;

	REQUIRE(back >= io && back < io + DEPTH && !mine[back - io]);
	mine[back - io] = true;
	back_count++;
	given_up += back->status == BY_MALFORMED;
}


static void take_job(void)
{
	struct block_job taken_job;

	if (jobs == DEPTH)
		return;

	by_status_t const status = block_port_take(&port, &taken_job);

	refused += status == BY_INVALID;
	if (status != BY_OK)
		return;

	REQUIRE(taken_job.op < BLOCK_OPS);
	if (taken_job.op != BLOCK_FLUSH) {
		REQUIRE(taken_job.count >= 1 && taken_job.op != BLOCK_WRITE_ZEROES);
		REQUIRE(taken_job.block >= view.first);
		REQUIRE(taken_job.block + taken_job.count <= view.first + DISK);
		REQUIRE(taken_job.op == BLOCK_DISCARD ? !taken_job.offset
		        : taken_job.count <= MOST
		          && taken_job.offset + taken_job.count * 512 <= BUFFER);
	}
	job[jobs++] = taken_job;
	taken++;
}


static void answer(uint8_t what)
{
	if (!jobs)
		return;

	unsigned const which = what % jobs;

	block_port_reply(&port, job[which].tag, what & 0x80 ? BY_IO_ERROR : BY_OK);
	job[which] = job[--jobs];
}


/* What either side may write at any moment. */
static void lie(uint8_t where, uint8_t what, bool element)
{
	struct by_ring_shared *const requests = (void *)(memory + layout.requests);
	struct by_ring_shared *const replies  = (void *)(memory + layout.replies);
	uint32_t *const words[] = {
		&requests->producer.index.value, &requests->consumer.index.value,
		&replies->producer.index.value, &replies->consumer.index.value,
		&requests->producer.wake_at.value, &replies->consumer.wake_at.value,
	};
	uint32_t *const elements = (uint32_t *)(where & 1 ? requests + 1 : replies + 1);

	if (element)
		elements[where / 2 % (DEPTH * 4)] = what & 0x80 ? what * 0x01010101u : what;
	else if (what & 0x80)
		*words[where % 6] = what * 0x01010101u;
	else
		*words[where % 6] += what & 0x40 ? (uint32_t)-(what & 7) : what & 7u;
}


static size_t step(uint8_t const *data, size_t size)
{
	uint8_t const next = size > 1 ? data[1] : 0;

	switch (data[0]) {
	case 'p': put(next); return 2;
	case 'c': (void)!block_queue_commit(&queue); return 1;
	case 't': take_back(); return 1;
	case 'g': take_job(); return 1;
	case 'r': answer(next); return 2;
	case 'C': (void)!block_port_commit(&port); return 1;
	case 's': (void)!block_port_sleep(&port); (void)!block_queue_sleep(&queue); return 1;
	case '!': case 'e':
		if (size > 2)
			lie(data[1], data[2], data[0] == 'e');
		return 3;
	default: return 1;
	}
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	start();
	for (size_t at = 0; at < size; ) {
		at += step(data + at, size - at);
		REQUIRE(port.under_way == jobs && queue.under_way <= DEPTH);
	}
	canary(taken > 2 && refused > 0 && back_count > 2 && given_up > 1);
	free(memory);
	free(store);

	return 0;
}
