/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads: start, pause, move, registers, and the calls that only concern the caller.
 */
#include "unit.h"
#include "world.h"
#include <arch/clock.h>

enum { PRIO = 10, SLOT = 10 };

static struct made pd, thread[4], share[4];
static struct thread *t[4];


static void add(unsigned i, unsigned cpu, unsigned priority)
{
	world_share(&share[i], cpu, priority);
	t[i] = world_run_on(&thread[i], pd, share[i], false);
	world_give(pd, SLOT + i, thread[i]);
	world_settle();
}


static void setup(void)
{
	world_boot(2);
	world_pd(&pd);
}


static bool bind(unsigned i, unsigned to)
{
	status_t status;

	for (unsigned n = 0; n < 100; n++) {
		status = CORE(THREAD_BIND, thread[i].slot, share[to].slot);
		world_settle();
		if (status != BY_AGAIN)
			return status == BY_OK;
	}

	return false;
}


static bool pause_thread(unsigned i)
{
	status_t status;

	for (unsigned n = 0; n < 100; n++) {
		status = CORE(THREAD_PAUSE, thread[i].slot);
		if (status == BY_OK)
			return true;
		world_settle();
	}

	return false;
}


TEST(started_once)
{
	setup();
	t[0] = world_thread(&thread[0], pd, false);
	world_share(&share[0], 0, PRIO);
	CHECK(CORE(THREAD_START, thread[0].slot, (word_t)0, (word_t)0x1000,
	           BY_USER_LAST + 1) == BY_INVALID);
	CHECK(CORE(THREAD_START, thread[0].slot, (word_t)0, BY_USER_LAST + 1) == BY_INVALID);
	CHECK(CORE(THREAD_START, share[0].slot) == BY_BAD_CAP);
	CHECK(t[0]->state == THREAD_INACTIVE);

	/* without share it is ready and waits for one */
	CHECK(CORE(THREAD_START, thread[0].slot, (word_t)0, (word_t)0x1000, (word_t)0x2000,
	           (word_t)77) == BY_OK);
	world_settle();
	CHECK(!cpus[0].current && t[0]->state == THREAD_READY);
	CHECK(bind(0, 0) && cpus[0].current == t[0]);
	CHECK_EQ(frame_ip(&t[0]->frame), 0x1000);
	CHECK_EQ(frame_sp(&t[0]->frame), 0x2000);
	CHECK(CORE(THREAD_START, thread[0].slot, (word_t)0, (word_t)0x1000) == BY_EXISTS);
}


TEST(bound_before_it_starts)
{
	setup();
	t[0] = world_thread(&thread[0], pd, false);
	world_share(&share[0], 1, PRIO);
	CHECK(bind(0, 0) && !cpus[1].current);
	CHECK(CORE(THREAD_START, thread[0].slot, (word_t)0, (word_t)0x1000) == BY_OK);
	world_settle();
	CHECK(cpus[1].current == t[0]);
	CHECK(CORE(THREAD_BIND, thread[0].slot, thread[0].slot) == BY_BAD_CAP);
	CHECK(CORE(THREAD_BIND, share[0].slot, share[0].slot) == BY_BAD_CAP);
}


TEST(moved_to_another_share_and_back)
{
	setup();
	add(0, 0, PRIO);
	world_share(&share[1], 1, PRIO);
	for (unsigned i = 0; i < 10; i++) {
		CHECK(bind(0, 1) && cpus[1].current == t[0] && !cpus[0].current);
		CHECK(ring_empty(&((struct share *)share[0].object)->threads));
		CHECK(bind(0, 0) && cpus[0].current == t[0] && !cpus[1].current);
	}
}


TEST(moved_while_it_sleeps)
{
	setup();
	add(0, 0, PRIO);
	add(1, 1, PRIO);
	world_share(&share[2], 1, PRIO);
	CHECK(USER(t[0], BY_CALL_PARK, 0, 0, 5000));
	CHECK(bind(0, 2) && t[0]->state == THREAD_PARKED);
	/* its timeout stayed where it was armed */
	world_pass(0, 5000);
	world_settle();
	CHECK(t[0]->state == THREAD_READY && CALL_STATUS(t[0]) == BY_TIMEOUT);
	CHECK(t[0]->cpu == &cpus[1]);
}


TEST(paused)
{
	setup();
	add(0, 0, PRIO);
	add(1, 0, PRIO - 1);
	add(2, 1, PRIO);
	CHECK(pause_thread(0));
	world_settle();
	CHECK(cpus[0].current == t[1]);
	CHECK(pause_thread(2) && !cpus[1].current);
	CHECK(pause_thread(2)); /* again: nothing to do */

	/* what happens meanwhile takes effect when it goes on */
	CHECK(USER(t[1], BY_CALL_UNPARK, SLOT, 0) && cpus[0].current == t[1]);
	CHECK(CORE(THREAD_RESUME, thread[0].slot) == BY_OK);
	CHECK(CORE(THREAD_RESUME, thread[2].slot) == BY_OK);
	world_settle();
	CHECK(cpus[0].current == t[0] && cpus[1].current == t[2]);
	CHECK(USER(t[0], BY_CALL_PARK, 0, 0, BY_NEVER) && cpus[0].current == t[0]);
	CHECK(CORE(THREAD_PAUSE, share[0].slot) == BY_BAD_CAP);
	CHECK(CORE(THREAD_RESUME, share[0].slot) == BY_BAD_CAP);
	CHECK(CORE(THREAD_CANCEL, share[0].slot) == BY_BAD_CAP);
}


TEST(paused_while_blocked)
{
	setup();
	add(0, 0, PRIO);
	add(1, 0, PRIO - 1);
	CHECK(USER(t[0], BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(pause_thread(0));
	CHECK(USER(t[1], BY_CALL_UNPARK, SLOT, 0));
	CHECK(t[0]->state == THREAD_READY && cpus[0].current == t[1]);
	CHECK(CORE(THREAD_RESUME, thread[0].slot) == BY_OK);
	world_settle();
	CHECK(cpus[0].current == t[0] && CALL_STATUS(t[0]) == BY_OK);
	/* resumed while it sleeps it goes on sleeping */
	CHECK(USER(t[0], BY_CALL_PARK, 0, 0, BY_NEVER) && pause_thread(0));
	CHECK(CORE(THREAD_RESUME, thread[0].slot) == BY_OK);
	world_settle();
	CHECK(t[0]->state == THREAD_PARKED && cpus[0].current == t[1]);
}


TEST(registers_only_when_stopped)
{
	struct by_regs regs;
	struct by_message *msg;

	setup();
	msg = core_ep->thread->msg;
	add(0, 0, PRIO);
	add(1, 1, PRIO);
	CHECK(CORE(THREAD_READ, thread[0].slot) == BY_BAD_CAP);
	CHECK(CORE(THREAD_WRITE, thread[1].slot) == BY_BAD_CAP);
	CHECK(CORE(THREAD_READ, pd.slot) == BY_BAD_CAP);
	CHECK(pause_thread(1));
	regs = (struct by_regs) { .op = 8, .cap = 1, .tag = 2, .ip = 0x77, .sp = 0x88, .tls = 0x99 };
	memcpy(msg->word, &regs, sizeof(regs));
	CHECK(CORE(THREAD_WRITE, thread[1].slot) == BY_OK);
	memset(msg->word, 0, sizeof(regs));
	CHECK(CORE(THREAD_READ, thread[1].slot) == BY_OK);
	CHECK(memcmp(msg->word, &regs, sizeof(regs)) == 0);
}


/** Core can write the registers of a queued caller: its message is checked again. */
TEST(registers_of_a_queued_caller)
{
	struct made server, ep, gate;
	struct by_regs regs = { .tag = ~(word_t)0 };

	setup();
	(void)world_server(&server, &ep, pd, false);
	world_gate(&gate, ep, 3);
	CHECK(CORE(THREAD_PAUSE, server.slot) == BY_OK);
	CHECK(CORE(THREAD_CANCEL, server.slot) == BY_OK);
	add(0, 0, PRIO);
	world_give(pd, SLOT + 5, gate);
	CHECK(USER(t[0], BY_CALL_IPC_CALL, SLOT + 5, by_tag(0, 3, 0)));
	CHECK(t[0]->state == THREAD_QUEUED && pause_thread(0));
	memcpy(core_ep->thread->msg->word, &regs, sizeof(regs));
	CHECK(CORE(THREAD_WRITE, thread[0].slot) == BY_OK);
	CHECK(CORE(THREAD_RESUME, server.slot) == BY_OK);
	world_settle();
	CHECK(world_wait(server.object));
	CHECK_EQ(world_tag(server.object), 0);
	CHECK(((struct thread *)server.object)->client == t[0]);
}


TEST(create_checks_its_arguments)
{
	setup();
	word_t const  slot = world_slot();
	paddr_t const mem = stub_alloc(BY_THREAD_SIZE), msg = stub_alloc(PAGE_SIZE);

	CHECK(CORE(THREAD_CREATE, slot, (word_t)900, mem + 8, msg, pd.slot) == BY_INVALID);
	CHECK(CORE(THREAD_CREATE, slot, (word_t)900, mem, msg + 8, pd.slot) == BY_INVALID);
	CHECK(CORE(THREAD_CREATE, slot, (word_t)900, (word_t)0, msg, pd.slot) == BY_INVALID);
	CHECK(CORE(THREAD_CREATE, slot, (word_t)900, mem, msg, slot) == BY_BAD_CAP);
	CHECK(CORE(THREAD_CREATE, (word_t)0, (word_t)900, mem, msg, pd.slot) == BY_INVALID);
	CHECK(CORE(THREAD_CREATE, pd.slot, (word_t)900, mem, msg, pd.slot) == BY_INVALID);
	CHECK(CORE(THREAD_CREATE, ~(word_t)0, (word_t)900, mem, msg, pd.slot) == BY_INVALID);
	world_verify();
}


TEST(many_threads_of_a_dying_pd_or_share)
{
	enum { MANY = 70 };
	struct made many[MANY], one;

	for (unsigned dies = 0; dies < 2; dies++) {
		setup();
		world_share(&one, 0, PRIO);
		for (unsigned i = 0; i < MANY; i++)
			(void)world_run_on(&many[i], pd, one, false);
		CHECK((dies ? world_destroy(one, BY_OBJECT_SHARE)
		            : world_destroy(pd, BY_OBJECT_PD)) > MANY / 40);
		CHECK(!cpus[0].current);
		for (unsigned i = 0; i < MANY; i++)
			CHECK(((struct thread *)many[i].object)->detached);
	}
}


/** A CPU that is off leaves the kernel never, so nobody waits for it. */
TEST(cpu_that_is_off)
{
	struct made gate, server, ep;

	world_boot(3);
	world_pd(&pd);
	cpus[2].online = false;
	(void)world_server(&server, &ep, pd, false);
	world_gate(&gate, ep, 1);
	CHECK(CORE(DESTROY, gate.slot, (word_t)BY_OBJECT_GATE) == BY_AGAIN);
	CHECK(!stub_ipi[2]);
	world_destroy(gate, BY_OBJECT_GATE);
	world_destroy(pd, BY_OBJECT_PD);
}


/*
 * Calls about oneself
 */

TEST(calls_about_oneself)
{
	setup();
	add(0, 0, PRIO);
	CHECK(USER(t[0], BY_CALL_NULL, 5, 6) && CALL_STATUS(t[0]) == BY_OK);
	CHECK(USER(t[0], BY_CALL_TLS_SET, 0x1234, 0) && CALL_STATUS(t[0]) == BY_OK);
	CHECK_EQ(t[0]->tls, 0x1234);
	CHECK(USER(t[0], BY_CALL_TLS_SET, BY_USER_LAST + 1, 0) && CALL_STATUS(t[0]) == BY_INVALID);
	CHECK_EQ(t[0]->tls, 0x1234);
	CHECK(USER(t[0], BY_CALL_TLS_SET, BY_USER_LAST, 0) && CALL_STATUS(t[0]) == BY_OK);
	stub_now = 4711;
	CHECK(USER(t[0], BY_CALL_CLOCK, 0, 0) && CALL_STATUS(t[0]) == BY_OK);
	CHECK_EQ(frame_word(&t[0]->frame, 0), 4711);
	CHECK_EQ(frame_word(&t[0]->frame, 1), clock_frequency());
	CHECK(USER(t[0], BY_CALL_YIELD, 0, 0) && CALL_STATUS(t[0]) == BY_OK);
	CHECK(cpus[0].current == t[0]);
}


TEST(numbers_that_are_no_calls)
{
	for (word_t number = BY_CALL_CLOCK + 1; number < 256; number += 5) {
		setup();
		add(0, 0, PRIO);
		CHECK(USER(t[0], number | 0xff00, 1, 1));
		CHECK(t[0]->state == THREAD_FAULTING);
		CHECK_EQ(t[0]->fault[BY_FAULT_WORD_CAUSE], BY_FAULT_CALL);
		CHECK_EQ(t[0]->fault[BY_FAULT_WORD_ADDRESS], number);
	}
}


UNIT_MAIN("kernel_thread")
