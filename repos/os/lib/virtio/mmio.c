/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio over registers in memory (VIRTIO 1.1, 4.2.2).
 */
#include <by/container.h>
#include <io/mmio.h>
#include <virtio/mmio.h>

enum {
	MAGIC = 0x000, VERSION = 0x004, DEVICE_ID = 0x008,
	DEVICE_FEATURES = 0x010, DEVICE_FEATURES_SELECT = 0x014,
	DRIVER_FEATURES = 0x020, DRIVER_FEATURES_SELECT = 0x024,
	QUEUE_SELECT = 0x030, QUEUE_MAX = 0x034, QUEUE_SIZE = 0x038, QUEUE_READY = 0x044,
	QUEUE_NOTIFY = 0x050, INTERRUPT_STATUS = 0x060, INTERRUPT_ACK = 0x064, STATUS = 0x070,
	QUEUE_DESCRIPTORS = 0x080, QUEUE_AVAILABLE = 0x090, QUEUE_USED = 0x0a0,
	GENERATION = 0x0fc, CONFIG = 0x100,
};

enum { MAGIC_VALUE = 0x74726976, VERSION_MODERN = 2 };


static uint32_t read(struct virtio *virtio, size_t offset)
{
	return mmio_read32(BY_CONTAINER_OF(virtio, struct virtio_mmio, virtio)->window.base,
	                   offset);
}


static void write(struct virtio *virtio, size_t offset, uint32_t value)
{
	mmio_write32(BY_CONTAINER_OF(virtio, struct virtio_mmio, virtio)->window.base, offset,
	             value);
}


static void write64(struct virtio *virtio, size_t offset, uint64_t value)
{
	write(virtio, offset, (uint32_t)value);
	write(virtio, offset + 4, (uint32_t)(value >> 32));
}


static uint8_t status(struct virtio *virtio)
{
	return (uint8_t)read(virtio, STATUS);
}


static void set_status(struct virtio *virtio, uint8_t value)
{
	write(virtio, STATUS, value);
}


static uint64_t features(struct virtio *virtio)
{
	write(virtio, DEVICE_FEATURES_SELECT, 0);
	uint64_t const low = read(virtio, DEVICE_FEATURES);

	write(virtio, DEVICE_FEATURES_SELECT, 1);

	return low | (uint64_t)read(virtio, DEVICE_FEATURES) << 32;
}


static void set_features(struct virtio *virtio, uint64_t value)
{
	for (uint32_t i = 0; i < 2; i++) {
		write(virtio, DRIVER_FEATURES_SELECT, i);
		write(virtio, DRIVER_FEATURES, (uint32_t)(value >> 32 * i));
	}
}


static uint16_t queue_max(struct virtio *virtio, uint16_t queue)
{
	write(virtio, QUEUE_SELECT, queue);
	uint32_t const most = read(virtio, QUEUE_MAX);

	return most > UINT16_MAX ? UINT16_MAX : (uint16_t)most;
}


static void queue_start(struct virtio *virtio, uint16_t queue,
                        struct virtio_queue_place const *place)
{
	write(virtio, QUEUE_SELECT, queue);
	write(virtio, QUEUE_SIZE, place->size);
	write64(virtio, QUEUE_DESCRIPTORS, place->descriptors);
	write64(virtio, QUEUE_AVAILABLE, place->available);
	write64(virtio, QUEUE_USED, place->used);
	write(virtio, QUEUE_READY, 1);
}


static void notify(struct virtio *virtio, uint16_t queue)
{
	write(virtio, QUEUE_NOTIFY, queue);
}


static uint8_t interrupt(struct virtio *virtio)
{
	uint32_t const pending = read(virtio, INTERRUPT_STATUS);

	if (pending)
		write(virtio, INTERRUPT_ACK, pending);

	return (uint8_t)pending;
}


static uint32_t config(struct virtio *virtio, unsigned offset)
{
	return read(virtio, CONFIG + offset);
}


static uint32_t generation(struct virtio *virtio)
{
	return read(virtio, GENERATION);
}


static struct virtio_transport const transport = {
	.status = status, .set_status = set_status, .features = features,
	.set_features = set_features, .queue_max = queue_max, .queue_start = queue_start,
	.notify = notify, .interrupt = interrupt, .config = config, .generation = generation,
};


by_status_t virtio_mmio_init(struct by_env *env, struct virtio_mmio *mmio, uint64_t base,
                             uint32_t type)
{
	mmio->virtio = (struct virtio){ .transport = &transport };
	by_status_t status = by_attached_io_mem_init(env, &mmio->window, base, VIRTIO_MMIO_SIZE,
	                                             false);
	if (status != BY_OK)
		return status;

	if (read(&mmio->virtio, MAGIC) != MAGIC_VALUE
	    || read(&mmio->virtio, VERSION) != VERSION_MODERN
	    || read(&mmio->virtio, DEVICE_ID) != type) {
		virtio_mmio_fini(env, mmio);
		return BY_NOT_FOUND;
	}

	return BY_OK;
}


void virtio_mmio_fini(struct by_env *env, struct virtio_mmio *mmio)
{
	by_attached_fini(env, &mmio->window);
}
