/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The heap of timeouts against a plain list, whose entries are searched through.
 */
#include "unit.h"
#include "world.h"

enum { MANY = 120, STEPS = 4000, SLOT = 1, FAR = 1000 };

static struct made pd, server, ep, sig[MANY];
static ticks_t expected[MANY]; /* 0: not armed */
static word_t  submitted[MANY];
static unsigned state;


static unsigned choose(unsigned n)
{
	state = state * 1103515245u + 12345u;

	return state / 65536 % n;
}


static struct signal *signal_of(unsigned i)
{
	return sig[i].object;
}


/** A server that is busy somewhere else, so that signals count. */
static void setup(unsigned cpu_total)
{
	world_boot(cpu_total);
	world_pd(&pd);
	(void)world_server(&server, &ep, pd, false);
	for (unsigned i = 0; i < MANY; i++) {
		world_signal(&sig[i], ep, 100 + i, false);
		expected[i] = submitted[i] = 0;
	}
	if (CORE(THREAD_PAUSE, server.slot) != BY_OK || CORE(THREAD_CANCEL, server.slot) != BY_OK)
		unit_fail(__FILE__, __LINE__, "the server cannot be stopped");
	world_settle();
	state = 1;
}


static ticks_t earliest(void)
{
	ticks_t first = BY_NEVER;

	for (unsigned i = 0; i < MANY; i++)
		if (expected[i] && expected[i] < first)
			first = expected[i];

	return first;
}


static void expire(void)
{
	for (unsigned i = 0; i < MANY; i++) {
		if (expected[i] && expected[i] <= stub_now) {
			expected[i] = 0;
			submitted[i]++;
		}
	}
}


static bool counts_match(void)
{
	for (unsigned i = 0; i < MANY; i++)
		if (signal_of(i)->count != submitted[i]
		    || (signal_of(i)->timeout.cpu != 0) != (expected[i] != 0))
			return false;

	return true;
}


static void set(unsigned i, ticks_t deadline)
{
	timeout_set(&signal_of(i)->timeout, deadline);
	expected[i] = deadline == BY_NEVER ? 0 : deadline;
	stub_cpu->resched = true; /* sets the hardware timer */
	world_settle();
}


TEST(like_a_list)
{
	setup(1);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned i = choose(MANY);
		switch (choose(8)) {
		case 0:
			timeout_clear(&signal_of(i)->timeout);
			expected[i] = 0;
			world_verify();
			break;
		case 1:
			world_pass(0, choose(40));
			expire();
			break;
		case 2:
			set(i, BY_NEVER);
			break;
		default:
			set(i, stub_now + 1 + choose(FAR));
		}
		CHECK_EQ(timer_next(&cpus[0]), earliest());
		CHECK(counts_match());
	}
	world_pass(0, 2 * FAR);
	expire();
	CHECK(counts_match() && timer_next(&cpus[0]) == BY_NEVER);
}


TEST(equal_deadlines)
{
	setup(1);
	for (unsigned i = 0; i < MANY; i++)
		set(i, 500);
	world_pass(0, 499);
	CHECK(counts_match());
	world_pass(0, 1);
	expire();
	CHECK(counts_match());
}


/** Longest way down the right children. */
static unsigned spine(struct timeout const *t)
{
	return t ? 1 + spine(t->right) : 0;
}


TEST(right_spine_is_logarithmic)
{
	for (unsigned order = 0; order < 3; order++) {
		setup(1);
		for (unsigned i = 0; i < MANY; i++) {
			set(i, order == 0 ? 1000 + i : order == 1 ? 5000 - i : 1000 + choose(FAR));
			CHECK((1u << spine(cpus[0].timeouts)) - 1 <= i + 1);
		}
		for (unsigned i = 0; i < MANY; i++) {
			unsigned at = (i * 7) % MANY; /* 7 and MANY have no factor in common */
			timeout_clear(&signal_of(at)->timeout);
			CHECK((1u << spine(cpus[0].timeouts)) - 1 <= MANY - i - 1);
		}
		CHECK(!cpus[0].timeouts);
		world_settle();
	}
}


TEST(no_more_than_the_budget)
{
	setup(1);
	for (unsigned i = 0; i < 10; i++)
		set(i, 100);
	stub_now = 100;
	CHECK(!timer_expire(&cpus[0], 100, 9));
	CHECK(timer_expire(&cpus[0], 100, 9));
	world_settle();
	expire();
	CHECK(counts_match());
}


TEST(armed_on_one_cpu_and_cleared_on_another)
{
	setup(2);
	world_switch(1);
	set(0, 100);
	CHECK_EQ(signal_of(0)->timeout.cpu, 2);
	CHECK_EQ(timer_next(&cpus[1]), 100);
	world_switch(0);
	CHECK_EQ(timer_next(&cpus[0]), BY_NEVER);
	timeout_clear(&signal_of(0)->timeout);
	expected[0] = 0;
	CHECK(counts_match() && !cpus[1].timeouts);

	/* it is armed where it was set last */
	world_switch(1);
	set(1, 100);
	world_switch(0);
	set(1, 200);
	CHECK_EQ(signal_of(1)->timeout.cpu, 1);
	CHECK(!cpus[1].timeouts);
	world_pass(0, 200);
	expire();
	CHECK(counts_match());
}


UNIT_MAIN("kernel_timer")
