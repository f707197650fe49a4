/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the interrupts of a hart (privileged architecture 4.1.3).
 */
#include "kernel.h"
#include <arch/irqc.h>
#include <port/csr.h>
#include <port/irqc.h>


bool irqc_pending(void)
{
	return csr_read(sip) & csr_read(sie);
}


void irqc_take(void)
{
	word_t const pending = csr_read(sip) & csr_read(sie);

	if (pending & 1 << IRQ_TIMER) {
		csr_clear(sie, 1 << IRQ_TIMER);
		kernel_timer(smp_self());
	} else if (pending & 1 << IRQ_SOFTWARE) {
		/* to leave the kernel does what the other CPU wants */
		csr_clear(sip, 1 << IRQ_SOFTWARE);
	} else if (pending & 1 << IRQ_EXTERNAL) {
		irqc_take_external();
	}
}
