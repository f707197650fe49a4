/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Beginning with a device (VIRTIO 1.1, 3.1.1).
 */
#include <virtio/virtio.h>

enum {
	RESET_READS  = 1000000, /* of the status; each takes a device access */
	CONFIG_READS = 100,
};


by_status_t virtio_reset(struct virtio *virtio)
{
	virtio->transport->set_status(virtio, 0);
	for (unsigned i = 0; i < RESET_READS; i++)
		if (virtio->transport->status(virtio) == 0)
			return BY_OK;

	return BY_IO_ERROR;
}


static void add_status(struct virtio *virtio, uint8_t bits)
{
	virtio->transport->set_status(virtio, virtio->transport->status(virtio) | bits);
}


by_status_t virtio_begin(struct virtio *virtio, uint64_t wanted)
{
	uint64_t const modern = (uint64_t)1 << VIRTIO_F_VERSION_1;
	by_status_t    status = virtio_reset(virtio);

	if (status != BY_OK)
		return status;

	add_status(virtio, VIRTIO_ACKNOWLEDGE);
	add_status(virtio, VIRTIO_DRIVER);
	virtio->features = virtio->transport->features(virtio) & (wanted | modern);
	if (!(virtio->features & modern))
		goto refused;

	virtio->transport->set_features(virtio, virtio->features);
	add_status(virtio, VIRTIO_FEATURES_OK);
	if (virtio->transport->status(virtio) & VIRTIO_FEATURES_OK)
		return BY_OK;

refused:
	add_status(virtio, VIRTIO_FAILED);

	return BY_NOT_SUPPORTED;
}


void virtio_go(struct virtio *virtio)
{
	add_status(virtio, VIRTIO_DRIVER_OK);
}


/* The generation changes when the device has changed something between the two reads (2.4.1). */
by_status_t virtio_config64(struct virtio *virtio, unsigned offset, uint64_t *value)
{
	for (unsigned i = 0; i < CONFIG_READS; i++) {
		uint32_t const before = virtio->transport->generation(virtio);
		uint64_t const low    = virtio->transport->config(virtio, offset);
		uint64_t const high   = virtio->transport->config(virtio, offset + 4);

		if (virtio->transport->generation(virtio) == before) {
			*value = low | high << 32;
			return BY_OK;
		}
	}

	return BY_IO_ERROR;
}
