/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Goldfish real-time clock of QEMU's virtual RISC-V machine: nanoseconds since 1970,
 * and one alarm.
 */
#include "device.h"
#include "window.h"

enum { BASE = 0x101000, ALARM_NS = 300000 };

enum {
	TIME_LOW = 0x00, TIME_HIGH = 0x04, ALARM_LOW = 0x08, ALARM_HIGH = 0x0c,
	IRQ_ENABLED = 0x10, CLEAR_ALARM = 0x14, ALARM_RUNS = 0x18, CLEAR_INTERRUPT = 0x1c,
};

uint32_t const device_irq   = 11;
bool const     device_level = true;

uint64_t const window_base = BASE;


/* Reading the low half keeps the high one. */
static uint64_t now(void)
{
	uint64_t const low = window_read(TIME_LOW);

	return low | (uint64_t)window_read(TIME_HIGH) << 32;
}


void device_trigger(void)
{
	uint64_t const alarm = now() + ALARM_NS;

	window_write(IRQ_ENABLED, 1);
	window_write(ALARM_HIGH, (uint32_t)(alarm >> 32));
	window_write(ALARM_LOW, (uint32_t)alarm);
}


void device_wait(void)
{
	while (window_read(ALARM_RUNS)) { }
}


void device_quiet(void)
{
	window_write(IRQ_ENABLED, 0);
	window_write(CLEAR_ALARM, 1);
	window_write(CLEAR_INTERRUPT, 1);
}


uint64_t device_seconds(void)
{
	return now() / 1000000000;
}
