/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio over PCI (VIRTIO 1.1, 4.1.4): structures of registers, each somewhere in one of the
 * device's windows, as capabilities tell. They are believed only within bounds.
 */
#include <by/container.h>
#include <io/mmio.h>
#include <virtio/pci.h>

enum {
	VENDOR = 0x1af4, DEVICE_BASE = 0x1040, /* of modern devices (4.1.2) */
	WINDOW_MAX = 1 << 20,
};

/* Capability (4.1.4). */
enum { CAP_TYPE = 3, CAP_BAR = 4, CAP_OFFSET = 8, CAP_LENGTH = 12, CAP_NOTIFY_STEP = 16 };

/* Common configuration (4.1.4.3). */
enum {
	DEVICE_FEATURE_SELECT = 0x00, DEVICE_FEATURE = 0x04,
	DRIVER_FEATURE_SELECT = 0x08, DRIVER_FEATURE = 0x0c,
	STATUS = 0x14, GENERATION = 0x15, QUEUE_SELECT = 0x16, QUEUE_SIZE = 0x18,
	QUEUE_ENABLE = 0x1c, QUEUE_NOTIFY_OFFSET = 0x1e, QUEUE_DESCRIPTORS = 0x20,
	QUEUE_AVAILABLE = 0x28, QUEUE_USED = 0x30, COMMON_SIZE = 0x38,
};

/* What the driver accesses of each at least. */
static uint32_t const least[VIRTIO_PCI_STRUCTURES] = {
	[VIRTIO_PCI_COMMON] = COMMON_SIZE, [VIRTIO_PCI_NOTIFY] = 2, [VIRTIO_PCI_ISR] = 1,
	[VIRTIO_PCI_DEVICE] = 4,
};


static struct virtio_pci *pci_of(struct virtio *virtio)
{
	return BY_CONTAINER_OF(virtio, struct virtio_pci, virtio);
}


static char *common(struct virtio *virtio)
{
	return pci_of(virtio)->structure[VIRTIO_PCI_COMMON].base;
}


static void write64(struct virtio *virtio, size_t offset, uint64_t value)
{
	mmio_write32(common(virtio), offset, (uint32_t)value);
	mmio_write32(common(virtio), offset + 4, (uint32_t)(value >> 32));
}


static uint8_t status(struct virtio *virtio)
{
	return mmio_read8(common(virtio), STATUS);
}


static void set_status(struct virtio *virtio, uint8_t value)
{
	mmio_write8(common(virtio), STATUS, value);
}


static uint64_t features(struct virtio *virtio)
{
	uint64_t result = 0;

	for (uint32_t i = 0; i < 2; i++) {
		mmio_write32(common(virtio), DEVICE_FEATURE_SELECT, i);
		result |= (uint64_t)mmio_read32(common(virtio), DEVICE_FEATURE) << 32 * i;
	}

	return result;
}


static void set_features(struct virtio *virtio, uint64_t value)
{
	for (uint32_t i = 0; i < 2; i++) {
		mmio_write32(common(virtio), DRIVER_FEATURE_SELECT, i);
		mmio_write32(common(virtio), DRIVER_FEATURE, (uint32_t)(value >> 32 * i));
	}
}


/* None if it could not be notified. */
static uint16_t queue_max(struct virtio *virtio, uint16_t queue)
{
	struct virtio_pci *const                 pci    = pci_of(virtio);
	struct virtio_pci_structure const *const notify = &pci->structure[VIRTIO_PCI_NOTIFY];

	mmio_write16(common(virtio), QUEUE_SELECT, queue);
	uint64_t const at = (uint64_t)mmio_read16(common(virtio), QUEUE_NOTIFY_OFFSET)
	                    * pci->notify_step;

	if (queue >= VIRTIO_PCI_QUEUES || at > notify->size - least[VIRTIO_PCI_NOTIFY] || at % 2)
		return 0;

	pci->notify_at[queue] = (uint32_t)at;

	return mmio_read16(common(virtio), QUEUE_SIZE);
}


static void queue_start(struct virtio *virtio, uint16_t queue,
                        struct virtio_queue_place const *place)
{
	mmio_write16(common(virtio), QUEUE_SELECT, queue);
	mmio_write16(common(virtio), QUEUE_SIZE, place->size);
	write64(virtio, QUEUE_DESCRIPTORS, place->descriptors);
	write64(virtio, QUEUE_AVAILABLE, place->available);
	write64(virtio, QUEUE_USED, place->used);
	mmio_write16(common(virtio), QUEUE_ENABLE, 1);
}


static void notify(struct virtio *virtio, uint16_t queue)
{
	struct virtio_pci const *const pci = pci_of(virtio);

	mmio_write16(pci->structure[VIRTIO_PCI_NOTIFY].base, pci->notify_at[queue], queue);
}


/* Reading it makes the device quiet (4.1.4.5). */
static uint8_t interrupt(struct virtio *virtio)
{
	return mmio_read8(pci_of(virtio)->structure[VIRTIO_PCI_ISR].base, 0);
}


/* What a device does not have is 0. */
static uint32_t config(struct virtio *virtio, unsigned offset)
{
	struct virtio_pci_structure const *const device =
		&pci_of(virtio)->structure[VIRTIO_PCI_DEVICE];

	return offset + 4 <= device->size ? mmio_read32(device->base, offset) : 0;
}


static uint32_t generation(struct virtio *virtio)
{
	return mmio_read8(common(virtio), GENERATION);
}


static struct virtio_transport const transport = {
	.status = status, .set_status = set_status, .features = features,
	.set_features = set_features, .queue_max = queue_max, .queue_start = queue_start,
	.notify = notify, .interrupt = interrupt, .config = config, .generation = generation,
};


/* The first capability of each type that makes sense counts (4.1.4.1). */
static void find_structures(struct virtio_pci *pci)
{
	unsigned at = 0;

	for (unsigned i = 0; i < PCI_CAPABILITIES_MAX; i++) {
		at = pci_capability(&pci->pci, PCI_CAPABILITY_VENDOR, at);
		if (!at)
			break;

		uint8_t const  type   = pci_read8(&pci->pci, at + CAP_TYPE);
		uint32_t const offset = pci_read32(&pci->pci, at + CAP_OFFSET);
		uint32_t const size   = pci_read32(&pci->pci, at + CAP_LENGTH);

		if (!type || type >= VIRTIO_PCI_STRUCTURES || pci->structure[type].size
		    || size < least[type] || offset % 4 || offset > WINDOW_MAX
		    || size > WINDOW_MAX - offset)
			continue;
		pci->structure[type] = (struct virtio_pci_structure){
			.bar = pci_read8(&pci->pci, at + CAP_BAR), .offset = offset, .size = size,
		};
		if (type == VIRTIO_PCI_NOTIFY)
			pci->notify_step = pci_read32(&pci->pci, at + CAP_NOTIFY_STEP);
	}
}


/* Bytes of a window up to the end of the last structure in it. */
static size_t window_size(struct virtio_pci const *pci, uint32_t bar)
{
	size_t size = 0;

	for (unsigned i = VIRTIO_PCI_COMMON; i < VIRTIO_PCI_STRUCTURES; i++)
		if (pci->structure[i].bar == bar
		    && pci->structure[i].offset + pci->structure[i].size > size)
			size = pci->structure[i].offset + pci->structure[i].size;

	return size;
}


static by_status_t open_windows(struct by_env *env, struct virtio_pci *pci)
{
	by_status_t status = BY_OK;
	uint64_t    base   = 0;

	for (unsigned i = VIRTIO_PCI_COMMON; i < VIRTIO_PCI_STRUCTURES && status == BY_OK; i++) {
		struct virtio_pci_structure *const structure = &pci->structure[i];

		status = structure->size ? pci_bar(&pci->pci, structure->bar, &base) : BY_NOT_FOUND;
		if (status == BY_OK && !pci->window[structure->bar].base)
			status = by_attached_io_mem_init(env, &pci->window[structure->bar], base,
			                                 window_size(pci, structure->bar), false);
		if (status == BY_OK)
			structure->base = (char *)pci->window[structure->bar].base
			                  + structure->offset;
	}

	return status;
}


by_status_t virtio_pci_init(struct by_env *env, struct virtio_pci *pci, uint64_t base,
                            uint32_t type)
{
	*pci = (struct virtio_pci){ .virtio.transport = &transport };
	by_status_t status = pci_init(env, &pci->pci, base);

	if (status != BY_OK)
		return status;

	if (pci_read16(&pci->pci, PCI_VENDOR) != VENDOR
	    || pci_read16(&pci->pci, PCI_DEVICE) != DEVICE_BASE + type)
		status = BY_NOT_FOUND;
	if (status == BY_OK) {
		find_structures(pci);
		pci_enable(&pci->pci, true);
		status = open_windows(env, pci);
	}
	if (status != BY_OK)
		virtio_pci_fini(env, pci);

	return status;
}


void virtio_pci_fini(struct by_env *env, struct virtio_pci *pci)
{
	if (pci->pci.window.base)
		pci_enable(&pci->pci, false);
	for (unsigned i = 0; i < PCI_BARS; i++)
		by_attached_fini(env, &pci->window[i]);
	pci_fini(env, &pci->pci);
}
