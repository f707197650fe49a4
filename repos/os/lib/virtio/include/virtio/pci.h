/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Virtio devices on PCI (VIRTIO 1.1, 4.1).
 */
#ifndef VIRTIO_PCI_H
#define VIRTIO_PCI_H

#include <pci/pci.h>
#include <virtio/virtio.h>

/** Structures of registers (4.1.4). */
enum { VIRTIO_PCI_COMMON = 1, VIRTIO_PCI_NOTIFY, VIRTIO_PCI_ISR, VIRTIO_PCI_DEVICE,
       VIRTIO_PCI_STRUCTURES };

enum { VIRTIO_PCI_QUEUES = 4 }; /* that are used, of all that a device may have */

/** Where one of them is. */
struct virtio_pci_structure {
	char    *base;
	uint32_t bar, offset, size;
};

struct virtio_pci {
	struct virtio               virtio;
	struct pci                  pci;
	struct by_attached          window[PCI_BARS];
	struct virtio_pci_structure structure[VIRTIO_PCI_STRUCTURES];
	uint32_t                    notify_step;
	uint32_t                    notify_at[VIRTIO_PCI_QUEUES];
};

/**
 * Open the device whose configuration space is at a physical address. Gives: pci.
 * Errors: those of pci_init(); BY_NOT_FOUND if it is no virtio device of this type, or lacks
 * what a modern one has.
 */
BY_MUST_USE by_status_t virtio_pci_init(struct by_env *env, struct virtio_pci *pci,
                                        uint64_t base, uint32_t type);

/** Close it, be it open or not: it cannot access memory any more. Takes: pci. */
void virtio_pci_fini(struct by_env *env, struct virtio_pci *pci);

#endif
