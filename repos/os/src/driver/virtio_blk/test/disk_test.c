/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's part that talks to the device, on the model of one.
 */
#include "model.h"
#include "support.h"
#include "unit.h"
#include <stdlib.h>

UNIT_MAIN("virtio_blk")

enum {
	F_SIZE_MAX = 1 << 1, F_RO = 1 << 5, F_BLK_SIZE = 1 << 6, F_DISCARD = 1 << 13,
	F_WRITE_ZEROES = 1 << 14,
};

static struct disk disk;
static unsigned    ended[256];     /* by tag */
static by_status_t status_of[256];
static unsigned    ends, stops;


static void done(struct disk *self, void *owner, uint32_t tag, by_status_t status)
{
	(void)self;
	CHECK(owner == &ended[tag]);
	ended[tag]++;
	status_of[tag] = status;
	ends++;
}


static void stopped(struct disk *self, char const *why)
{
	(void)self, (void)why;
	stops++;
}


static by_status_t begin(void)
{
	memset(ended, 0, sizeof(ended));
	ends = stops = 0;
	disk = (struct disk){
		.virtio = &model.virtio, .memory = model_memory, .dma = MODEL_DRIVER_DMA,
		.done = done, .stopped = stopped,
	};

	return disk_init(&disk);
}


static void ask(enum disk_op op, uint64_t block, uint32_t count, uint32_t offset, uint32_t tag)
{
	struct disk_request const request = {
		.op = op, .block = block, .count = count, .dma = MODEL_DATA_DMA + offset,
		.owner = &ended[tag], .tag = tag,
	};

	disk_begin(&disk, &request);
}


static void begin_changing(uint32_t sectors, uint32_t segments);


/* A device with one request under way, that was taken by the device: its first descriptor. */
static uint16_t one_under_way(enum disk_op op)
{
	model_init();
	if (op == DISK_DISCARD || op == DISK_ZEROES)
		begin_changing(64, 1);
	else if (begin() != BY_OK)
		return UINT16_MAX;
	ask(op, 3, 2, 0, 1);
	disk_push(&disk);

	return model_pending() == 1 ? model_next() : UINT16_MAX;
}


TEST(the_device_is_asked_for_what_it_offers)
{
	model_init();
	model.offers |= F_SIZE_MAX | F_RO | F_BLK_SIZE | F_DISCARD | F_WRITE_ZEROES
	                | (uint64_t)1 << 40;
	model.size_max = 8192;
	model.blk_size = 4096;
	model.unstable = 3;
	CHECK_EQ(begin(), BY_OK);
	CHECK_EQ(model.accepted, model.offers & ~((uint64_t)1 << 40));
	CHECK_EQ(model.status, 15);
	CHECK_EQ(disk.block_size, 4096);
	CHECK_EQ(disk.count, 8);
	CHECK_EQ(disk.most, 2);
	CHECK(!disk.writeable && disk.flush);
	CHECK_EQ(model.place.size, MODEL_QUEUE);

	/* sectors are what the device counts in all the same */
	ask(DISK_READ, 7, 1, 0, 1);
	disk_push(&disk);
	model_run(false);
	disk_interrupt(&disk);
	CHECK_EQ(ended[1], 1);
	CHECK_EQ(status_of[1], BY_OK);
	CHECK(!memcmp(model_data, model.disk + 7 * 4096, 4096));
}


TEST(devices_that_cannot_be_used_are_refused)
{
	static uint32_t const bad_sizes[] = { 0, 256, 513, 1536, 131072, UINT32_MAX };

	model_init();
	model.offers = 1 << 9;
	CHECK_EQ(begin(), BY_NOT_SUPPORTED); /* legacy */
	CHECK(model.status & VIRTIO_FAILED);
	model_init();
	model.refuse_features = true;
	CHECK_EQ(begin(), BY_NOT_SUPPORTED);
	model_init();
	model.stuck = true;
	CHECK_EQ(begin(), BY_IO_ERROR);
	model_init();
	model.unstable = UINT32_MAX;
	CHECK_EQ(begin(), BY_IO_ERROR);
	model_init();
	model.queue_max = 2;
	CHECK_EQ(begin(), BY_NOT_SUPPORTED);
	model_init();
	model.capacity = 0;
	CHECK_EQ(begin(), BY_NOT_SUPPORTED);
	model_init();
	model.offers |= F_SIZE_MAX;
	model.size_max = 511;
	CHECK_EQ(begin(), BY_NOT_SUPPORTED);
	for (size_t i = 0; i < sizeof(bad_sizes) / sizeof(bad_sizes[0]); i++) {
		model_init();
		model.offers |= F_BLK_SIZE;
		model.blk_size = bad_sizes[i];
		CHECK_EQ(begin(), BY_NOT_SUPPORTED);
		CHECK(!(model.status & VIRTIO_DRIVER_OK));
	}
	model_init();
	model.queue_max = 1000;
	model.capacity  = UINT64_MAX;
	CHECK_EQ(begin(), BY_OK);
	CHECK_EQ(model.place.size, VIRTIO_QUEUE_MAX);
}


/* In any order, for a long time: content and answers are right, and nothing gets lost. */
TEST(many_requests_are_under_way)
{
	static uint8_t expected[MODEL_SECTORS][512];
	uint64_t       seed = 11;
	unsigned       begun = 0, most = 0;
	bool           busy[32] = { false };

	model_init();
	CHECK_EQ(begin(), BY_OK);
	memcpy(expected, model.disk, sizeof(expected));
	for (unsigned round = 0; round < 20000; round++) {
		unsigned const which = support_below(&seed, 32); /* a part of buffer and disk each */
		bool const     write = support_below(&seed, 2);

		if (support_below(&seed, 10) == 0) {
			disk_push(&disk);
			model_run(support_below(&seed, 2));
			disk_interrupt(&disk);
			for (unsigned i = 0; i < 32; i++) {
				if (!busy[i])
					continue;
				CHECK_EQ(status_of[i], BY_OK);
				CHECK(!memcmp(model_data + i * 512, expected[i], 512));
				busy[i] = false;
			}
			CHECK_EQ(ends, begun);
			CHECK_EQ(disk.queue.free, MODEL_QUEUE);
		}
		if (busy[which] || !disk_room(&disk))
			continue;
		if (write) {
			memset(expected[which], (int)round, 512);
			memset(model_data + which * 512, (int)round, 512);
		}
		ask(write ? DISK_WRITE : DISK_READ, which, 1, which * 512, which);
		busy[which] = true;
		begun++;
		most = disk.under_way > most ? disk.under_way : most;
	}
	CHECK_EQ(most, MODEL_QUEUE / 3);
	CHECK(begun > 5000);
	disk_push(&disk);
	model_run(false);
	CHECK(!memcmp(model.disk, expected, 32 * 512));
	CHECK_EQ(stops, 0);
}


TEST(the_device_is_notified_once_per_batch)
{
	model_init();
	CHECK_EQ(begin(), BY_OK);
	ask(DISK_READ, 0, 1, 0, 1);
	ask(DISK_READ, 1, 1, 512, 2);
	CHECK_EQ(model_pending(), 0);
	disk_push(&disk);
	CHECK_EQ(model_pending(), 2);
	CHECK_EQ(model.notified, 1);
	disk_push(&disk);
	CHECK_EQ(model.notified, 1);
	model.no_notify = true;
	model_run(false);
	disk_interrupt(&disk);
	ask(DISK_READ, 0, 1, 0, 1);
	disk_push(&disk);
	CHECK_EQ(model.notified, 1);
	CHECK_EQ(model_pending(), 1);
}


TEST(flush_goes_to_devices_that_have_a_cache)
{
	model_init();
	CHECK_EQ(begin(), BY_OK);
	ask(DISK_FLUSH, 0, 0, 0, 1);
	disk_push(&disk);
	CHECK_EQ(ends, 0);
	model_run(false);
	disk_interrupt(&disk);
	CHECK_EQ(status_of[1], BY_OK);
	CHECK_EQ(model.flushes, 1);
	model_init();
	model.offers = (uint64_t)1 << VIRTIO_F_VERSION_1;
	CHECK_EQ(begin(), BY_OK);
	ask(DISK_FLUSH, 0, 0, 0, 1);
	CHECK_EQ(ended[1], 1);
	CHECK_EQ(status_of[1], BY_OK);
	CHECK_EQ(model.flushes, 0);
}


/* A device with both, and with these limits. */
static void begin_changing(uint32_t sectors, uint32_t segments)
{
	model_init();
	model.offers |= F_DISCARD | F_WRITE_ZEROES | F_BLK_SIZE;
	model.blk_size = 1024;
	model.discard  = sectors;
	model.zeroes   = 2 * sectors;
	model.discard_segments = model.zeroes_segments = segments;
	CHECK_EQ(begin(), BY_OK);
}


/* Whether exactly these sectors of the disk are of this byte, and the others as they were. */
static bool changed(unsigned first, unsigned count, uint8_t byte)
{
	for (unsigned i = 0; i < sizeof(model.disk); i++) {
		bool const    in  = i / 512 >= first && i / 512 < first + count;
		uint8_t const was = (uint8_t)(i / 512 * 7 + i);

		if (model.disk[i] != (in ? byte : was))
			return false;
	}

	return true;
}


static by_status_t answer_to(enum disk_op op, uint64_t block, uint32_t count)
{
	ended[1] = 0;
	ask(op, block, count, 0, 1);
	disk_push(&disk);
	model_run(false);
	disk_interrupt(&disk);

	return ended[1] == 1 ? status_of[1] : BY_BUSY;
}


/* Blocks of two sectors: requests and limits are in blocks, the device counts in sectors. */
TEST(blocks_are_discarded_and_filled_with_zeroes)
{
	begin_changing(17, 1);
	CHECK_EQ(disk.most_discard, 8);
	CHECK_EQ(disk.most_zeroes, 17);
	CHECK_EQ(answer_to(DISK_ZEROES, 5, 17), BY_OK);
	CHECK(changed(10, 34, 0));

	begin_changing(17, 100);
	CHECK_EQ(answer_to(DISK_DISCARD, 31, 1), BY_OK);
	CHECK(changed(62, 2, 0xdd));
	CHECK_EQ(model.discards, 1);
	CHECK_EQ(answer_to(DISK_DISCARD, 0, 8), BY_OK);
	CHECK_EQ(model.discards, 2);
	CHECK_EQ(answer_to(DISK_READ, 0, 1), BY_OK); /* its place holds no segment any more */
	CHECK_EQ((unsigned char)model_data[0], 0xdd);
	CHECK_EQ(stops, 0);
}


/* The device has not said that it can, or by limits that it cannot. */
TEST(what_the_device_cannot_is_not_asked_for)
{
	static enum disk_op const ops[] = { DISK_DISCARD, DISK_ZEROES };

	for (unsigned i = 0; i < 2; i++) {
		model_init();
		model.discard = model.zeroes = 64;
		model.discard_segments = model.zeroes_segments = 1;
		CHECK_EQ(begin(), BY_OK);
		CHECK_EQ(disk.most_discard + disk.most_zeroes, 0);
		CHECK_EQ(answer_to(ops[i], 0, 1), BY_NOT_SUPPORTED);
		begin_changing(0, 1);
		CHECK_EQ(answer_to(ops[i], 0, 1), BY_NOT_SUPPORTED);
		begin_changing(17, 0);
		CHECK_EQ(answer_to(ops[i], 0, 1), BY_NOT_SUPPORTED);
		CHECK(changed(0, 0, 0));
	}
	begin_changing(1, 1); /* not even a block */
	CHECK_EQ(answer_to(DISK_DISCARD, 0, 1), BY_NOT_SUPPORTED);
	CHECK_EQ(answer_to(DISK_ZEROES, 0, 1), BY_OK);
	disk_stop(&disk, "for a test");
	ask(DISK_ZEROES, 0, 1, 0, 2);
	CHECK_EQ(status_of[2], BY_GONE);
}


/* What the device says of a request, and what the client hears. */
TEST(errors_are_told)
{
	static struct { enum disk_op op; uint8_t status; uint32_t written; by_status_t answer; }
	const cases[] = {
		{ DISK_READ, 1, 1, BY_STATUS(22) },      /* an error */
		{ DISK_WRITE, 1, 1, BY_STATUS(22) },
		{ DISK_READ, 2, 1, BY_STATUS(13) },      /* not supported */
		{ DISK_READ, 0, 1024, BY_STATUS(22) },   /* less than was asked for */
		{ DISK_READ, 0, 1, BY_STATUS(22) },
		{ DISK_READ, 0, 0, BY_STATUS(22) },
		{ DISK_WRITE, 0, 0, BY_STATUS(22) },
		{ DISK_READ, 0, 1025, BY_STATUS(0) },
		{ DISK_WRITE, 0, 1, BY_STATUS(0) },
		{ DISK_DISCARD, 0, 1, BY_STATUS(0) },
		{ DISK_DISCARD, 1, 1, BY_STATUS(22) },
		{ DISK_DISCARD, 2, 1, BY_STATUS(13) },
		{ DISK_ZEROES, 0, 0, BY_STATUS(22) },
		{ DISK_ZEROES, 1, 1, BY_STATUS(22) },
		{ DISK_ZEROES, 0, 1, BY_STATUS(0) },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint16_t const head = one_under_way(cases[i].op);

		CHECK(head != UINT16_MAX);
		model_status(head, cases[i].status);
		model_give_back(head, cases[i].written);
		disk_interrupt(&disk);
		CHECK_EQ(ended[1], 1);
		CHECK_EQ(status_of[1], cases[i].answer);
		CHECK_EQ(stops, 0);
		CHECK(!disk.failed);
	}
}


/* After a lie: reset, the client of what was under way hears of it, and so do later ones. */
static void check_stopped(void)
{
	CHECK_EQ(stops, 1);
	CHECK(disk.failed && disk_room(&disk));
	CHECK_EQ(model.resets, 2);
	CHECK_EQ(model.status, 0);
	CHECK_EQ(ended[1], 1);
	CHECK_EQ(status_of[1], BY_IO_ERROR);
	ask(DISK_READ, 0, 1, 0, 2);
	disk_push(&disk);
	CHECK_EQ(ended[2], 1);
	CHECK_EQ(status_of[2], BY_GONE);
	disk_interrupt(&disk);
	disk_stop(&disk, "again");
	CHECK_EQ(stops, 1);
	CHECK_EQ(ends, 2);
}


TEST(a_device_that_returns_what_it_never_got_is_stopped)
{
	for (uint32_t id = 0; id < 300; id++) {
		uint16_t const head = one_under_way(DISK_READ);

		if (id == head)
			continue;
		model_give_back(id, 1);
		disk_interrupt(&disk);
		check_stopped();
	}
	one_under_way(DISK_READ);
	model_give_back(UINT32_MAX, 1);
	disk_interrupt(&disk);
	check_stopped();
	one_under_way(DISK_READ);
	model_give_back(1 << 16, 1); /* whose lower half would be right */
	disk_interrupt(&disk);
	check_stopped();
}


TEST(a_device_that_writes_too_much_is_stopped)
{
	uint16_t head = one_under_way(DISK_READ);

	model_status(head, 0);
	model_give_back(head, 1026);
	disk_interrupt(&disk);
	check_stopped();
	head = one_under_way(DISK_WRITE);
	model_status(head, 0);
	model_give_back(head, 2);
	disk_interrupt(&disk);
	check_stopped();
	head = one_under_way(DISK_WRITE);
	model_status(head, 0);
	model_give_back(head, UINT32_MAX);
	disk_interrupt(&disk);
	check_stopped();
}


TEST(a_device_whose_index_jumps_is_stopped)
{
	static uint16_t const jumps[] = { 2, 3, 16, 17, 255, 32768, 65535 };

	for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
		uint16_t const head = one_under_way(DISK_READ);

		model_status(head, 0);
		model_give_back(head, 1025); /* as it should be, but for the index */
		model_used_index(jumps[i]);
		disk_interrupt(&disk);
		check_stopped();
	}
}


TEST(a_device_that_gives_back_twice_is_stopped)
{
	uint16_t const head = one_under_way(DISK_READ);

	ask(DISK_READ, 9, 1, 4096, 3);
	disk_push(&disk);
	uint16_t const other = model_next();

	model_status(other, 0);
	model_give_back(other, 513);
	model_give_back(other, 513);
	disk_interrupt(&disk);
	CHECK_EQ(ended[3], 1);
	CHECK_EQ(status_of[3], BY_OK);
	CHECK_EQ(ended[1], 1);
	CHECK_EQ(status_of[1], BY_IO_ERROR);
	CHECK(disk.failed);
	CHECK(head != other);
}


TEST(a_device_that_writes_no_status_is_stopped)
{
	uint16_t head = one_under_way(DISK_READ);

	model_give_back(head, 1025);
	disk_interrupt(&disk);
	check_stopped();
	head = one_under_way(DISK_WRITE);
	model_status(head, 3);
	model_give_back(head, 1);
	disk_interrupt(&disk);
	check_stopped();
}


TEST(a_device_that_asks_for_a_reset_is_stopped)
{
	one_under_way(DISK_READ);
	model.status |= VIRTIO_NEEDS_RESET;
	model.interrupt = VIRTIO_INTERRUPT_QUEUE;
	disk_interrupt(&disk);
	CHECK(!disk.failed); /* it says so by the other interrupt */
	model.interrupt = VIRTIO_INTERRUPT_CONFIG;
	disk_interrupt(&disk);
	check_stopped();
}


TEST(a_device_that_cannot_be_reset_is_told_of)
{
	one_under_way(DISK_READ);
	model.stuck = true;
	disk_stop(&disk, "does not answer");
	CHECK_EQ(stops, 2);
	CHECK_EQ(status_of[1], BY_IO_ERROR);
}


/* Interrupts of others, and for nothing. */
TEST(interrupts_for_nothing_do_nothing)
{
	one_under_way(DISK_READ);
	disk_interrupt(&disk);
	model.interrupt = 3;
	disk_interrupt(&disk);
	CHECK_EQ(ends, 0);
	CHECK_EQ(stops, 0);
}
