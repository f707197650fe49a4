/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts: each submits a signal and stays masked until it is acknowledged.
 */
#ifndef KERNEL_IRQ_H
#define KERNEL_IRQ_H

#include "object.h"

struct signal;

struct irq {
	struct object  obj;
	uint32_t       number;   /* constant */
	struct signal *signal;   /* owner: core calls; read by the interrupt (atomic) */
};

_Static_assert(sizeof(struct irq) <= BY_IRQ_SIZE, "BY_IRQ_SIZE");

extern struct irq    *irqs[];    /* by number; owner: core calls, read atomically */
extern unsigned const irq_limit; /* how many there can be: BOARD_IRQS */

/** Errors: BY_INVALID no such interrupt, or the kernel's own; BY_EXISTS it has an object. */
BY_MUST_USE status_t irq_check(word_t number);

void irq_init(struct irq *irq, word_t id, unsigned number, unsigned mode);

/** Name the signal to submit, NULL for none. */
void irq_bind(struct irq *irq, struct signal *signal);

void irq_ack(struct irq *irq);

/** An interrupt occurred on this CPU; it is masked by now. */
void irq_occurred(unsigned number);

bool irq_destroy(struct irq *irq, struct teardown *td);

#endif
