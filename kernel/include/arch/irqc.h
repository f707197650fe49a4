/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Contract: the interrupt controller.
 */
#ifndef ARCH_IRQC_H
#define ARCH_IRQC_H

#include "../types.h"

/** Whether there is an interrupt of this number, which the kernel does not need for itself. */
bool irqc_usable(unsigned number);

/** Set trigger and polarity: BY_IRQ_... */
void irqc_configure(unsigned number, unsigned mode);

void irqc_mask(unsigned number);
void irqc_unmask(unsigned number);

/** True if an interrupt waits for this CPU, which has interrupts off. */
bool irqc_pending(void);

/** Take and handle one pending interrupt: enters kernel_irq() or kernel_timer(). */
void irqc_take(void);

#endif
