/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ticks and microseconds: a multiplication by a factor of 32 significant bits.
 */
#include "endpoint.h"
#include <by/assert.h>
#include <by/atomic.h>
#include <by/clock.h>
#include <by/kernel.h>

enum { US_BITS = 50 }; /* of times that are computed: 35 years, of clocks of up to 16 GHz */

/* A factor: mult / 2^shift. */
struct scale {
	uint32_t mult;
	unsigned shift;
};

static struct scale  us_per_tick, ticks_per_us;
static by_atomic_u32 ready;


/*
 * a / b with as many bits as fit, rounded up, so that whole numbers remain whole. A long
 * division, because 32-bit machines need the compiler's library for a short one. a < 2^32 b.
 */
static struct scale scale_of(uint64_t a, uint64_t b)
{
	struct scale scale = { 0, 0 };
	uint64_t     rest  = 0;

	for (unsigned bit = 64; bit || scale.mult >> 31 == 0; ) {
		if (bit)
			rest = rest << 1 | (a >> --bit & 1);
		else
			rest <<= 1, scale.shift++; /* a bit of the fraction */
		scale.mult <<= 1;
		if (rest >= b) {
			rest -= b;
			scale.mult |= 1;
		}
	}
	if (rest && scale.mult != UINT32_MAX)
		scale.mult++;

	return scale;
}


static uint64_t apply(uint64_t value, struct scale const *scale)
{
	uint64_t const high = (value >> 32) * scale->mult;
	uint64_t const low  = (value & UINT32_MAX) * scale->mult;

	if (scale->shift >= 32)
		return (high + (low >> 32)) >> (scale->shift - 32);

	return (high << (32 - scale->shift)) + (low >> scale->shift);
}


/* Several threads may do this at once: they find the same. */
static void prepare(void)
{
	uint64_t frequency;

	if (by_atomic_load_acquire(&ready)) /* pairs with the store below */
		return;

	by_kernel_clock(&frequency);
	us_per_tick  = scale_of(1000000, frequency);
	ticks_per_us = scale_of(frequency, 1000000);
	by_atomic_store_release(&ready, true);
}


uint64_t by_us_of_ticks(by_ticks_t ticks)
{
	prepare();

	return apply(ticks, &us_per_tick);
}


by_ticks_t by_ticks_of_us(uint64_t us)
{
	prepare();

	return us >> US_BITS ? BY_NEVER : apply(us, &ticks_per_us);
}


uint64_t by_now_us(void)
{
	return by_us_of_ticks(by_ticks());
}


by_ticks_t by_deadline_us(uint64_t us)
{
	by_ticks_t const now = by_ticks(), ticks = by_ticks_of_us(us);

	return ticks > BY_NEVER - now ? BY_NEVER : now + ticks;
}


void by_sleep_us(uint64_t us)
{
	by_ticks_t const deadline = by_deadline_us(us);

	BY_ASSERT(!by_in_handler());
	while (by_ticks() < deadline)
		by_park(BY_NO_CAP, deadline);
}
