/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtio disk (VIRTIO 1.2, 5.2).
 *
 * A request is a chain of a header, the data, and a byte for the status (5.2.6). What discards or
 * writes zeroes has a segment as its data, that is, which blocks. Header, segment and status of
 * a chain have places of their own, found by its first descriptor.
 */
#include "disk.h"
#include <by/assert.h>
#include <by/mem.h>

enum { QUEUE = 0 };

/* Features (5.2.3) and configuration (5.2.4). */
enum {
	F_SIZE_MAX = 1, F_RO = 5, F_BLK_SIZE = 6, F_FLUSH = 9, F_DISCARD = 13, F_WRITE_ZEROES = 14,
};
enum {
	CONFIG_CAPACITY = 0, CONFIG_SIZE_MAX = 8, CONFIG_BLK_SIZE = 20,
	CONFIG_DISCARD = 36, CONFIG_WRITE_ZEROES = 48, /* sectors; behind it: segments */
};

/* Types of requests and results (5.2.6). */
enum { TYPE_IN = 0, TYPE_OUT = 1, TYPE_FLUSH = 4, TYPE_DISCARD = 11, TYPE_WRITE_ZEROES = 13 };
enum { RESULT_OK = 0, RESULT_IOERR = 1, RESULT_UNSUPP = 2, RESULT_NONE = 0xff };

enum {
	PARTS       = 3,           /* of a request at most */
	SECTOR      = 512,         /* what the device counts in, whatever its blocks are */
	BLOCK_MAX   = 65536,
	REQUEST_MAX = 16 << 20,    /* bytes */
	PLACE       = 32, PLACE_SEGMENT = 16, /* header and segment of a chain */
};


static size_t headers_at(void)
{
	return (virtio_queue_memory(VIRTIO_QUEUE_MAX) + PLACE - 1) & ~(size_t)(PLACE - 1);
}


size_t disk_memory(void)
{
	return headers_at() + (size_t)(PLACE + 1) * VIRTIO_QUEUE_MAX;
}


/*
 * Beginning
 */

/* Blocks of a request of this kind; each has one segment. */
static uint32_t read_most(struct disk const *disk, unsigned feature, unsigned at)
{
	struct virtio *const virtio = disk->virtio;

	if (!virtio_has(virtio, feature) || !virtio->transport->config(virtio, at + 4))
		return 0;

	return virtio->transport->config(virtio, at) >> disk->sectors;
}


/* Blocks larger than sectors are a wish of the device's that some insist on (5.2.5). */
static by_status_t read_config(struct disk *disk)
{
	struct virtio *const virtio = disk->virtio;
	uint64_t             sectors;
	uint32_t             bytes  = REQUEST_MAX;
	by_status_t const    status = virtio_config64(virtio, CONFIG_CAPACITY, &sectors);

	if (status != BY_OK)
		return status;

	disk->block_size = virtio_has(virtio, F_BLK_SIZE)
	                   ? virtio->transport->config(virtio, CONFIG_BLK_SIZE) : SECTOR;
	if (disk->block_size < SECTOR || disk->block_size > BLOCK_MAX
	    || disk->block_size & (disk->block_size - 1))
		return BY_NOT_SUPPORTED;

	if (virtio_has(virtio, F_SIZE_MAX)) {
		uint32_t const most = virtio->transport->config(virtio, CONFIG_SIZE_MAX);

		bytes = most < bytes ? most : bytes;
	}
	disk->most      = bytes / disk->block_size;
	disk->sectors   = (unsigned)__builtin_ctz(disk->block_size / SECTOR);
	disk->count     = sectors >> disk->sectors;
	disk->writeable = !virtio_has(virtio, F_RO);
	disk->flush     = virtio_has(virtio, F_FLUSH);
	disk->most_discard = read_most(disk, F_DISCARD, CONFIG_DISCARD);
	disk->most_zeroes  = read_most(disk, F_WRITE_ZEROES, CONFIG_WRITE_ZEROES);

	return disk->most && disk->count ? BY_OK : BY_NOT_SUPPORTED;
}


static by_status_t start_queue(struct disk *disk)
{
	struct virtio *const virtio = disk->virtio;
	uint16_t const       size   = virtio_queue_size(virtio->transport->queue_max(virtio, QUEUE));

	if (size < PARTS)
		return BY_NOT_SUPPORTED;

	virtio_queue_init(&disk->queue, disk->memory, disk->chain, size);
	struct virtio_queue_place const place = virtio_queue_place(&disk->queue, disk->dma);

	virtio->transport->queue_start(virtio, QUEUE, &place);

	return BY_OK;
}


by_status_t disk_init(struct disk *disk)
{
	by_status_t status = virtio_begin(disk->virtio, 1 << F_SIZE_MAX | 1 << F_RO
	                                                | 1 << F_BLK_SIZE | 1 << F_FLUSH
	                                                | 1 << F_DISCARD | 1 << F_WRITE_ZEROES);

	disk->headers = headers_at();
	disk->results = disk->headers + (size_t)PLACE * VIRTIO_QUEUE_MAX;
	if (status == BY_OK)
		status = read_config(disk);
	if (status == BY_OK)
		status = start_queue(disk);
	if (status == BY_OK)
		virtio_go(disk->virtio);

	return status;
}


/*
 * Requests
 */

bool disk_room(struct disk const *disk)
{
	return disk->failed || disk->queue.free >= PARTS;
}


/* Memory of the chain that begins with this descriptor. */
static char *place_of(struct disk *disk, uint16_t head)
{
	return disk->memory + disk->headers + (size_t)PLACE * head;
}


static uint8_t volatile *result_of(struct disk *disk, uint16_t head)
{
	return (uint8_t volatile *)(disk->memory + disk->results + head);
}


static uint64_t sector_of(struct disk const *disk, struct disk_request const *request)
{
	return request->block << disk->sectors;
}


static void write_header(struct disk *disk, uint16_t head, uint32_t type, uint64_t sector)
{
	struct { uint32_t type, reserved; uint64_t sector; } const header = { type, 0, sector };

	memcpy(place_of(disk, head), &header, sizeof(header));
	*result_of(disk, head) = RESULT_NONE;
}


/* Which blocks; without flags, so zeroes may not become holes. */
static void write_segment(struct disk *disk, uint16_t head, struct disk_request const *request)
{
	struct { uint64_t sector; uint32_t sectors, flags; } const segment = {
		sector_of(disk, request), request->count << disk->sectors, 0,
	};

	memcpy(place_of(disk, head) + PLACE_SEGMENT, &segment, sizeof(segment));
}


/* Header and data of a request, of which there is none for a flush. Returns their number. */
static unsigned write_parts(struct disk *disk, uint16_t head, struct disk_request const *request,
                            struct virtio_part *parts)
{
	uint64_t const place = disk->dma + disk->headers + (uint64_t)PLACE * head;
	uint32_t const size  = request->count * disk->block_size;

	parts[0] = (struct virtio_part){ place, 16, false };
	switch (request->op) {
	case DISK_READ:
		write_header(disk, head, TYPE_IN, sector_of(disk, request));
		parts[1] = (struct virtio_part){ request->dma, size, true };
		return 2;
	case DISK_WRITE:
		write_header(disk, head, TYPE_OUT, sector_of(disk, request));
		parts[1] = (struct virtio_part){ request->dma, size, false };
		return 2;
	case DISK_FLUSH:
		write_header(disk, head, TYPE_FLUSH, 0);
		return 1;
	default:
		write_header(disk, head, request->op == DISK_DISCARD ? TYPE_DISCARD
		                                                     : TYPE_WRITE_ZEROES, 0);
		write_segment(disk, head, request);
		parts[1] = (struct virtio_part){ place + PLACE_SEGMENT, 16, false };
		return 2;
	}
}


static void put(struct disk *disk, struct disk_request const *request)
{
	uint16_t const     next = virtio_queue_next(&disk->queue);
	struct virtio_part parts[PARTS];
	unsigned           count = write_parts(disk, next, request, parts);
	uint16_t           head;

	parts[count++] = (struct virtio_part){ disk->dma + disk->results + next, 1, true };
	by_status_t const status = virtio_queue_put(&disk->queue, parts, count, &head);

	BY_ASSERT(status == BY_OK && head == next);
	disk->job[head] = (struct disk_job){
		.owner = request->owner, .tag = request->tag, .live = true,
		.bytes = 1 + (request->op == DISK_READ ? request->count * disk->block_size : 0),
	};
	disk->under_way++;
}


/* Whether the device knows such a request. */
static bool known(struct disk const *disk, enum disk_op op)
{
	return (op != DISK_DISCARD || disk->most_discard) && (op != DISK_ZEROES || disk->most_zeroes);
}


/* Without a volatile cache there is nothing to flush (5.2.6.2). */
void disk_begin(struct disk *disk, struct disk_request const *request)
{
	if (disk->failed)
		disk->done(disk, request->owner, request->tag, BY_GONE);
	else if (!known(disk, request->op))
		disk->done(disk, request->owner, request->tag, BY_NOT_SUPPORTED);
	else if (request->op == DISK_FLUSH && !disk->flush)
		disk->done(disk, request->owner, request->tag, BY_OK);
	else
		put(disk, request);
}


void disk_push(struct disk *disk)
{
	if (!disk->failed && virtio_queue_publish(&disk->queue))
		disk->virtio->transport->notify(disk->virtio, QUEUE);
}


/*
 * Answers
 */

static void end(struct disk *disk, uint16_t head, by_status_t status)
{
	struct disk_job const job = disk->job[head];

	disk->job[head].live = false;
	disk->under_way--;
	disk->ended++;
	disk->done(disk, job.owner, job.tag, status);
}


void disk_stop(struct disk *disk, char const *why)
{
	if (disk->failed)
		return;

	disk->failed = true;
	disk->stopped(disk, why);
	if (virtio_reset(disk->virtio) != BY_OK)
		disk->stopped(disk, "cannot be reset");
	for (unsigned i = 0; i < VIRTIO_QUEUE_MAX; i++)
		if (disk->job[i].live)
			end(disk, (uint16_t)i, BY_IO_ERROR);
}


/* What was not written is not there, whatever the status says. */
static by_status_t result(struct disk *disk, uint16_t head, uint32_t written)
{
	switch (*result_of(disk, head)) {
	case RESULT_OK:     return written == disk->job[head].bytes ? BY_OK : BY_IO_ERROR;
	case RESULT_IOERR:  return BY_IO_ERROR;
	case RESULT_UNSUPP: return BY_NOT_SUPPORTED;
	default:            return BY_MALFORMED;
	}
}


/* At most as many as are under way: each ends one of them. */
static void take_back(struct disk *disk)
{
	uint32_t    written;
	uint16_t    head;
	by_status_t status;

	while ((status = virtio_queue_take(&disk->queue, &head, &written)) == BY_OK) {
		status = result(disk, head, written);
		if (status == BY_MALFORMED)
			break;
		end(disk, head, status);
	}
	if (status == BY_MALFORMED)
		disk_stop(disk, "breaks the rules of its queue");
}


void disk_interrupt(struct disk *disk)
{
	struct virtio *const virtio = disk->virtio;
	uint8_t const        why    = virtio->transport->interrupt(virtio);

	if (disk->failed)
		return;

	take_back(disk);
	if (why & VIRTIO_INTERRUPT_CONFIG
	    && virtio->transport->status(virtio) & VIRTIO_NEEDS_RESET)
		disk_stop(disk, "says that it is broken");
}
