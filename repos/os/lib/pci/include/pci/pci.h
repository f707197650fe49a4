/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A function of a PCI Express device, by its page of configuration space (ECAM). A driver
 * has this page and nothing of its neighbours'; the firmware has placed the device's
 * windows.
 */
#ifndef PCI_PCI_H
#define PCI_PCI_H

#include <by/attached.h>

enum {
	PCI_SIZE = 4096, PCI_BARS = 6,
	PCI_VENDOR = 0x00, PCI_DEVICE = 0x02, PCI_COMMAND = 0x04, PCI_STATUS = 0x06,
	PCI_HEADER_TYPE = 0x0e, PCI_BAR = 0x10, PCI_CAPABILITIES = 0x34,
	PCI_CAPABILITY_VENDOR = 0x09,
	PCI_CAPABILITIES_MAX = 48, /* as many as there is space for */
};

/** Bits of the command register. */
enum {
	PCI_COMMAND_MEMORY = 1 << 1, PCI_COMMAND_MASTER = 1 << 2, PCI_COMMAND_NO_INTX = 1 << 10,
};

struct pci {
	struct by_attached window;
};

/**
 * Open a function whose configuration space is at this physical address. Gives: pci.
 * Errors: those of by_attached_io_mem_init(); BY_NOT_FOUND if there is none.
 */
BY_MUST_USE by_status_t pci_init(struct by_env *env, struct pci *pci, uint64_t base);

/** Close it, be it open or not. Takes: pci. */
void pci_fini(struct by_env *env, struct pci *pci);

/** Read configuration space. */
uint8_t  pci_read8(struct pci const *pci, unsigned offset);
/** As pci_read8(). */
uint16_t pci_read16(struct pci const *pci, unsigned offset);
/** As pci_read8(). */
uint32_t pci_read32(struct pci const *pci, unsigned offset);

/** Let the device answer in memory, access memory, and interrupt; or none of these. */
void pci_enable(struct pci *pci, bool enable);

/**
 * The next capability of an id behind 'after' (0: the first one); 0: there is none. The
 * device can lead in a circle: whoever asks again and again stops after
 * PCI_CAPABILITIES_MAX.
 */
unsigned pci_capability(struct pci const *pci, uint8_t id, unsigned after);

/** Physical address of a window in memory. Errors: BY_NOT_FOUND if it is none or not placed. */
BY_MUST_USE by_status_t pci_bar(struct pci const *pci, unsigned bar, uint64_t *base);

#endif
