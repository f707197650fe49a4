/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RISC-V: the time CSR, and the timer through stimecmp (Sstc) or the firmware.
 */
#include <arch/clock.h>
#include <arch/device.h>
#include <by/boot_info.h>
#include <port/csr.h>
#include <port/platform.h>
#include <port/sbi.h>

static uint64_t frequency;
static bool     has_stimecmp;


void clock_attach(struct by_boot_info const *info)
{
	frequency    = info->clock_frequency;
	has_stimecmp = info->platform[PLATFORM_SSTC];
	csr_write(scounteren, SCOUNTEREN_TM);
}


ticks_t clock_now(void)
{
	return csr_read(time);
}


uint64_t clock_frequency(void)
{
	return frequency;
}


/** The interrupt stays pending until the next deadline is set; irqc_take() disables it. */
void clock_set_timer(ticks_t deadline)
{
	if (likely(has_stimecmp))
		__asm__ volatile ("csrw %0, %1" : : "i" (CSR_STIMECMP), "r" (deadline));
	else
		sbi_call(SBI_TIME, SBI_TIME_SET, deadline, 0);
	csr_set(sie, 1 << IRQ_TIMER);
}
