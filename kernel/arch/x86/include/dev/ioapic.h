/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * I/O APICs: from pins to vectors (Intel 82093AA data sheet). Interrupts are
 * numbered through all of them. The caller serialises.
 */
#ifndef DEV_IOAPIC_H
#define DEV_IOAPIC_H

#include "mmio.h"

/** Mask all pins of I/O APIC 'i', whose first one has the given number. */
void ioapic_init(unsigned i, struct mmio registers, unsigned first);

/** First number that is beyond all pins. */
unsigned ioapic_end(void);

/** Let an interrupt, masked from now on, arrive at a CPU. */
void ioapic_route(unsigned number, unsigned vector, unsigned apic_id, bool edge, bool low);

void ioapic_mask(unsigned number, bool masked);

#endif
