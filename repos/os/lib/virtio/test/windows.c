/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device memory that is the host's.
 */
#include "windows.h"
#include <stdlib.h>
#include <string.h>

uint8_t  windows_config[PCI_SIZE];
char    *windows_bar;
size_t   windows_bar_size;
unsigned windows_open;
bool     windows_refuse;

static unsigned last, next; /* capability, and where another one can be */


by_status_t by_attached_io_mem_init(struct by_env *env, struct by_attached *attached,
                                    uint64_t base, size_t size, bool combined)
{
	(void)env, (void)combined;
	*attached = (struct by_attached){ .base = NULL };
	if (base == WINDOWS_CONFIG && size == PCI_SIZE) {
		attached->base = windows_config;
	} else {
		if (windows_refuse || !size)
			return BY_DENIED;
		windows_bar      = calloc(1, size);
		windows_bar_size = size;
		attached->base   = windows_bar;
		attached->owned  = true;
	}
	windows_open++;

	return BY_OK;
}


void by_attached_fini(struct by_env *env, struct by_attached *attached)
{
	(void)env;
	if (attached->base)
		windows_open--;
	if (attached->owned)
		free(attached->base);
	*attached = (struct by_attached){ .base = NULL };
}


static void set16(unsigned at, unsigned value)
{
	uint16_t const raw = (uint16_t)value;

	memcpy(windows_config + at, &raw, 2);
}


static void set32(unsigned at, uint32_t value)
{
	memcpy(windows_config + at, &value, 4);
}


void windows_init(void)
{
	memset(windows_config, 0, sizeof(windows_config));
	windows_open   = 0;
	windows_refuse = false;
	last = PCI_CAPABILITIES - 1;
	next = 0x40;
}


void windows_add(uint8_t type, uint8_t bar, uint32_t offset, uint32_t size)
{
	windows_config[last + 1] = (uint8_t)next;
	windows_config[next]     = PCI_CAPABILITY_VENDOR;
	windows_config[next + 1] = 0;
	windows_config[next + 3] = type;
	windows_config[next + 4] = bar;
	set32(next + 8, offset);
	set32(next + 12, size);
	set32(next + 16, 4);
	last = next;
	next += 20;
}


void windows_device(void)
{
	windows_init();
	set16(PCI_VENDOR, 0x1af4);
	set16(PCI_DEVICE, 0x1042);
	set16(PCI_STATUS, 1 << 4);
	set32(PCI_BAR + 16, 0xf0000000 | 4); /* of 64 bit */
	set32(PCI_BAR + 20, 1);
	windows_add(VIRTIO_PCI_COMMON, 4, 0, 0x1000);
	windows_add(VIRTIO_PCI_ISR, 4, 0x1000, 0x1000);
	windows_add(VIRTIO_PCI_DEVICE, 4, 0x2000, 0x1000);
	windows_add(VIRTIO_PCI_NOTIFY, 4, 0x3000, 0x1000);
}
