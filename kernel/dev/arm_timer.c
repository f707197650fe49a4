/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arm Generic Timer: the virtual counter and timer (Arm ARM, DDI 0406C, B8.1 and
 * B4.1). User level reads the counter, too.
 */
#include <arch/clock.h>
#include <arch/device.h>
#include <port/cp15.h>
#include <port/irqc.h>

enum {
	IRQ            = 27,      /* of the virtual timer (Arm BSA 1.0, 3.8.1) */
	CTL_ENABLE     = 1 << 0,
	KCTL_COUNTER   = 1 << 1,  /* CNTVCT for user level, and nothing else */
};

static word_t frequency;


void clock_attach(struct by_boot_info const *info)
{
	(void)info;
	frequency = cp15_read(CP15_CNTFRQ);
	cp15_write(CP15_CNTKCTL, KCTL_COUNTER);
	clock_stop();
}


unsigned clock_irq(void)
{
	return IRQ;
}


void clock_stop(void)
{
	cp15_write(CP15_CNTV_CTL, 0);
	cp15_isb();
}


/** The counter may be read a little early, which does no harm to those who measure here. */
ticks_t clock_now(void)
{
	return cp15_read64(CP15_CNTVCT);
}


uint64_t clock_frequency(void)
{
	return frequency;
}


void clock_set_timer(ticks_t deadline)
{
	cp15_write64(CP15_CNTV_CVAL, deadline);
	cp15_write(CP15_CNTV_CTL, CTL_ENABLE);
	cp15_isb();
}
