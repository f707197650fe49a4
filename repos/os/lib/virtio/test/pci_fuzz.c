/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target of virtio on PCI: the input changes the configuration space of a good device,
 * two characters at a time (where, what), and after a '|' its registers. Nothing beyond the
 * windows is accessed, and all of them are closed again.
 */
#include "canary.h"
#include "require.h"
#include "windows.h"
#include <string.h>

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size);


static void use(struct virtio_pci *pci, uint8_t const *data, size_t size)
{
	struct virtio *const                 virtio    = &pci->virtio;
	struct virtio_transport const *const transport = virtio->transport;
	struct virtio_queue_place const      place     = { .size = 4 };

	for (size_t i = 0; i + 1 < size; i += 2)
		if (pci->structure[VIRTIO_PCI_COMMON].base)
			pci->structure[VIRTIO_PCI_COMMON].base[data[i] % 0x38] = (char)data[i + 1];
	for (unsigned offset = 0; offset < 64; offset += 4)
		(void)transport->config(virtio, offset);
	for (uint16_t queue = 0; queue < 6; queue++)
		if (transport->queue_max(virtio, queue)) {
			transport->queue_start(virtio, queue, &place);
			transport->notify(virtio, queue);
		}
	(void)transport->interrupt(virtio);
	(void)!virtio_begin(virtio, 0);
}


int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	static struct virtio_pci pci;
	uint8_t const *const     bar    = size ? memchr(data, '|', size) : NULL;
	size_t const             config = bar ? (size_t)(bar - data) : size;

	windows_device();
	for (size_t i = 0; i + 1 < config; i += 2)
		windows_config[data[i]] = data[i + 1];

	by_status_t const status = virtio_pci_init(NULL, &pci, WINDOWS_CONFIG, VIRTIO_DEVICE_BLOCK);
	bool const        moved  = pci.structure[VIRTIO_PCI_DEVICE].offset != 0x2000
	                           && pci.structure[VIRTIO_PCI_COMMON].offset != 0;

	if (status == BY_OK) {
		use(&pci, bar ? bar + 1 : NULL, bar ? size - config - 1 : 0);
		virtio_pci_fini(NULL, &pci);
	}
	REQUIRE(windows_open == 0);
	canary(status == BY_OK && moved);

	return 0;
}
