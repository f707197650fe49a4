/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scheduler: priorities, turns by weight, passive threads, and time that is passed
 * on along chains.
 */
#include "unit.h"
#include "world.h"
#include <arch/irqc.h>
#include <by/core.h>

enum { SLOT = 10, PRIO = 10, STEP = 50000, ROUNDS = 4000 };

static struct made pd, thread[8], share[8];
static struct thread *t[8];
static ticks_t used[8];


static void add_on(unsigned i, unsigned cpu, unsigned priority, unsigned weight)
{
	world_share(&share[i], cpu, priority);
	if (CORE(SHARE_SET, share[i].slot, (word_t)0, (word_t)priority, (word_t)weight) != BY_OK)
		unit_fail(__FILE__, __LINE__, "the share cannot be changed");
	t[i] = world_run_on(&thread[i], pd, share[i], false);
	world_give(pd, SLOT + i, thread[i]);
	world_settle();
}


static void add(unsigned i, unsigned priority, unsigned weight)
{
	add_on(i, 0, priority, weight);
}


static void setup(void)
{
	world_boot(2);
	world_pd(&pd);
	memset(used, 0, sizeof(used));
}


/** Let threads compute; who gets how much time? */
static void compute(unsigned rounds)
{
	for (unsigned n = 0; n < rounds; n++) {
		struct thread *runs = cpus[0].current;
		for (unsigned i = 0; i < 8; i++)
			if (runs && runs == t[i] && thread[i].object == runs)
				used[i] += STEP;
		world_pass(0, STEP);
	}
}


static bool about(ticks_t value, ticks_t expected)
{
	return value * 20 > expected * 19 && value * 20 < expected * 21;
}


TEST(more_important_first)
{
	setup();
	add(0, PRIO, 16);
	add(1, PRIO + 1, 1);
	add(2, PRIO - 1, 1024);
	compute(1000);
	CHECK_EQ(used[1], 1000 * (ticks_t)STEP);
	CHECK(USER(t[1], BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(cpus[0].current == t[0]);
	CHECK(USER(t[0], BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(cpus[0].current == t[2]);
	CHECK(USER(t[2], BY_CALL_UNPARK, SLOT + 1, 0) && cpus[0].current == t[1]);
}


TEST(time_by_weight)
{
	setup();
	add(0, PRIO, 10);
	add(1, PRIO, 20);
	add(2, PRIO, 50);
	compute(16 * ROUNDS);
	ticks_t all = used[0] + used[1] + used[2];
	CHECK_EQ(all, 16 * (ticks_t)ROUNDS * STEP);
	CHECK(about(used[0], all * 10 / 80));
	CHECK(about(used[1], all * 20 / 80));
	CHECK(about(used[2], all * 50 / 80));
}


/** Threads of one share divide it; another share of equal weight gets as much alone. */
TEST(time_is_the_share_s)
{
	setup();
	add(0, PRIO, 16);
	add(1, PRIO, 16);
	for (unsigned i = 2; i < 5; i++)
		t[i] = world_run_on(&thread[i], pd, share[1], false);
	compute(8 * ROUNDS);
	ticks_t all = 8 * (ticks_t)ROUNDS * STEP;
	CHECK(about(used[0], all / 2));
	for (unsigned i = 1; i < 5; i++)
		CHECK(about(used[i], all / 8));
}


TEST(alone_without_ticks)
{
	setup();
	add(0, PRIO, 16);
	CHECK(stub_timer[0] == BY_NEVER);
	add(1, PRIO - 1, 16);
	CHECK(stub_timer[0] == BY_NEVER);
	add(2, PRIO, 16);
	CHECK(stub_timer[0] != BY_NEVER);
}


/** Who gives up his turn gets the next one when all others had theirs. */
TEST(yield)
{
	setup();
	for (unsigned i = 0; i < 3; i++)
		add(i, PRIO, 16);
	for (unsigned i = 0; i < 9; i++) {
		CHECK(cpus[0].current == t[i % 3]);
		CHECK(USER(cpus[0].current, BY_CALL_YIELD, 0, 0));
	}
	add(3, PRIO + 1, 16);
	CHECK(USER(t[3], BY_CALL_YIELD, 0, 0) && cpus[0].current == t[3]);
}


/** An overrun (here of interrupts that were off) is owed, but for one turn only. */
TEST(overrun_is_owed)
{
	setup();
	add(0, PRIO, 16);
	add(1, PRIO, 16);
	world_pass(0, 100 * 16 * 250000);
	CHECK(cpus[0].current == t[1]);
	compute(1);
	world_pass(0, 16 * 250000);
	CHECK(cpus[0].current == t[0]);
	compute(8 * ROUNDS);
	CHECK(about(used[0], 4 * (ticks_t)ROUNDS * STEP));
}


TEST(share_is_changed)
{
	setup();
	add(0, PRIO, 16);
	add(1, PRIO - 1, 16);
	CHECK(CORE(SHARE_SET, share[1].slot, (word_t)0, (word_t)PRIO + 1, (word_t)16) == BY_OK);
	world_settle();
	CHECK(cpus[0].current == t[1]);
	CHECK(CORE(SHARE_SET, share[1].slot, (word_t)0, (word_t)0, (word_t)16) == BY_OK);
	world_settle();
	CHECK(cpus[0].current == t[0]);

	/* on another CPU */
	add_on(2, 1, PRIO, 16);
	add_on(3, 1, PRIO - 1, 16);
	CHECK(CORE(SHARE_SET, share[3].slot, (word_t)0, (word_t)PRIO + 1, (word_t)16) == BY_OK);
	world_settle();
	CHECK(cpus[1].current == t[3]);

	/* without threads that could run */
	CHECK(USER(t[0], BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(CORE(SHARE_SET, share[0].slot, (word_t)0, (word_t)PRIO + 5, (word_t)16) == BY_OK);
	CHECK(USER(t[1], BY_CALL_UNPARK, SLOT, 0) && cpus[0].current == t[0]);
}


TEST(share_dies)
{
	setup();
	add(0, PRIO, 16);
	add(1, PRIO, 16);
	add(2, PRIO - 1, 16);
	struct thread *second = world_run_on(&thread[4], pd, share[0], false);
	world_destroy(share[0], BY_OBJECT_SHARE);
	CHECK(cpus[0].current == t[1] && t[0]->detached && second->detached);
	CHECK(USER(t[1], BY_CALL_UNPARK, SLOT, 0) && t[0]->token);
	CHECK(CORE(THREAD_BIND, thread[0].slot, share[2].slot) == BY_OK);
	world_settle();
	CHECK(!t[0]->detached && t[0]->place == SCHED_QUEUED && second->detached);
	world_destroy(share[1], BY_OBJECT_SHARE);
	CHECK(cpus[0].current == t[2] || cpus[0].current == t[0]);
}


/*
 * Servers
 */

static struct made ep[3], gate[3];

/** Servers with gates in slots SLOT + 5 on: the first calls the second, and so on. */
static void add_servers(unsigned count, bool passive)
{
	for (unsigned i = 0; i < count; i++) {
		t[5 + i] = world_server(&thread[5 + i], &ep[i], pd, passive);
		world_gate(&gate[i], ep[i], i);
		world_give(pd, SLOT + 5 + i, gate[i]);
	}
}


static bool call(struct thread *from, unsigned server)
{
	return USER(from, BY_CALL_IPC_CALL, SLOT + 5 + server, by_tag(0, 0, 0));
}


TEST(time_is_passed_on_along_a_chain)
{
	for (int passive = 0; passive < 2; passive++) {
		setup();
		add_servers(3, passive);
		add(0, PRIO, 16);
		CHECK(call(t[0], 0) && call(t[5], 1) && call(t[6], 2));
		CHECK(cpus[0].current == t[7] && cpus[0].donor == t[0]);

		/* less than the client, more than the servers' own shares */
		add(1, PRIO - 1, 16);
		CHECK(cpus[0].current == t[7]);
		/* more than all of them, until it calls as well */
		add(2, PRIO + 1, 16);
		CHECK(cpus[0].current == t[2]);
		CHECK(call(t[2], 0));
		CHECK(cpus[0].current == t[7] && cpus[0].donor == t[2]);
		CHECK_EQ(sched_priority(t[7]), PRIO + 1);

		/* its server serves one after the other, and pays nothing itself */
		CHECK(world_wait(t[7]) && cpus[0].current == t[6] && cpus[0].donor == t[2]);
		CHECK(world_wait(t[6]) && cpus[0].current == t[5] && cpus[0].donor == t[2]);
		CHECK(world_wait(t[5]) && cpus[0].current == t[5] && t[5]->client == t[2]);
		CHECK(world_wait(t[5]) && cpus[0].current == t[2]);
	}
}


/** A greedy client that has used up its time does not stall its server for others. */
TEST(spent_client_does_not_stall_its_server)
{
	setup();
	add_servers(1, true);
	add(0, PRIO, 1);
	add(1, PRIO, 16);
	CHECK(world_turn(t[0]) && call(t[0], 0) && cpus[0].current == t[5]);
	world_pass(0, 250000);
	CHECK(cpus[0].current == t[1]);
	CHECK(call(t[1], 0) && cpus[0].current == t[5] && cpus[0].donor == t[1]);
	world_pass(0, 1000000);
	CHECK(cpus[0].current == t[5]);
}


TEST(chain_that_leads_nowhere_is_left_out)
{
	struct made sig;

	setup();
	add_servers(3, true);
	add(0, PRIO + 1, 16);
	add(1, PRIO, 16);
	world_signal(&sig, ep[2], 77, true);
	world_give(pd, SLOT + 20, sig);
	CHECK(call(t[0], 0) && call(t[5], 1) && call(t[6], 2));
	CHECK(USER(t[7], BY_CALL_IPC_WAIT | BY_WAIT_IO, 0, 0));
	CHECK(cpus[0].current == t[1] && t[0]->place == SCHED_STALLED);
	add(2, PRIO + 2, 16);
	CHECK(call(t[2], 0) && cpus[0].current == t[1]);

	/* all of them come back at once */
	CHECK(USER(t[1], BY_CALL_SIGNAL, SLOT + 20, 1));
	CHECK(cpus[0].current == t[7] && cpus[0].donor == t[2]);
	CHECK(t[0]->place == SCHED_QUEUED);
}


TEST(interrupts_come_in_between)
{
	struct made sig;

	setup();
	add_servers(1, true);
	world_signal(&sig, ep[0], 77, true);
	world_give(pd, SLOT + 20, sig);
	for (unsigned i = 0; i < 4; i++) {
		add(i, PRIO + 1, 16);
		CHECK(call(t[i], 0));
		if (i == 0)
			CHECK(USER(t[5], BY_CALL_IPC_WAIT | BY_WAIT_IO, 0, 0));
	}
	add(4, PRIO, 16);
	stub_timer[0] = stub_now; /* an interrupt waits while donors are queued again */
	CHECK(USER(t[4], BY_CALL_SIGNAL, SLOT + 20, 1));
	CHECK(cpus[0].current == t[5] && !irqc_pending());
}


TEST(passive_without_client_runs_on_its_fallback)
{
	setup();
	add_servers(1, true);
	add(0, PRIO, 16);
	add(1, 0, 16);
	CHECK(call(t[0], 0) && cpus[0].current == t[5] && t[5]->place == SCHED_OUT);
	world_destroy(thread[0], BY_OBJECT_THREAD);
	/* its own share is more important than the other thread's */
	CHECK(cpus[0].current == t[5] && cpus[0].donor == t[5]);
	add(2, PRIO, 16);
	CHECK(cpus[0].current == t[2]);
	/* until somebody calls */
	CHECK(call(t[2], 0) && cpus[0].current == t[5] && cpus[0].donor == t[2]);
}


TEST(passive_runs_where_its_client_is)
{
	setup();
	add_servers(1, true);
	add_on(0, 1, PRIO, 16);
	world_switch(1);
	CHECK(call(t[0], 0) && cpus[1].current == t[5] && t[5]->cpu == &cpus[1]);
	/* the client ends: back to the share */
	CHECK(CORE(THREAD_CANCEL, thread[0].slot) == BY_OK);
	world_settle();
	while (cpus[1].current == t[0])
		CHECK(USER(t[0], BY_CALL_PARK, 0, 0, BY_NEVER));
	world_settle();
	CHECK(cpus[0].current == t[5] && t[5]->cpu == &cpus[0]);
}


TEST(active_server_stays_at_home)
{
	setup();
	add_servers(1, false);
	add_on(0, 1, PRIO, 16);
	add(1, PRIO + 1, 16);
	world_switch(1);
	CHECK(call(t[0], 0));
	world_settle();
	/* no time is donated from there */
	CHECK(!cpus[1].current && cpus[0].current == t[1]);
	world_switch(0);
	CHECK(USER(t[1], BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(cpus[0].current == t[5] && cpus[0].donor == t[5]);
	CHECK(world_wait(t[5]));
	world_settle();
	CHECK(cpus[1].current == t[0] && frame_word(&t[0]->frame, 1) == 42);
}


/** The answer wakes a client of another CPU even if its server has more to do. */
TEST(answer_from_a_server_that_goes_on)
{
	struct made sig;

	setup();
	add_servers(1, false);
	world_signal(&sig, ep[0], 77, true);
	world_give(pd, SLOT + 20, sig);
	add_on(0, 1, PRIO, 16);
	world_switch(1);
	CHECK(call(t[0], 0));
	world_settle();
	world_switch(0);
	CHECK(cpus[0].current == t[5] && USER(t[5], BY_CALL_SIGNAL, SLOT + 20, 1));
	CHECK(world_wait(t[5]));
	world_settle();
	CHECK(cpus[0].current == t[5] && by_tag_event_of(world_tag(t[5])) == BY_EVENT_SIGNAL);
	CHECK(cpus[1].current == t[0] && frame_word(&t[0]->frame, 1) == 42);
}


TEST(core_goes_first)
{
	struct made core_gate, core = { BY_CORE_SLOT_ENDPOINT, core_ep };

	setup();
	world_gate(&core_gate, core, 1);
	world_give(pd, SLOT + 20, core_gate);
	add(0, 0, 16);
	CHECK(USER(t[0], BY_CALL_IPC_CALL, SLOT + 20, 0) && cpus[0].current == core_ep->thread);
	add(1, PRIO + 5, 16);
	CHECK(cpus[0].current == core_ep->thread && cpus[0].donor == t[0]);
	CHECK(world_wait(core_ep->thread) && cpus[0].current == t[1]);
}


TEST(paused_thread_takes_no_time)
{
	setup();
	add(0, PRIO, 16);
	add(1, PRIO, 16);
	CHECK(CORE(THREAD_PAUSE, thread[0].slot) == BY_OK);
	world_settle();
	compute(ROUNDS);
	CHECK_EQ(used[0], 0);
	CHECK(CORE(THREAD_RESUME, thread[0].slot) == BY_OK);
	CHECK(CORE(THREAD_RESUME, thread[0].slot) == BY_OK);
	world_settle();
	compute(4 * ROUNDS);
	CHECK(about(used[0], 2 * (ticks_t)ROUNDS * STEP));
}


UNIT_MAIN("kernel_sched")
