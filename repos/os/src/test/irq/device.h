/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A clock that interrupts: one file per device.
 */
#ifndef IRQ_DEVICE_H
#define IRQ_DEVICE_H

#include <by/env.h>

/** Number at the interrupt controller. */
extern uint32_t const device_irq;

/**
 * Whether the interrupt is a level, and gone when the device is quiet. An edge is kept
 * while it is masked, and arrives later.
 */
extern bool const device_level;

/** Open the device's registers; it is quiet then. Errors: those of the session. */
BY_MUST_USE by_status_t device_open(struct by_env *env);

/** Try to open what overlaps the registers; expected to be refused. */
BY_MUST_USE by_status_t device_open_again(struct by_env *env);

/** Close it. */
void device_close(struct by_env *env);

/** Have it interrupt, within milliseconds. */
void device_trigger(void);

/** Wait until it does, by looking at it; an edge can be over then. */
void device_wait(void);

/** Make it quiet. */
void device_quiet(void);

/** Seconds since 1970, as it counts them. */
uint64_t device_seconds(void);

/** Test what is special to the way that its registers are reached. */
void device_test(struct by_env *env);

#endif
