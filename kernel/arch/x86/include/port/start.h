/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the port: what the boot CPU initialises, in this order.
 */
#ifndef PORT_START_H
#define PORT_START_H

struct platform;

/** Take over the bootstrap's page tables. */
void mmu_start(void);

/** Learn what the FPU can do, and switch it off. */
void fpu_start(void);

/** Initialise the interrupt controllers: everything masked. Gives the local APIC's id. */
unsigned interrupt_start(struct platform const *platform);

/** Learn, or measure, the frequencies of the clock and of the timer. */
void clock_start(void);

/** Learn where the power switch is. */
void machine_start(struct platform const *platform);

#endif
