/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts as objects.
 */
#include "irq.h"
#include "cpu.h"
#include "endpoint.h"
#include <arch/irqc.h>

static struct irq dying; /* stands for one that is being destroyed */


status_t irq_check(word_t number)
{
	if (number >= irq_limit || !irqc_usable((unsigned)number))
		return BY_INVALID;

	return irqs[number] ? BY_EXISTS : BY_OK;
}


void irq_init(struct irq *irq, word_t id, unsigned number, unsigned mode)
{
	memset(irq, 0, sizeof(*irq));
	object_init(&irq->obj, BY_OBJECT_IRQ, id);
	irq->number = number;
	irqc_mask(number);
	irqc_configure(number, mode);
	atomic_store(&irqs[number], irq); /* pairs with irq_occurred() */
}


void irq_bind(struct irq *irq, struct signal *signal)
{
	struct signal *old = irq->signal;

	if (old)
		old->irq = NULL;
	if (signal && signal->irq)
		irq_bind(signal->irq, NULL);
	if (signal)
		signal->irq = irq;
	atomic_store(&irq->signal, signal); /* pairs with irq_occurred() */
}


void irq_ack(struct irq *irq)
{
	irqc_unmask(irq->number);
}


void irq_occurred(unsigned number)
{
	struct irq    *irq    = atomic_load(&irqs[number]); /* pairs with irq_destroy() */
	struct signal *signal = irq ? atomic_load(&irq->signal) : NULL;

	if (signal)
		signal_submit(signal, 1);
}


bool irq_destroy(struct irq *irq, struct teardown *td)
{
	object_kill(&irq->obj);
	irq_bind(irq, NULL);
	/* an interrupt under way must not find it, nor anybody a free number */
	atomic_store(&irqs[irq->number], &dying); /* irq_occurred() */

	/* until then an acknowledgement under way on another CPU could unmask it */
	if (!object_unlink(&irq->obj, td) || !object_quiesced(&irq->obj, 1))
		return false;

	irqc_mask(irq->number);
	atomic_store(&irqs[irq->number], (struct irq *)NULL);

	return true;
}
