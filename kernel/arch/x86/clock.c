/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clock and timer: the time stamp counter, and the timer of the local APIC.
 *
 * The TSC's frequency stands in CPUID or is measured against the PIT. The CPU
 * sleeps meanwhile, until the first of a series of LAPIC ticks: one millisecond
 * in emulators, up to 40 where the LAPIC counts at 24 MHz.
 *
 *     PIT     ...5 4 3 2 1 0 9 8 7 6 5 4...      read at its steps
 *     LAPIC   ..876543210987654321098765..       reloads once, the CPU wakes
 *     TSC     ........................>...
 */
#include <arch/clock.h>
#include "panic.h"
#include <dev/lapic.h>
#include <dev/pit.h>
#include <port/instruction.h>
#include <port/start.h>
#include <port/trap.h>
#include <port/vector.h>

enum {
	PERIOD = 1000000,  /* LAPIC ticks: below the 55 ms that the PIT can count */
	TRIES  = 10,
	SPIN   = 1000000,  /* rounds within which the PIT must make a step */
	NOISE  = 512,      /* a measurement is this much longer than what is unsure about it */
};

/* Counters at one moment, and how much TSC time it took to read them. */
struct sample { uint64_t tsc, unsure; uint32_t lapic; uint16_t pit; };

static uint64_t frequency;
static uint64_t lapic_ratio;  /* LAPIC ticks per TSC tick, shifted by 32 */
static bool     deadline_mode;


ticks_t clock_now(void)
{
	return tsc_read();
}


uint64_t clock_frequency(void)
{
	return frequency;
}


/** LAPIC ticks until 'deadline', at least one: what has passed fires at once. */
static uint32_t lapic_ticks(ticks_t deadline)
{
	ticks_t now = tsc_read();

	if (deadline <= now)
		return 1;

	unsigned __int128 ticks = (unsigned __int128)(deadline - now) * lapic_ratio >> 32;

	return ticks < UINT32_MAX ? (uint32_t)ticks + 1 : UINT32_MAX;
}


void clock_set_timer(ticks_t deadline)
{
	if (deadline_mode)
		msr_write(MSR_TSC_DEADLINE, deadline == BY_NEVER ? 0 : deadline);
	else
		lapic_timer_start(deadline == BY_NEVER ? 0 : lapic_ticks(deadline));
}


/** Read all counters just when the PIT makes a step. */
static struct sample take_sample(void)
{
	uint16_t first = pit_read();

	for (unsigned i = 0; i < SPIN; i++) {
		uint64_t before = tsc_read();
		uint16_t pit    = pit_read();
		if (pit != first) {
			uint32_t lapic = lapic_timer_left();
			uint64_t tsc   = tsc_read();
			return (struct sample) { tsc, tsc - before, lapic, pit };
		}
	}
	panic("the PIT does not count, and CPUID does not tell the clock's frequency");
}


/** Measure once; false if something interfered. */
static bool measure(void)
{
	pit_start();
	lapic_timer_init(VECTOR_TIMER, LAPIC_PERIODIC);
	lapic_timer_start(PERIOD);

	struct sample a = take_sample();
	asm volatile ("sti\n\thlt\n\tcli" : : : "memory");
	lapic_eoi();
	struct sample b = take_sample();
	bool once = !(lapic_pending(VECTOR_TIMER / 32) >> VECTOR_TIMER % 32 & 1);

	lapic_timer_start(0);
	uint64_t tsc   = b.tsc - a.tsc;
	uint64_t lapic = (uint64_t)a.lapic + PERIOD - b.lapic;

	frequency   = tsc * PIT_HZ / (uint16_t)(a.pit - b.pit);
	lapic_ratio = (lapic << 32) / tsc;

	return once && (a.unsure + b.unsure) * NOISE < tsc;
}


/** What CPUID says about the TSC (Intel SDM volume 2, leaf 15H), 0 if nothing. */
static uint64_t cpuid_frequency(void)
{
	if (cpuid_read(0, 0).reg[CPUID_EAX] < 0x15)
		return 0;

	struct cpuid id = cpuid_read(0x15, 0);
	uint32_t const *reg = id.reg;

	return reg[CPUID_EAX] ? (uint64_t)reg[CPUID_ECX] * reg[CPUID_EBX] / reg[CPUID_EAX] : 0;
}


void clock_start(void)
{
	uint64_t known = cpuid_frequency();

	deadline_mode = cpuid_has(1, CPUID_ECX, 24);
	if (!known || !deadline_mode) {
		trap_set_gate(VECTOR_TIMER, entry_wake);
		for (unsigned i = 0; i < TRIES && !measure(); i++) { }
		trap_set_gate(VECTOR_TIMER, NULL);
	}
	if (known)
		frequency = known;
	lapic_timer_init(VECTOR_TIMER, deadline_mode ? LAPIC_DEADLINE : LAPIC_ONE_SHOT);
}
