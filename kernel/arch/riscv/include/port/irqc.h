/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: what a driver of an interrupt controller adds to arch/irqc.h, whose
 * irqc_pending() and irqc_take() are the port's.
 */
#ifndef PORT_IRQC_H
#define PORT_IRQC_H

/** Handle one external interrupt of this hart, if there is one. */
void irqc_take_external(void);

#endif
