/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm: what the timer's driver and the one of the interrupt controller know of each
 * other.
 */
#ifndef PORT_IRQC_H
#define PORT_IRQC_H

/** Number of the timer's interrupt. */
unsigned clock_irq(void);

/** Take the timer's interrupt back until the next deadline is set. */
void clock_stop(void);

#endif
