/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A function's configuration space (PCI Local Bus Specification 3.0, 6).
 */
#include <io/mmio.h>
#include <pci/pci.h>

enum {
	NONE = 0xffff,               /* vendor of nobody */
	HAS_CAPABILITIES = 1 << 4,   /* in the status register */
	CAPABILITY_FIRST = 0x40, CAPABILITY_ALIGN = 4,
	BAR_IO = 1 << 0, BAR_TYPE = 3 << 1, BAR_64 = 2 << 1, BAR_FLAGS = 15,
};


by_status_t pci_init(struct by_env *env, struct pci *pci, uint64_t base)
{
	by_status_t const status = by_attached_io_mem_init(env, &pci->window, base, PCI_SIZE,
	                                                   false);
	if (status != BY_OK)
		return status;

	if (pci_read16(pci, PCI_VENDOR) == NONE) {
		pci_fini(env, pci);
		return BY_NOT_FOUND;
	}

	return BY_OK;
}


void pci_fini(struct by_env *env, struct pci *pci)
{
	by_attached_fini(env, &pci->window);
}


uint8_t pci_read8(struct pci const *pci, unsigned offset)
{
	return mmio_read8(pci->window.base, offset);
}


uint16_t pci_read16(struct pci const *pci, unsigned offset)
{
	return mmio_read16(pci->window.base, offset);
}


uint32_t pci_read32(struct pci const *pci, unsigned offset)
{
	return mmio_read32(pci->window.base, offset);
}


void pci_enable(struct pci *pci, bool enable)
{
	unsigned const old = pci_read16(pci, PCI_COMMAND)
	                     & ~(unsigned)(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER
	                                   | PCI_COMMAND_NO_INTX);
	unsigned const set = enable ? PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER
	                            : PCI_COMMAND_NO_INTX;

	mmio_write16(pci->window.base, PCI_COMMAND, (uint16_t)(old | set));
}


unsigned pci_capability(struct pci const *pci, uint8_t id, unsigned after)
{
	if (!(pci_read16(pci, PCI_STATUS) & HAS_CAPABILITIES))
		return 0;

	unsigned at = pci_read8(pci, after ? after + 1 : PCI_CAPABILITIES);

	/* a list in a circle is left when it cannot be one any more */
	for (unsigned i = 0; i < PCI_CAPABILITIES_MAX; i++) {
		at &= ~(CAPABILITY_ALIGN - 1u);
		if (at < CAPABILITY_FIRST)
			return 0;
		if (pci_read8(pci, at) == id)
			return at;
		at = pci_read8(pci, at + 1);
	}

	return 0;
}


by_status_t pci_bar(struct pci const *pci, unsigned bar, uint64_t *base)
{
	if (bar >= PCI_BARS)
		return BY_NOT_FOUND;

	uint32_t const low  = pci_read32(pci, PCI_BAR + 4 * bar);
	bool const     wide = (low & BAR_TYPE) == BAR_64;

	if (low & BAR_IO || (wide && bar + 1 == PCI_BARS))
		return BY_NOT_FOUND;

	uint64_t const high = wide ? pci_read32(pci, PCI_BAR + 4 * (bar + 1)) : 0;

	*base = (low & ~(uint32_t)BAR_FLAGS) | high << 32;

	return *base ? BY_OK : BY_NOT_FOUND;
}
