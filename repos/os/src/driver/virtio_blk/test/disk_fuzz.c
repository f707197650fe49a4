/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of the driver's part that talks to the device: the input is what the device
 * is, what clients ask for, and what the device writes into the memory that it can access.
 *
 *    first 4 characters: features, capacity, size of blocks, size of the queue
 *    b and a character: begin a request     p push      d do all as it should be done
 *    u and two characters: give back this id with so many bytes
 *    s and a character: a status for the request that was taken last
 *    i interrupt, and a character: why      x jump of the index
 *    w and two characters: write anywhere into the driver's memory
 *
 * Always: each request ends once and with a status; no access beyond the memory; a device that
 * was given up is reset.
 */
#include "canary.h"
#include "model.h"
#include "require.h"
#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);

enum { TAGS = 64 };

static struct disk disk;
static bool        under_way[TAGS];
static unsigned    begun, ends, good, errors, stops;
static uint16_t    last;

void by_assert_fail(char const *file, int line, char const *text);

void by_assert_fail(char const *file, int line, char const *text)
{
	(void)file, (void)line;
	require(false, text);
	abort();
}


static void done(struct disk *self, void *owner, uint32_t tag, by_status_t status)
{
	REQUIRE(self == &disk && owner == &under_way[tag] && under_way[tag]);
	REQUIRE(status == BY_OK || status == BY_IO_ERROR || status == BY_NOT_SUPPORTED
	        || status == BY_GONE);
	under_way[tag] = false;
	ends++;
	good += status == BY_OK;
	errors += status == BY_IO_ERROR;
}


static void stopped(struct disk *self, char const *why)
{
	(void)self, (void)why;
	stops++;
}


static bool start(uint8_t const *data)
{
	model_init();
	model.offers  |= data[0] | (uint64_t)(data[0] & 3) << 13;
	model.discard  = data[0] >> 2;
	model.zeroes   = data[0];
	model.discard_segments = model.zeroes_segments = data[3] & 1;
	model.capacity = data[1] % (MODEL_SECTORS + 1);
	model.blk_size = data[2] & 0x80 ? data[2] * 0x01010101u : 512u << data[2] % 4;
	model.size_max = 512u * data[2];
	model.queue_max = data[3];
	memset(under_way, 0, sizeof(under_way));
	begun = ends = good = errors = stops = 0;
	last  = 0;
	disk  = (struct disk){
		.virtio = &model.virtio, .memory = model_memory, .dma = MODEL_DRIVER_DMA,
		.done = done, .stopped = stopped,
	};

	return disk_init(&disk) == BY_OK;
}


static void begin(uint8_t what)
{
	unsigned tag = 0;

	while (tag < TAGS && under_way[tag])
		tag++;
	if (tag == TAGS || !disk_room(&disk))
		return;

	uint32_t const count = 1 + what / 16u % (disk.most < 4 ? disk.most : 4);
	uint64_t const block = what % disk.count;

	if (block + count > disk.count || count * disk.block_size > MODEL_DATA)
		return;

	static enum disk_op const ops[] = {
		DISK_READ, DISK_WRITE, DISK_FLUSH, DISK_DISCARD, DISK_ZEROES,
	};
	uint32_t const most[] = { UINT32_MAX, UINT32_MAX, UINT32_MAX, disk.most_discard,
	                          disk.most_zeroes };
	unsigned const op = what % 5;

	if (most[op] && count > most[op])
		return;

	struct disk_request const request = {
		.op = ops[op], .block = block, .count = count,
		.dma = MODEL_DATA_DMA, .owner = &under_way[tag], .tag = tag,
	};

	under_way[tag] = true;
	begun++;
	disk_begin(&disk, &request);
}


/* The model finds its way only in descriptors that nobody has spoilt. */
static void serve(bool spoilt)
{
	if (spoilt || disk.failed)
		return;
	while (model_pending()) {
		uint8_t result;

		last = model_next();
		uint32_t const written = model_serve(last, &result);

		model_status(last, result);
		model_give_back(last, written);
	}
}


static void spoil(uint8_t where, uint8_t what)
{
	size_t const size = disk_memory();

	/* most of what matters is at the beginnings: of rings, and of headers */
	size_t const place = where & 0x80 ? disk.queue.used_at + where % 64u : where * 67u % size;

	model_memory[place < size ? place : 0] = (char)what;
}


static size_t step(uint8_t const *data, size_t size, bool *spoilt)
{
	uint8_t const a = size > 1 ? data[1] : 0, b = size > 2 ? data[2] : 0;

	switch (data[0]) {
	case 'b': begin(a); return 2;
	case 'p': disk_push(&disk); return 1;
	case 'd': serve(*spoilt); return 1;
	case 'u':
		if (!disk.failed)
			model_give_back(a == 255 ? last : a, b * 64u + (b & 1));
		return 3;
	case 's':
		if (!disk.failed && !*spoilt && model_pending()) {
			last = model_next();
			model_status(last, a % 4);
		}
		return 2;
	case 'i': model.interrupt = a; disk_interrupt(&disk); return 2;
	case 'x':
		if (!disk.failed)
			model_used_index((uint16_t)(model.used + a));
		return 2;
	case 'n': model.status |= VIRTIO_NEEDS_RESET; return 1;
	case 'w': spoil(a, b); *spoilt = true; return 3;
	default: return 1;
	}
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	bool spoilt = false;

	if (size < 4 || !start(data))
		return 0;

	for (size_t at = 4; at < size; ) {
		at += step(data + at, size - at, &spoilt);
		REQUIRE(begun - ends == disk.under_way);
		REQUIRE(!disk.failed || (model.resets > 1 && disk.under_way == 0));
	}
	canary(good > 3 && errors > 1 && stops && disk.ended > 5);
	disk_stop(&disk, "at the end");
	REQUIRE(begun == ends);

	return 0;
}
