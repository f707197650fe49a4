/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio devices on PCI: what their configuration space says is believed within bounds.
 */
#include "unit.h"
#include "windows.h"

UNIT_MAIN("virtio_pci")

static struct virtio_pci pci;


static by_status_t open_it(void)
{
	return virtio_pci_init(NULL, &pci, WINDOWS_CONFIG, VIRTIO_DEVICE_BLOCK);
}


/* It is refused, and nothing stays open. */
static bool refused(void)
{
	return open_it() == BY_NOT_FOUND && windows_open == 0;
}


static unsigned command(void)
{
	return windows_config[PCI_COMMAND] | (unsigned)windows_config[PCI_COMMAND + 1] << 8;
}


TEST(a_device_is_found)
{
	windows_device();
	CHECK_EQ(open_it(), BY_OK);
	CHECK_EQ(windows_open, 2);
	CHECK_EQ(windows_bar_size, 0x4000);
	CHECK(pci.structure[VIRTIO_PCI_DEVICE].base == windows_bar + 0x2000);
	CHECK_EQ(command(), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);

	uint64_t base;

	CHECK_EQ(pci_bar(&pci.pci, 4, &base), BY_OK);
	CHECK_EQ(base, 0x1f0000000);

	/* registers are where they should be */
	struct virtio *const virtio = &pci.virtio;

	windows_bar[0x18] = 64;  /* size of the queue */
	windows_bar[0x1e] = 3;   /* its place for notifications */
	CHECK_EQ(virtio->transport->queue_max(virtio, 0), 64);
	virtio->transport->notify(virtio, 0);
	CHECK_EQ(windows_bar[0x3000 + 12], 0);
	virtio->transport->set_status(virtio, 11);
	CHECK_EQ(windows_bar[0x14], 11);
	windows_bar[0x2004] = 77;
	CHECK_EQ(virtio->transport->config(virtio, 4), 77);
	CHECK_EQ(virtio->transport->config(virtio, 0xffc), 0);
	CHECK_EQ(virtio->transport->config(virtio, 0xffd), 0);
	CHECK_EQ(virtio->transport->config(virtio, 0x1000), 0);
	virtio_pci_fini(NULL, &pci);
	CHECK_EQ(windows_open, 0);
	CHECK_EQ(command(), PCI_COMMAND_NO_INTX);
}


TEST(other_devices_are_refused)
{
	windows_device();
	windows_config[PCI_VENDOR] = 0;
	CHECK(refused());
	windows_device();
	windows_config[PCI_DEVICE] = 0x41;
	CHECK(refused());
	windows_device();
	windows_config[PCI_DEVICE + 1] = 0; /* legacy */
	CHECK(refused());
	windows_device();
	memset(windows_config, 0xff, 4); /* nothing is there */
	CHECK(refused());
	windows_device();
	windows_config[PCI_STATUS] = 0; /* no capabilities */
	CHECK(refused());
}


TEST(each_structure_is_needed)
{
	for (unsigned missing = 0; missing < 4; missing++) {
		windows_device();
		windows_config[0x40 + 20 * missing + 3] = 9;
		CHECK(refused());
	}
	windows_device();
	windows_refuse = true;
	CHECK_EQ(open_it(), BY_DENIED);
	CHECK_EQ(windows_open, 0);
}


TEST(lists_in_a_circle_end)
{
	windows_device();
	windows_config[0x40 + 60 + 1] = 0x40;
	CHECK_EQ(open_it(), BY_OK);
	virtio_pci_fini(NULL, &pci);
	windows_device();
	windows_config[0x41] = 0x40; /* the first one alone */
	CHECK(refused());
	windows_device();
	windows_config[PCI_CAPABILITIES] = 0xff;
	CHECK(refused());
	windows_device();
	windows_config[PCI_CAPABILITIES] = 4; /* in the header */
	CHECK(refused());
}


TEST(structures_out_of_bounds_do_not_count)
{
	static struct { uint32_t offset, size; } const bad[] = {
		{ 0, 0 }, { 0, 0x37 }, { 1, 0x100 }, { UINT32_MAX & ~3u, 0x100 },
		{ 0x100, UINT32_MAX }, { 0x100000, 0x100 }, { 0, 0x100001 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		windows_device();
		memcpy(windows_config + 0x48, &bad[i], 8);
		CHECK(refused());
	}
	windows_device();
	windows_config[0x44] = 6; /* a window that does not exist */
	CHECK(refused());
	windows_device();
	windows_config[0x44] = 0; /* one that was not placed */
	CHECK(refused());
	windows_device();
	windows_config[PCI_BAR + 16] |= 1; /* one of ports */
	CHECK(refused());
	windows_device();
	windows_config[0x44] = 5; /* the upper half of one, as one of its own */
	CHECK(refused());
}


TEST(queues_are_notified_within_their_structure)
{
	struct virtio *const virtio = &pci.virtio;

	windows_device();
	CHECK_EQ(open_it(), BY_OK);
	windows_bar[0x18] = 64;
	windows_bar[0x1e] = (char)0xff;
	windows_bar[0x1f] = 3;
	CHECK_EQ(virtio->transport->queue_max(virtio, 0), 64); /* the last place */
	virtio->transport->notify(virtio, 0);
	windows_bar[0x1e] = 0;
	windows_bar[0x1f] = 4;
	CHECK_EQ(virtio->transport->queue_max(virtio, 0), 0);
	windows_bar[0x1e] = windows_bar[0x1f] = (char)0xff;
	CHECK_EQ(virtio->transport->queue_max(virtio, 0), 0);
	windows_bar[0x1e] = windows_bar[0x1f] = 0;
	CHECK_EQ(virtio->transport->queue_max(virtio, VIRTIO_PCI_QUEUES - 1), 64);
	CHECK_EQ(virtio->transport->queue_max(virtio, VIRTIO_PCI_QUEUES), 0);
	virtio_pci_fini(NULL, &pci);
}
