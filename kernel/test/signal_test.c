/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals: counts, order, classes, timeouts and interrupts as their sources.
 */
#include "unit.h"
#include "world.h"
#include <arch/irqc.h>

enum { SLOT = 10, PRIO = 10, LINE = 5, OFTEN = 100 };

/** A server with two application signals and two of I/O; a client that holds all. */
static struct made server_pd, client_pd, server, ep, gate, client, sig[4], irq;
static struct thread *s, *c;


static void setup(void)
{
	world_boot(1);
	world_pd(&server_pd);
	world_pd(&client_pd);
	s = world_server(&server, &ep, server_pd, false);
	c = world_run(&client, client_pd, PRIO);
	for (unsigned i = 0; i < 4; i++) {
		world_signal(&sig[i], ep, 100 + i, i & 1);
		world_give(client_pd, SLOT + i, sig[i]);
		world_give(server_pd, SLOT + i, sig[i]);
	}
	world_gate(&gate, ep, 7);
	world_give(client_pd, SLOT + 4, gate);
	world_irq(&irq, LINE);
	world_give(server_pd, SLOT + 5, irq);
	/* the server is busy */
	if (CORE(THREAD_CANCEL, server.slot) != BY_OK)
		unit_fail(__FILE__, __LINE__, "the server does not wait");
	kernel_leave(stub_cpu);
}


static bool submit(unsigned i, word_t count)
{
	return USER(c, BY_CALL_SIGNAL, SLOT + i, count) && CALL_STATUS(c) == BY_OK;
}


/** The server's turn: the client sleeps for a moment. */
static bool serve(void)
{
	return USER(c, BY_CALL_PARK, 0, 0, stub_now + 1000) && cpus[0].current == s;
}


static bool wait_for(word_t options)
{
	return USER(s, BY_CALL_IPC_WAIT | options, 0, 0);
}


/** The server's last wait delivered signal 'i' with 'count'. */
static bool got(unsigned i, word_t count)
{
	return by_tag_event_of(world_tag(s)) == BY_EVENT_SIGNAL && STATUS(s) == BY_OK
	       && by_tag_words(world_tag(s)) == 1
	       && frame_cap(&s->frame) == 100 + i && frame_word(&s->frame, 0) == count;
}


TEST(counts_add_up)
{
	setup();
	for (unsigned i = 0; i < OFTEN; i++)
		CHECK(submit(0, 3));
	CHECK(submit(0, 0));
	CHECK(serve() && wait_for(BY_WAIT_SIGNALS) && got(0, 3 * OFTEN));
	CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_POLL));
	CHECK_EQ(STATUS(s), BY_EMPTY);
	CHECK_EQ(by_tag_event_of(world_tag(s)), BY_EVENT_NONE);
}


TEST(counts_saturate)
{
	setup();
	CHECK(submit(0, ~(word_t)0) && submit(0, 5));
	CHECK(serve() && wait_for(BY_WAIT_SIGNALS) && got(0, UINT32_MAX));
	world_pass(0, 2000);
	CHECK(submit(0, UINT32_MAX - 1) && submit(0, 1));
	CHECK(serve() && wait_for(BY_WAIT_SIGNALS) && got(0, UINT32_MAX));
}


TEST(nothing_is_submitted)
{
	setup();
	CHECK(submit(0, 0));
	CHECK(serve() && wait_for(BY_WAIT_SIGNALS));
	CHECK(s->state == THREAD_WAITING);
	world_pass(0, 2000);
	CHECK(submit(0, 0) && s->state == THREAD_WAITING);
	CHECK(submit(0, 2) && s->state == THREAD_READY && got(0, 2));
}


TEST(first_come_first_served_within_a_class)
{
	setup();
	CHECK(submit(2, 1) && submit(0, 2) && submit(2, 1));
	CHECK(serve());
	CHECK(wait_for(BY_WAIT_SIGNALS) && got(2, 2));
	CHECK(wait_for(BY_WAIT_SIGNALS) && got(0, 2));
	CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_POLL) && STATUS(s) == BY_EMPTY);
}


TEST(classes_alternate)
{
	setup();
	CHECK(submit(0, 1) && submit(2, 1) && submit(1, 1) && submit(3, 1));
	CHECK(serve());
	CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_IO) && got(1, 1));
	CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_IO) && got(0, 1));
	CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_IO) && got(3, 1));
	CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_IO) && got(2, 1));
}


TEST(a_wait_names_what_it_accepts)
{
	setup();
	CHECK(submit(0, 1) && submit(1, 1));
	CHECK(serve());
	CHECK(wait_for(BY_WAIT_REQUESTS | BY_WAIT_POLL) && STATUS(s) == BY_EMPTY);
	CHECK(wait_for(BY_WAIT_IO) && got(1, 1));
	CHECK(wait_for(BY_WAIT_IO | BY_WAIT_POLL) && STATUS(s) == BY_EMPTY);
	CHECK(wait_for(BY_WAIT_SIGNALS) && got(0, 1));
	CHECK(wait_for(0) && STATUS(s) == BY_OK && by_tag_event_of(world_tag(s)) == BY_EVENT_NONE);
}


TEST(only_what_is_accepted_wakes)
{
	setup();
	CHECK(serve() && wait_for(BY_WAIT_IO));
	world_pass(0, 2000);
	CHECK(submit(0, 1) && s->state == THREAD_WAITING);
	CHECK(submit(1, 4) && s->state == THREAD_READY && got(1, 4));
	CHECK(serve() && wait_for(BY_WAIT_SIGNALS) && got(0, 1));
}


TEST(requests_and_signals_alternate)
{
	struct made second;
	struct thread *d;

	setup();
	d = world_run(&second, client_pd, PRIO);
	CHECK(submit(0, 1) && submit(2, 1));
	CHECK(USER(c, BY_CALL_IPC_CALL, SLOT + 4, 0) && world_turn(d));
	CHECK(USER(d, BY_CALL_IPC_CALL, SLOT + 4, 0));
	CHECK(cpus[0].current == s);
	CHECK(world_wait(s) && s->client == c);
	CHECK(world_wait(s) && got(0, 1));
	while (cpus[0].current == c || cpus[0].current == d)
		CHECK(USER(cpus[0].current, BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(world_wait(s) && s->client == d);
	while (cpus[0].current == d)
		CHECK(USER(d, BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(world_wait(s));
	while (cpus[0].current == d)
		CHECK(USER(d, BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(got(2, 1));
}


TEST(bad_capabilities)
{
	setup();
	CHECK(USER(c, BY_CALL_SIGNAL, 0, 1) && CALL_STATUS(c) == BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_SIGNAL, SLOT + 4, 1) && CALL_STATUS(c) == BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_SIGNAL, ~(word_t)0, 1) && CALL_STATUS(c) == BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_TIMEOUT, SLOT + 4, 0) && CALL_STATUS(c) == BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_TIMEOUT, SLOT, 0) && CALL_STATUS(c) == BY_DENIED);
	CHECK(!cpus[0].timeouts);
	CHECK(USER(c, BY_CALL_IRQ_ACK, SLOT, 0) && CALL_STATUS(c) == BY_BAD_CAP);
}


/*
 * Timeouts
 */

static bool arm(unsigned i, ticks_t deadline)
{
	return USER(s, BY_CALL_TIMEOUT, SLOT + i, 0, deadline) && CALL_STATUS(s) == BY_OK;
}


TEST(timeout_comes_at_its_deadline)
{
	setup();
	CHECK(USER(c, BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(arm(0, 1000) && arm(2, 500) && wait_for(BY_WAIT_SIGNALS));
	CHECK(s->state == THREAD_WAITING && !cpus[0].current);
	world_pass(0, 499);
	CHECK(s->state == THREAD_WAITING);
	world_pass(0, 1);
	CHECK(cpus[0].current == s && got(2, 1));
	CHECK(wait_for(BY_WAIT_SIGNALS) && s->state == THREAD_WAITING);
	world_pass(0, 500);
	CHECK(cpus[0].current == s && got(0, 1));
	CHECK(!cpus[0].timeouts);
}


TEST(timeout_is_replaced_or_cleared)
{
	setup();
	CHECK(USER(c, BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(arm(0, 100) && arm(0, 900) && arm(2, 100) && arm(2, BY_NEVER));
	CHECK(wait_for(BY_WAIT_SIGNALS));
	world_pass(0, 899);
	CHECK(s->state == THREAD_WAITING);
	world_pass(0, 1);
	CHECK(got(0, 1) && cpus[0].current == s);
	CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_POLL) && STATUS(s) == BY_EMPTY);
}


TEST(timeout_in_the_past_comes_at_once)
{
	setup();
	stub_now = 5000;
	world_pass(0, 0);
	CHECK(USER(c, BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(arm(0, 1));
	world_pass(0, 0);
	CHECK(wait_for(BY_WAIT_SIGNALS) && got(0, 1));
}


TEST(timeouts_beyond_one_batch)
{
	enum { MANY = 40 };
	struct made more[MANY];

	setup();
	CHECK(USER(c, BY_CALL_PARK, 0, 0, BY_NEVER));
	for (unsigned i = 0; i < MANY; i++) {
		world_signal(&more[i], ep, 200 + i, false);
		world_give(server_pd, SLOT + 10 + i, more[i]);
		CHECK(arm(10 + i, 100));
	}
	world_pass(0, 100);
	CHECK(!cpus[0].timeouts);
	for (unsigned i = 0; i < MANY; i++) {
		CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_POLL));
		CHECK_EQ(by_tag_event_of(world_tag(s)), BY_EVENT_SIGNAL);
	}
	CHECK(wait_for(BY_WAIT_SIGNALS | BY_WAIT_POLL) && STATUS(s) == BY_EMPTY);
}


/*
 * Interrupts
 */

TEST(interrupt_is_masked_until_acknowledged)
{
	setup();
	CHECK(USER(c, BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(stub_irq_masked[LINE]);
	CHECK(CORE(IRQ_BIND, irq.slot, sig[1].slot) == BY_OK);
	CHECK(USER(s, BY_CALL_IRQ_ACK, SLOT + 5, 0) && CALL_STATUS(s) == BY_OK);
	CHECK(!stub_irq_masked[LINE]);
	CHECK(wait_for(BY_WAIT_IO));
	world_interrupt(LINE);
	CHECK(cpus[0].current == s && got(1, 1) && stub_irq_masked[LINE]);
	stub_irq_raised[LINE] = true;
	CHECK(!irqc_pending());
	CHECK(USER(s, BY_CALL_IRQ_ACK, SLOT + 5, 0));
	world_interrupt(LINE);
	CHECK(wait_for(BY_WAIT_IO) && got(1, 1));
}


TEST(interrupt_without_signal_or_object)
{
	setup();
	stub_irq_masked[LINE] = false;
	world_interrupt(LINE);
	CHECK(stub_irq_masked[LINE]);
	stub_irq_masked[LINE + 1] = false;
	world_interrupt(LINE + 1);
	CHECK(stub_irq_masked[LINE + 1]);
}


TEST(interrupt_changes_its_signal)
{
	struct made second;

	setup();
	world_irq(&second, LINE + 1);
	CHECK(CORE(IRQ_BIND, irq.slot, sig[1].slot) == BY_OK);
	CHECK(CORE(IRQ_BIND, irq.slot, sig[3].slot) == BY_OK);
	CHECK(!((struct signal *)sig[1].object)->irq);
	/* a signal has one interrupt: the last one bound */
	CHECK(CORE(IRQ_BIND, second.slot, sig[3].slot) == BY_OK);
	CHECK(!((struct irq *)irq.object)->signal);
	world_verify();
	CHECK(CORE(IRQ_BIND, second.slot, (word_t)0) == BY_OK);
	CHECK(!((struct signal *)sig[3].object)->irq);
	world_verify();
	CHECK(CORE(IRQ_BIND, second.slot, ep.slot) == BY_BAD_CAP);
	CHECK(CORE(IRQ_BIND, ep.slot, sig[3].slot) == BY_BAD_CAP);
}


TEST(interrupt_number_is_taken_once)
{
	struct made second;

	setup();
	word_t const  slot = world_slot();
	paddr_t const mem  = stub_alloc(BY_IRQ_SIZE);
	CHECK(irq_check(LINE) == BY_EXISTS);
	CHECK(CORE(IRQ_CREATE, slot, (word_t)9000, mem, (word_t)LINE) == BY_EXISTS);
	CHECK(CORE(IRQ_CREATE, slot, (word_t)9000, mem, (word_t)STUB_IRQS) == BY_INVALID);
	CHECK(CORE(IRQ_CREATE, slot, (word_t)9000, mem, ~(word_t)0) == BY_INVALID);
	CHECK(irq_check(STUB_IRQS - 1) == BY_OK);
	stub_irq_masked[LINE] = false;
	world_destroy(irq, BY_OBJECT_IRQ);
	CHECK(stub_irq_masked[LINE]);
	CHECK(irq_check(LINE) == BY_OK);
	world_irq(&second, LINE);
	CHECK(stub_irq_masked[LINE]);
}


/*
 * Ends
 */

TEST(dead_signal_is_not_delivered)
{
	setup();
	CHECK(CORE(IRQ_BIND, irq.slot, sig[0].slot) == BY_OK);
	CHECK(submit(0, 1) && submit(2, 1));
	CHECK(serve() && arm(0, 50000));
	world_destroy(sig[0], BY_OBJECT_SIGNAL);
	CHECK(!((struct irq *)irq.object)->signal);
	CHECK(cpus[0].timeouts == &c->timeout);
	CHECK(wait_for(BY_WAIT_SIGNALS) && got(2, 1));
	CHECK(USER(s, BY_CALL_SIGNAL, SLOT, 1) && CALL_STATUS(s) == BY_BAD_CAP);
	CHECK(USER(s, BY_CALL_TIMEOUT, SLOT, 1) && CALL_STATUS(s) == BY_BAD_CAP);
	world_interrupt(LINE);
}


TEST(signals_of_a_dead_endpoint_go_nowhere)
{
	setup();
	CHECK(submit(0, 1) && submit(1, 1));
	CHECK(CORE(IRQ_BIND, irq.slot, sig[1].slot) == BY_OK);
	CHECK(serve() && arm(2, 50000) && world_turn(s));
	world_destroy(ep, BY_OBJECT_ENDPOINT);
	CHECK(wait_for(BY_WAIT_SIGNALS) && STATUS(s) == BY_INVALID);
	CHECK(arm(0, 1) == false && CALL_STATUS(s) == BY_DENIED);
	world_pass(0, 100000);
	stub_irq_masked[LINE] = false;
	world_interrupt(LINE);
	CHECK(world_turn(c) && submit(2, 1));
	for (unsigned i = 0; i < 4; i++)
		world_destroy(sig[i], BY_OBJECT_SIGNAL);
}


TEST(signals_of_a_dead_thread_wait_for_nobody)
{
	setup();
	CHECK(submit(0, 1));
	world_destroy(server, BY_OBJECT_THREAD);
	CHECK(submit(0, 1) && submit(1, 1));
	CHECK_EQ(((struct signal *)sig[0].object)->count, 2);
	world_destroy(ep, BY_OBJECT_ENDPOINT);
	CHECK_EQ(((struct signal *)sig[0].object)->count, 0);
}


UNIT_MAIN("kernel_signal")
