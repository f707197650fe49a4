/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stub port: the clock is a variable of the model.
 */
#ifndef BY_PORT_CLOCK_H
#define BY_PORT_CLOCK_H

/** The model's time. */
by_ticks_t by_stub_ticks(void);

static inline by_ticks_t by_ticks(void)
{
	return by_stub_ticks();
}

#endif
