/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parking: tokens, deadlines, owners that run on the parker's time.
 */
#include "unit.h"
#include "world.h"

enum { PRIO = 10, SLOT = 10, LONG = CHAIN_LIMIT + 3 };

/** Threads of one PD, the first least important, each in slot SLOT + i. */
static struct made pd, other_pd, made[LONG];
static struct thread *t[LONG];


static void add(unsigned i, unsigned cpu, unsigned priority)
{
	struct made share;

	world_share(&share, cpu, priority);
	t[i] = world_run_on(&made[i], pd, share, false);
	world_give(pd, SLOT + i, made[i]);
	world_settle();
}


static void setup(unsigned threads)
{
	world_boot(2);
	world_pd(&pd);
	world_pd(&other_pd);
	for (unsigned i = 0; i < threads; i++)
		add(i, 0, PRIO + i);
}


static bool park(struct thread *thread, word_t owner, ticks_t deadline)
{
	return USER(thread, BY_CALL_PARK, owner, 0, deadline);
}


static bool unpark(struct thread *thread, unsigned i)
{
	return USER(thread, BY_CALL_UNPARK, SLOT + i, 0);
}


TEST(unpark_wakes)
{
	setup(2);
	CHECK(park(t[1], 0, BY_NEVER));
	CHECK(t[1]->state == THREAD_PARKED && cpus[0].current == t[0]);
	CHECK(unpark(t[0], 1) && CALL_STATUS(t[0]) == BY_OK);
	CHECK(cpus[0].current == t[1] && CALL_STATUS(t[1]) == BY_OK);
	CHECK(!t[1]->token);
}


TEST(one_token_sticks)
{
	setup(2);
	CHECK(unpark(t[1], 1) && unpark(t[1], 1));
	CHECK(park(t[1], 0, BY_NEVER) && CALL_STATUS(t[1]) == BY_OK);
	CHECK(cpus[0].current == t[1]);
	CHECK(park(t[1], 0, BY_NEVER) && t[1]->state == THREAD_PARKED);
}


TEST(deadline)
{
	setup(1);
	CHECK(park(t[0], 0, 1000) && t[0]->state == THREAD_PARKED && !cpus[0].current);
	world_pass(0, 999);
	CHECK(t[0]->state == THREAD_PARKED);
	world_pass(0, 1);
	CHECK(cpus[0].current == t[0] && CALL_STATUS(t[0]) == BY_TIMEOUT);
	CHECK(park(t[0], 0, 5));
	world_pass(0, 0);
	CHECK(cpus[0].current == t[0] && CALL_STATUS(t[0]) == BY_TIMEOUT);
	CHECK(!t[0]->token && !cpus[0].timeouts);
}


TEST(deadline_of_a_park_that_ended)
{
	setup(2);
	CHECK(park(t[1], 0, 1000) && unpark(t[0], 1));
	CHECK(!cpus[0].timeouts);
	CHECK(park(t[1], 0, BY_NEVER));
	world_pass(0, 2000);
	CHECK(t[1]->state == THREAD_PARKED);
}


TEST(wrong_threads)
{
	setup(2);
	CHECK(park(t[1], SLOT + 5, BY_NEVER) && CALL_STATUS(t[1]) == BY_BAD_CAP);
	CHECK(unpark(t[1], 5) && CALL_STATUS(t[1]) == BY_BAD_CAP);

	/* another PD's thread, and what is no thread */
	struct made stranger;
	world_thread(&stranger, other_pd, false);
	world_give(pd, SLOT + 5, stranger);
	world_give(pd, SLOT + 6, pd);
	CHECK(park(t[1], SLOT + 5, BY_NEVER) && CALL_STATUS(t[1]) == BY_BAD_CAP);
	CHECK(unpark(t[1], 5) && CALL_STATUS(t[1]) == BY_BAD_CAP);
	CHECK(unpark(t[1], 6) && CALL_STATUS(t[1]) == BY_BAD_CAP);
	CHECK(!((struct thread *)stranger.object)->token && cpus[0].current == t[1]);
}


TEST(owner_runs_on_the_time_of_the_parker)
{
	setup(3);
	CHECK(park(t[2], SLOT, BY_NEVER));
	CHECK(cpus[0].current == t[0] && cpus[0].donor == t[2]);
	CHECK_EQ(sched_priority(t[0]), PRIO + 2);
	CHECK(unpark(t[0], 2) && cpus[0].current == t[2]);
	CHECK(!t[2]->owner && ring_empty(&t[0]->parkers));
	CHECK(park(t[2], 0, BY_NEVER) && cpus[0].current == t[1]);
}


TEST(owner_after_owner)
{
	setup(4);
	CHECK(park(t[3], SLOT + 1, BY_NEVER) && cpus[0].current == t[1]);
	CHECK(park(t[1], SLOT, 1000) && cpus[0].current == t[0] && cpus[0].donor == t[3]);
	/* the middle one times out, and goes on with the time it was given */
	world_pass(0, 1000);
	CHECK(cpus[0].current == t[1] && cpus[0].donor == t[3]);
	CHECK(CALL_STATUS(t[1]) == BY_TIMEOUT);
}


TEST(owner_that_sleeps_takes_no_time)
{
	setup(3);
	CHECK(park(t[2], 0, 1000) && park(t[1], SLOT + 2, BY_NEVER));
	CHECK(cpus[0].current == t[0]);
	world_pass(0, 1000);
	CHECK(cpus[0].current == t[2] && t[1]->state == THREAD_PARKED);
	CHECK(unpark(t[2], 1) && park(t[2], 0, BY_NEVER) && cpus[0].current == t[1]);
}


TEST(owner_on_another_cpu_gets_nothing)
{
	setup(2);
	add(2, 1, PRIO);
	CHECK(park(t[1], SLOT + 2, BY_NEVER) && t[1]->state == THREAD_PARKED);
	CHECK(!t[1]->owner && cpus[0].current == t[0]);
	world_switch(1);
	CHECK(unpark(t[2], 1));
	world_settle();
	CHECK(cpus[0].current == t[1] && CALL_STATUS(t[1]) == BY_OK);
}


TEST(cycles)
{
	setup(3);
	CHECK(park(t[2], SLOT + 2, BY_NEVER) && CALL_STATUS(t[2]) == BY_DEADLOCK);
	CHECK(park(t[2], SLOT, BY_NEVER) && cpus[0].current == t[0]);
	CHECK(park(t[0], SLOT + 2, BY_NEVER) && CALL_STATUS(t[0]) == BY_DEADLOCK);
	CHECK(cpus[0].current == t[0] && t[0]->state == THREAD_READY);
	CHECK(park(t[0], SLOT + 1, BY_NEVER) && cpus[0].current == t[1]);
	CHECK(park(t[1], SLOT + 2, BY_NEVER) && CALL_STATUS(t[1]) == BY_DEADLOCK);
	/* a token does not make it right */
	CHECK(unpark(t[1], 1) && park(t[1], SLOT + 2, BY_NEVER));
	CHECK(CALL_STATUS(t[1]) == BY_DEADLOCK && t[1]->token);
}


/** Thread 'i' parks on the one before; those above sleep for a moment. */
static bool park_on_next(unsigned i, unsigned owner)
{
	for (unsigned other = LONG - 1; other > i; other--)
		if (cpus[0].current == t[other] && !park(t[other], 0, stub_now + 1))
			return false;
	bool done = park(t[i], SLOT + owner, BY_NEVER);
	world_pass(0, 1);

	return done;
}


TEST(chain_limit)
{
	setup(LONG);
	for (unsigned i = 1; i <= CHAIN_LIMIT; i++)
		CHECK(park_on_next(i, i - 1) && t[i]->state == THREAD_PARKED);
	CHECK(park_on_next(CHAIN_LIMIT + 1, CHAIN_LIMIT));
	CHECK(CALL_STATUS(t[CHAIN_LIMIT + 1]) == BY_DEADLOCK);
	CHECK(park_on_next(CHAIN_LIMIT + 1, CHAIN_LIMIT - 1));
	CHECK(t[CHAIN_LIMIT + 1]->state == THREAD_PARKED);
}


TEST(owner_dies)
{
	setup(3);
	CHECK(park(t[2], SLOT, 1000) && cpus[0].current == t[0]);
	world_destroy(made[0], BY_OBJECT_THREAD);
	CHECK(cpus[0].current == t[1] && t[2]->state == THREAD_PARKED && !t[2]->owner);
	world_pass(0, 1000);
	CHECK(cpus[0].current == t[2] && CALL_STATUS(t[2]) == BY_TIMEOUT);
}


TEST(owner_with_many_parkers_dies)
{
	enum { MANY = 150 };
	static struct made many[MANY];

	setup(2);
	for (unsigned i = 0; i < MANY; i++) {
		struct thread *p = world_run(&many[i], pd, PRIO + 5);
		CHECK(world_turn(p) && park(p, SLOT, BY_NEVER));
	}
	CHECK(cpus[0].current == t[0]);
	world_destroy(made[0], BY_OBJECT_THREAD);
	for (unsigned i = 0; i < MANY; i++)
		CHECK(!((struct thread *)many[i].object)->owner);
	CHECK(cpus[0].current == t[1]);
}


TEST(parker_dies)
{
	setup(3);
	CHECK(park(t[2], SLOT, 1000));
	world_destroy(made[2], BY_OBJECT_THREAD);
	CHECK(cpus[0].current == t[1] && ring_empty(&t[0]->parkers) && !cpus[0].timeouts);
	CHECK(unpark(t[1], 2) && CALL_STATUS(t[1]) == BY_BAD_CAP);
}


TEST(cancelled)
{
	setup(2);
	CHECK(park(t[1], SLOT, 1000));
	CHECK(CORE(THREAD_CANCEL, made[1].slot) == BY_OK);
	world_settle();
	CHECK(cpus[0].current == t[1] && CALL_STATUS(t[1]) == BY_CANCELLED);
	CHECK(CORE(THREAD_CANCEL, made[1].slot) == BY_EMPTY);

	/* on another CPU */
	add(2, 1, PRIO);
	world_switch(1);
	CHECK(park(t[2], 0, BY_NEVER));
	world_switch(0);
	CHECK(CORE(THREAD_CANCEL, made[2].slot) == BY_OK);
	world_settle();
	CHECK(cpus[1].current == t[2] && CALL_STATUS(t[2]) == BY_CANCELLED);
}


TEST(unpark_on_another_cpu)
{
	setup(1);
	add(1, 1, PRIO);
	CHECK(unpark(t[0], 1));
	world_settle();
	CHECK(t[1]->token);
	world_switch(1);
	CHECK(park(t[1], 0, BY_NEVER) && CALL_STATUS(t[1]) == BY_OK);
	CHECK(park(t[1], 0, BY_NEVER) && t[1]->state == THREAD_PARKED);
	world_switch(0);
	CHECK(unpark(t[0], 1));
	world_settle();
	CHECK(cpus[1].current == t[1]);
}


TEST(parker_that_moves_donates_no_more)
{
	struct made share;

	setup(2);
	CHECK(park(t[1], SLOT, BY_NEVER) && cpus[0].donor == t[1]);
	world_share(&share, 1, PRIO);
	CHECK(CORE(THREAD_BIND, made[1].slot, share.slot) == BY_OK);
	world_settle();
	CHECK(!t[1]->owner && t[1]->state == THREAD_PARKED && t[1]->cpu == &cpus[1]);
	CHECK(cpus[0].current == t[0] && cpus[0].donor == t[0]);
	CHECK(unpark(t[0], 1));
	world_settle();
	CHECK(cpus[1].current == t[1]);
}


TEST(owner_that_moves_gets_no_more)
{
	struct made share;

	setup(2);
	CHECK(park(t[1], SLOT, BY_NEVER));
	world_share(&share, 1, PRIO);
	CHECK(CORE(THREAD_BIND, made[0].slot, share.slot) == BY_OK);
	world_settle();
	CHECK(!t[1]->owner && cpus[1].current == t[0] && cpus[1].donor == t[0]);
	CHECK(!cpus[0].current);
}


UNIT_MAIN("kernel_park")
