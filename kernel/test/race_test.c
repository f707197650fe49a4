/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Duels: two CPUs do two things at the same time, interleaved in every way that needs
 * one switch and in many others. What must come out is the same for all of them, or one
 * of a few outcomes. SEEDS=n tries n others, SEED=n begins with that one.
 */
#include "unit.h"
#include "weave.h"
#include "world.h"
#include <arch/irqc.h>
#include <by/core.h>
#include <stdlib.h>

enum { GATE = 10, OTHER = 11, PRIO = 10, RANDOM = 60 };

static struct made pd[2], client, server, ep, gate, other, signal, irq, third;
static struct thread *c, *s;
static status_t result;


static void fight(struct weave_duel const *duel)
{
	const char *more = getenv("SEEDS"), *from = getenv("SEED");
	const char *text = weave_duel(duel, from ? strtoul(from, NULL, 10) : 0,
	                              more ? (unsigned)strtoul(more, NULL, 10) : RANDOM);

	if (text)
		unit_fail(__FILE__, __LINE__, text);
}


/** Core's call, repeated until it is done, on the CPU that executes. */
static void core_do(unsigned number, word_t a0, word_t a1)
{
	do {
		result = world_core(number, 0, a0, a1, (word_t)0, (word_t)0, (word_t)0, (word_t)0);
		kernel_leave(stub_cpu);
		if (result == BY_AGAIN)
			smp_relax();
	} while (result == BY_AGAIN);
}


static void destroy(struct made made, enum by_object_type type)
{
	struct world_object *object = world_find(made.object);

	object->dying = true;
	core_do(BY_CALL_DESTROY, made.slot, type);
	world_forget(object);
}


static void user(struct thread *t, word_t op, word_t cap, word_t tag, word_t word)
{
	if (!world_call(t, op, cap, tag, word, (word_t)0, (word_t)0, (word_t)0))
		unit_fail(__FILE__, __LINE__, "the thread does not run");
}


static void wait_all(struct thread *t)
{
	user(t, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS | BY_WAIT_IO,
	     0, 0, 0);
}


/** A server at home on CPU 0, and a client on CPU 1 that holds its gate. */
static void boot(bool passive)
{
	world_boot(2);
	world_pd(&pd[0]);
	world_pd(&pd[1]);
	s = world_server(&server, &ep, pd[0], passive);
	world_gate(&gate, ep, 7);
	world_give(pd[0], GATE, gate);
	world_give(pd[1], GATE, gate);
	world_switch(1);
	c = world_run(&client, pd[1], PRIO);
	world_switch(0);
	world_settle();
}


static void boot_passive(void) { boot(true); }
static void boot_active(void)  { boot(false); }
static void client_calls(void) { user(c, BY_CALL_IPC_CALL, GATE, by_tag(1, 2, 0), 5); }
static void nothing(void)      { }


static bool runs(struct thread const *t)
{
	return cpus[0].current == t || cpus[1].current == t;
}


TEST(call_from_another_cpu)
{
	fight(&(struct weave_duel) { boot_passive, { nothing, client_calls }, NULL });
	CHECK(s->client == c && runs(s) && s->cpu == &cpus[1]);
	fight(&(struct weave_duel) { boot_active, { nothing, client_calls }, NULL });
	CHECK(s->client == c && runs(s) && s->cpu == &cpus[0]);
}


/*
 * A waiting passive server is taken by a caller elsewhere, while here ...
 */

static void pause_server(void) { core_do(BY_CALL_THREAD_PAUSE, server.slot, 0); }

static const char *paused_stands(void)
{
	return result != BY_OK || !s->paused || runs(s) ? "it runs though it is paused" : NULL;
}

TEST(pause_a_server_that_is_called)
{
	fight(&(struct weave_duel) { boot_passive, { pause_server, client_calls },
	                             paused_stands });
}


static void pause_and_resume(void)
{
	core_do(BY_CALL_THREAD_PAUSE, server.slot, 0);
	core_do(BY_CALL_THREAD_RESUME, server.slot, 0);
}

static const char *served(void)
{
	return s->client == c && runs(s) && !s->paused ? NULL : "the server does not run";
}

TEST(pause_and_resume_a_server_that_is_called)
{
	fight(&(struct weave_duel) { boot_passive, { pause_and_resume, client_calls }, served });
}


static void bind_server(void)
{
	core_do(BY_CALL_THREAD_BIND, server.slot, other.slot);
}

static void boot_bind(void)
{
	boot(true);
	world_share(&other, 1, 3);
}

TEST(bind_a_server_that_is_called)
{
	fight(&(struct weave_duel) { boot_bind, { bind_server, client_calls }, served });
}


static void boot_park(void)
{
	boot(true);
	world_run(&third, pd[0], PRIO);
	world_give(pd[0], OTHER, server);
	world_give(pd[0], OTHER + 1, third);
	world_settle();
}

static void park_on_server(void)
{
	user(third.object, BY_CALL_PARK, OTHER, 0, BY_NEVER);
}

TEST(park_on_a_server_that_is_called)
{
	fight(&(struct weave_duel) { boot_park, { park_on_server, client_calls }, served });
}


static void destroy_server(void) { destroy(server, BY_OBJECT_THREAD); }

static const char *client_is_free(void)
{
	return c->state == THREAD_READY && STATUS(c) == BY_GONE && runs(c) ? NULL
	       : "the client was forgotten";
}

TEST(destroy_a_server_that_is_called)
{
	fight(&(struct weave_duel) { boot_passive, { destroy_server, client_calls },
	                             client_is_free });
	fight(&(struct weave_duel) { boot_active, { destroy_server, client_calls },
	                             client_is_free });
}


static void destroy_ep(void)   { destroy(ep, BY_OBJECT_ENDPOINT); }
static void destroy_gate(void) { destroy(gate, BY_OBJECT_GATE); }
static void destroy_pd(void)   { destroy(pd[0], BY_OBJECT_PD); }

static const char *called_or_gone(void)
{
	if (s->client == c)
		return runs(s) ? NULL : "the server does not run";

	return client_is_free();
}

TEST(destroy_what_is_called)
{
	fight(&(struct weave_duel) { boot_passive, { destroy_ep, client_calls }, client_is_free });
	fight(&(struct weave_duel) { boot_active, { destroy_gate, client_calls },
	                             called_or_gone });
	fight(&(struct weave_duel) { boot_passive, { destroy_pd, client_calls }, client_is_free });
}


static void destroy_client(void) { destroy(client, BY_OBJECT_THREAD); }

static const char *server_is_free(void)
{
	return s->client ? "the server has a dead client" : NULL;
}

TEST(destroy_the_caller)
{
	fight(&(struct weave_duel) { boot_passive, { destroy_client, nothing }, server_is_free });
	fight(&(struct weave_duel) { boot_active, { destroy_client, client_calls },
	                             server_is_free });
	fight(&(struct weave_duel) { boot_passive, { destroy_client, client_calls },
	                             server_is_free });
}


/*
 * The server answers, while ...
 */

/** The active server has a request of the client and runs on CPU 0. */
static void boot_served(void)
{
	boot(false);
	world_switch(1);
	client_calls();
	world_switch(0);
	world_settle();
}

static void server_waits(void) { wait_all(s); }

static const char *answered(void)
{
	return c->state == THREAD_READY && runs(c) && s->state == THREAD_WAITING ? NULL
	       : "no answer";
}

static void cancel_client(void) { core_do(BY_CALL_THREAD_CANCEL, client.slot, 0); }
static void destroy_client_1(void) { destroy(client, BY_OBJECT_THREAD); }

static const char *server_waiting(void)
{
	return s->state == THREAD_WAITING && !s->client ? NULL : "the server does not wait";
}

TEST(answer_to_a_client_that_ends)
{
	fight(&(struct weave_duel) { boot_served, { server_waits, nothing }, answered });
	fight(&(struct weave_duel) { boot_served, { server_waits, cancel_client }, answered });
	fight(&(struct weave_duel) { boot_served, { server_waits, destroy_client_1 },
	                             server_waiting });
}


static void destroy_ep_1(void) { destroy(ep, BY_OBJECT_ENDPOINT); }

static const char *server_runs(void)
{
	return s->state == THREAD_READY && runs(s) && !s->ep ? NULL : "the server was forgotten";
}

TEST(wait_at_an_endpoint_that_dies)
{
	fight(&(struct weave_duel) { boot_served, { server_waits, destroy_ep_1 }, server_runs });
}


/** Clients on both CPUs; the passive server is on CPU 0 with the one there. */
static void boot_two_clients(void)
{
	boot(true);
	world_run(&third, pd[0], PRIO);
	world_settle();
	user(third.object, BY_CALL_IPC_CALL, GATE, 0, 0);
	world_switch(1);
	client_calls();
	world_switch(0);
	world_settle();
}

TEST(next_client_elsewhere_ends)
{
	fight(&(struct weave_duel) { boot_two_clients, { server_waits, nothing }, served });
	fight(&(struct weave_duel) { boot_two_clients, { server_waits, cancel_client }, NULL });
	fight(&(struct weave_duel) { boot_two_clients, { server_waits, destroy_client_1 },
	                             server_is_free });
}


/*
 * Cycles
 */

/** Each of two active servers on two CPUs holds the other's gate. */
static void boot_cycle(void)
{
	struct made back;

	boot(false);
	world_endpoint(&other, client);
	world_gate(&back, other, 8);
	world_give(pd[0], OTHER, back);

	/* the server runs as well: it was cancelled */
	core_do(BY_CALL_THREAD_CANCEL, server.slot, 0);
	world_settle();
}

static void server_calls_back(void) { user(s, BY_CALL_IPC_CALL, OTHER, 0, 0); }

static const char *one_refused(void)
{
	bool a = c->state == THREAD_READY && STATUS(c) == BY_DEADLOCK;
	bool b = s->state == THREAD_READY && STATUS(s) == BY_DEADLOCK;

	return a || b ? NULL : "nobody noticed the cycle";
}

TEST(calls_that_close_a_cycle_together)
{
	fight(&(struct weave_duel) { boot_cycle, { server_calls_back, client_calls },
	                             one_refused });
}


/** The client, a server as well, serves a thread of CPU 0, on whom another one parks. */
static void boot_park_cycle(void)
{
	struct made back, callee;

	boot(false);
	world_endpoint(&other, client);
	world_gate(&back, other, 8);
	world_give(pd[0], OTHER, back);
	core_do(BY_CALL_THREAD_CANCEL, server.slot, 0);
	world_run(&third, pd[0], PRIO);
	callee = third;
	world_give(pd[0], OTHER + 1, callee);
	world_settle();
	user(third.object, BY_CALL_IPC_CALL, OTHER, 0, 0);
	world_settle();
}

static void server_parks(void) { user(s, BY_CALL_PARK, OTHER + 1, 0, BY_NEVER); }

static const char *one_refused_of_call_and_park(void)
{
	bool a = c->state == THREAD_READY && STATUS(c) == BY_DEADLOCK;
	bool b = s->state == THREAD_READY && CALL_STATUS(s) == BY_DEADLOCK;

	return a || b ? NULL : "nobody noticed the cycle";
}

TEST(call_and_park_that_close_a_cycle_together)
{
	fight(&(struct weave_duel) { boot_park_cycle, { server_parks, client_calls },
	                             one_refused_of_call_and_park });
}


/*
 * Core calls
 */

/** Core has a second thread, on CPU 1. */
static void boot_two_of_core(void)
{
	struct made core = { BY_CORE_SLOT_PD, core_pd };

	boot(false);
	world_switch(1);
	core.object = core_pd;
	c = world_run(&client, core, PRIO + 5);
	world_switch(0);
	world_pd(&other);
	world_settle();
}

static void destroy_something(void) { destroy(pd[1], BY_OBJECT_PD); }

static void second_maps(void)
{
	for (unsigned i = 0; i < 4; i++)
		user(c, BY_CALL_PD_MAP, other.slot, 0x200000, 1);
}

static const char *second_done(void)
{
	return CALL_STATUS(c) == BY_OK ? NULL : "a core call failed";
}

TEST(core_calls_of_two_cpus)
{
	fight(&(struct weave_duel) { boot_two_of_core, { destroy_something, second_maps },
	                             second_done });
}


/*
 * Parking
 */

/** Two threads of one PD on two CPUs. */
static void boot_parkers(void)
{
	struct made share;

	world_boot(2);
	world_pd(&pd[0]);
	world_share(&share, 1, PRIO);
	s = world_run(&server, pd[0], PRIO);
	c = world_run_on(&client, pd[0], share, false);
	world_give(pd[0], GATE, client);
	world_settle();
}

static void unpark_client(void) { user(s, BY_CALL_UNPARK, GATE, 0, 0); }
static void client_parks(void)  { user(c, BY_CALL_PARK, 0, 0, BY_NEVER); }

static const char *client_goes_on(void)
{
	return c->state == THREAD_READY && runs(c) && !c->token ? NULL : "a wake-up was lost";
}

TEST(unpark_is_not_lost)
{
	fight(&(struct weave_duel) { boot_parkers, { unpark_client, client_parks },
	                             client_goes_on });
}


/** The client parks with a deadline that has passed, twice. */
static void park_twice(void)
{
	user(c, BY_CALL_PARK, 0, 0, stub_now + 10);
	while (c->state == THREAD_PARKED) {
		stub_now += 20;
		if (irqc_pending()) {
			irqc_take();
			kernel_leave(stub_cpu);
		}
		smp_relax();
	}
	user(c, BY_CALL_PARK, 0, 0, BY_NEVER);
}

static const char *no_early_timeout(void)
{
	return c->state == THREAD_PARKED || CALL_STATUS(c) == BY_OK ? NULL
	       : "an old deadline ended a new park";
}

TEST(deadline_is_of_one_park)
{
	fight(&(struct weave_duel) { boot_parkers, { unpark_client, park_twice },
	                             no_early_timeout });
}


/** The client, parked with a deadline, is bound to CPU 0: its timeout stays on CPU 1. */
static void boot_expiring(void)
{
	boot_parkers();
	world_switch(1);
	user(c, BY_CALL_PARK, 0, 0, 1000);
	world_switch(0);
	world_share(&other, 0, PRIO + 1);
	do {
		result = CORE(THREAD_BIND, client.slot, other.slot);
		world_settle();
	} while (result == BY_AGAIN);
	stub_now = 2000;
}

static void let_expire(void)
{
	while (irqc_pending()) {
		irqc_take();
		kernel_leave(stub_cpu);
	}
}

static void unpark_and_park(void)
{
	user(s, BY_CALL_UNPARK, GATE, 0, 0);
	if (stub_cpu->current == c)
		user(c, BY_CALL_PARK, 0, 0, BY_NEVER);
}

static const char *parked_or_timed_out_once(void)
{
	return c->state == THREAD_PARKED ? NULL : "an old deadline ended a new park";
}

TEST(deadline_on_another_cpu_is_of_one_park)
{
	fight(&(struct weave_duel) { boot_expiring, { unpark_and_park, let_expire },
	                             parked_or_timed_out_once });
}


/*
 * Signals and interrupts
 */

static void boot_signal(void)
{
	boot(false);
	world_signal(&signal, ep, 9, false);
	world_give(pd[1], OTHER, signal);
	world_give(pd[0], OTHER, signal);
	world_irq(&irq, 5);
	world_give(pd[1], OTHER + 1, irq);
	(void)CORE(IRQ_BIND, irq.slot, signal.slot);
	stub_irq_masked[5] = false;
	world_settle();
}

static void submit(void)         { user(c, BY_CALL_SIGNAL, OTHER, 3, 0); }
static void destroy_signal(void) { destroy(signal, BY_OBJECT_SIGNAL); }
static void destroy_irq(void)    { destroy(irq, BY_OBJECT_IRQ); }

static void acknowledge(void)
{
	user(c, BY_CALL_IRQ_ACK, OTHER + 1, 0, 0);
	stub_irq_raised[5] = true;
	let_expire();
}

static void only_acknowledge(void) { user(c, BY_CALL_IRQ_ACK, OTHER + 1, 0, 0); }

static void interrupt(void)
{
	stub_irq_raised[5] = true;
	let_expire();
}

static const char *woken_or_waiting(void)
{
	if (s->state == THREAD_WAITING)
		return NULL;

	return runs(s) && by_tag_event_of(world_tag(s)) == BY_EVENT_SIGNAL ? NULL
	       : "the server was forgotten";
}

static const char *masked(void)
{
	return stub_irq_masked[5] ? woken_or_waiting() : "the interrupt is left unmasked";
}

TEST(submit_to_a_signal_that_dies)
{
	fight(&(struct weave_duel) { boot_signal, { destroy_signal, submit }, woken_or_waiting });
	fight(&(struct weave_duel) { boot_signal, { destroy_signal, interrupt },
	                             woken_or_waiting });
	fight(&(struct weave_duel) { boot_signal, { destroy_ep, submit }, NULL });
	fight(&(struct weave_duel) { boot_signal, { destroy_ep, interrupt }, NULL });
}

TEST(interrupt_that_dies)
{
	fight(&(struct weave_duel) { boot_signal, { destroy_irq, interrupt }, woken_or_waiting });
	fight(&(struct weave_duel) { boot_signal, { destroy_irq, acknowledge }, masked });
	fight(&(struct weave_duel) { boot_signal, { destroy_irq, only_acknowledge }, masked });
}


/** The server, on CPU 0, has woken up by a signal and arms its timeout. */
static void boot_timeout(void)
{
	boot_signal();
	world_switch(1);
	submit();
	world_switch(0);
	world_settle();
}

static void arm(void)              { user(s, BY_CALL_TIMEOUT, OTHER, 0, 500); }
static void destroy_signal_1(void) { destroy(signal, BY_OBJECT_SIGNAL); }

static const char *no_timeout(void)
{
	return cpus[0].timeouts || cpus[1].timeouts ? "a dead signal's timeout is armed" : NULL;
}

TEST(timeout_of_a_signal_that_dies)
{
	fight(&(struct weave_duel) { boot_timeout, { arm, destroy_signal_1 }, no_timeout });
}

/** A thread of the server's PD on CPU 1 arms the same timeout. */
static void boot_arm_both(void)
{
	struct made share;

	boot_timeout();
	world_share(&share, 1, PRIO + 5);
	c = world_run_on(&third, pd[0], share, false);
	world_settle();
}

static void arm_1(void) { user(c, BY_CALL_TIMEOUT, OTHER, 0, 700); }

static const char *one_timeout(void)
{
	return (cpus[0].timeouts != NULL) + (cpus[1].timeouts != NULL) == 1 ? NULL
	       : "a timeout is armed twice, or not at all";
}

TEST(timeout_armed_twice)
{
	fight(&(struct weave_duel) { boot_arm_both, { arm, arm_1 }, one_timeout });
}


/*
 * Capabilities
 */

static void client_drops(void)  { user(c, BY_CALL_CAP_DROP, OTHER, 0, 0); }

static void client_sends(void)
{
	c->msg->send_cap[0] = OTHER;
	s->msg->recv_slot[0] = OTHER + 2;
	user(c, BY_CALL_IPC_CALL, GATE, by_tag(1, 0, 1), 0);
}

/** The capability sent is of a third party. */
static void boot_caps(void)
{
	boot(false);
	world_thread(&other, pd[1], false);
	world_give(pd[1], OTHER, other);
	world_settle();
}

static void destroy_other(void) { destroy(other, BY_OBJECT_THREAD); }

static const char *dead_or_dangling(void)
{
	struct slot *slot = cap_slot(pd[0].object, OTHER + 2);

	return slot->object ? "a slot refers to a dead object" : NULL;
}

TEST(capability_of_what_dies)
{
	fight(&(struct weave_duel) { boot_caps, { destroy_other, client_drops }, NULL });
	fight(&(struct weave_duel) { boot_caps, { destroy_other, client_sends },
	                             dead_or_dangling });
	fight(&(struct weave_duel) { boot_caps, { destroy_pd, client_sends }, NULL });
}


/*
 * Memory
 */

enum { VA = 0x200000 };

static paddr_t frame;
static bool    unmapped, still_seen;

static void boot_memory(void)
{
	boot(false);
	frame = stub_alloc(PAGE_SIZE);
	unmapped = still_seen = false;
	if (CORE(PD_MAP, pd[1].slot, (word_t)VA, (word_t)frame >> PAGE_SHIFT, (word_t)1,
	         (word_t)BY_MAP_WRITE) != BY_OK)
		abort();
	world_settle();
}

static void unmap(void)
{
	if (world_core(BY_CALL_PD_UNMAP, 0, pd[1].slot, (word_t)VA, (word_t)1, (word_t)0, (word_t)0,
	               (word_t)0) != BY_OK)
		abort();
	unmapped = true;
	kernel_leave(stub_cpu);
}

static void touch(void)
{
	for (unsigned i = 0; i < 20; i++) {
		paddr_t pa;
		bool    gone = unmapped;
		still_seen |= stub_access(stub_cpu, VA, BY_ACCESS_WRITE, &pa) && gone;
		let_expire();
		user(c, BY_CALL_NULL, 0, 0, 0);
	}
}

static const char *not_seen(void)
{
	return still_seen ? "a page is seen after it was unmapped" : NULL;
}

TEST(unmap_is_at_once)
{
	fight(&(struct weave_duel) { boot_memory, { unmap, touch }, not_seen });
}


UNIT_MAIN(weave_fine ? "race_fine" : "race")
