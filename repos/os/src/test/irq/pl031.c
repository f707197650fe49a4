/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm's PL031, as QEMU's virtual Arm machine has it: counts seconds since 1970, and
 * interrupts when the counter meets the match register.
 */
#include "device.h"
#include "window.h"

enum { BASE = 0x09010000 };

enum { COUNT = 0x00, MATCH = 0x04, MASK = 0x10, RAW = 0x14, CLEAR = 0x1c };

uint32_t const device_irq   = 32 + 2; /* the second of the shared ones */
bool const     device_level = true;

uint64_t const window_base = BASE;


/* At once, unless a second ends just then. */
void device_trigger(void)
{
	window_write(MASK, 1);
	device_wait();
}


void device_wait(void)
{
	while (!(window_read(RAW) & 1))
		window_write(MATCH, window_read(COUNT));
}


void device_quiet(void)
{
	window_write(MASK, 0);
	window_write(CLEAR, 1);
}


uint64_t device_seconds(void)
{
	return window_read(COUNT);
}
