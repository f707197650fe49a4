/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC of the executing CPU (Intel SDM volume 3, 11).
 */
#ifndef DEV_LAPIC_H
#define DEV_LAPIC_H

#include "types.h"

/** Switch it on, with all its sources masked. */
void lapic_init(unsigned spurious_vector);

unsigned lapic_id(void);

/** Tell that the interrupt taken last is being handled. */
void lapic_eoi(void);

/** Interrupts that wait for this CPU: vectors 32 * i and following. */
uint32_t lapic_pending(unsigned i);

/** Interrupt a CPU, maybe this one. */
void lapic_send(unsigned id, unsigned vector);

enum lapic_mode { LAPIC_ONE_SHOT, LAPIC_PERIODIC, LAPIC_DEADLINE };

void lapic_timer_init(unsigned vector, enum lapic_mode mode);

/** Count down from 'ticks'; 0 stops. */
void lapic_timer_start(uint32_t ticks);

uint32_t lapic_timer_left(void);

#endif
