/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine as a whole: ports, power, reset.
 */
#include <arch/clock.h>
#include <arch/machine.h>
#include <port/io.h>
#include <port/platform.h>
#include <port/start.h>

enum {
	PORT_KEYBOARD  = 0x64, KEYBOARD_RESET = 0xfe, /* pulse the reset line of the 8042 */
	PORT_CHIPSET   = 0xcf9, CHIPSET_RESET = 0x06, /* as all PCI chipsets have it */
};

static struct platform_port sleep_port[2], reset_port;


void machine_start(struct platform const *platform)
{
	sleep_port[0] = platform->sleep[0];
	sleep_port[1] = platform->sleep[1];
	reset_port    = platform->reset;
}


static void reset(void)
{
	if (reset_port.port)
		port_out8(reset_port.port, (uint8_t)reset_port.value);
	port_out8(PORT_KEYBOARD, KEYBOARD_RESET);
	port_out8(PORT_CHIPSET, CHIPSET_RESET);

	/* no table of exceptions: the next one is a triple fault */
	uint8_t const empty[16] = { 0 };
	asm volatile ("lidt %0\n\tint3" : : "m"(empty));
}


/*
 * The machine takes a while to obey; nothing may happen in between (ACPI 6.4, 16.1). After a
 * second it has not understood.
 */
static void poweroff(void)
{
	ticks_t const end = clock_now() + clock_frequency();

	if (!sleep_port[0].port)
		return;

	for (unsigned i = 0; i < 2; i++)
		if (sleep_port[i].port)
			port_out16(sleep_port[i].port, sleep_port[i].value);
	while (clock_now() < end) { }
}


status_t machine_control(unsigned operation)
{
	if (operation == BY_MACHINE_RESET)
		reset();
	if (operation == BY_MACHINE_POWEROFF)
		poweroff();

	return BY_NOT_SUPPORTED;
}


status_t machine_port_io(word_t port, unsigned width, bool out, word_t *value)
{
	uint16_t const p = (uint16_t)port;

	if (port > UINT16_MAX)
		return BY_INVALID;

	switch (width | (out ? BY_PORT_OUT : 0)) {
	case 1: *value = port_in8(p);  return BY_OK;
	case 2: *value = port_in16(p); return BY_OK;
	case 4: *value = port_in32(p); return BY_OK;
	case BY_PORT_OUT | 1: port_out8(p, (uint8_t)*value);   return BY_OK;
	case BY_PORT_OUT | 2: port_out16(p, (uint16_t)*value); return BY_OK;
	case BY_PORT_OUT | 4: port_out32(p, (uint32_t)*value); return BY_OK;
	default: return BY_INVALID;
	}
}


void machine_halt(void)
{
	for (;;)
		asm volatile ("cli\n\thlt");
}
