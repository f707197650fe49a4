/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPC: calls, replies, queues, capabilities, and every way they can end.
 */
#include "unit.h"
#include "world.h"

enum { GATE = 10, OTHER = 11, RECV = 20, PRIO = 10 };

/** A server with one gate, and a client that holds it in slot GATE. */
static struct made   server_pd, client_pd, server, ep, gate, client;
static struct thread *s, *c;


static void setup(bool passive)
{
	world_boot(1);
	world_pd(&server_pd);
	world_pd(&client_pd);
	s = world_server(&server, &ep, server_pd, passive);
	world_gate(&gate, ep, 77);
	world_give(client_pd, GATE, gate);
	c = world_run(&client, client_pd, PRIO);
}


static bool wait_next(struct thread *t, unsigned words)
{
	return USER(t, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS | BY_WAIT_SIGNALS
	               | BY_WAIT_IO, 0, by_tag(0, words, 0), (word_t)41, (word_t)42);
}


/** Let others of the same priority go first until it is the turn of 't'. */
static void yield_to(struct thread *t)
{
	for (unsigned i = 0; i < 1000 && cpus[0].current != t; i++)
		(void)USER(cpus[0].current, BY_CALL_YIELD, 0, 0);
}


TEST(call_and_reply)
{
	for (int passive = 0; passive < 2; passive++) {
		setup(passive);
		CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(5, 3, 0), (word_t)1, (word_t)2,
		           (word_t)3));
		CHECK(cpus[0].current == s);
		CHECK_EQ(frame_cap(&s->frame), 77);
		CHECK_EQ(by_tag_opcode(world_tag(s)), 5);
		CHECK_EQ(by_tag_words(world_tag(s)), 3);
		CHECK_EQ(frame_word(&s->frame, 2), 3);
		CHECK(c->state == THREAD_SERVED);
		CHECK(cpus[0].donor == c);

		CHECK(wait_next(s, 2));
		CHECK(cpus[0].current == c);
		CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_OK);
		CHECK_EQ(frame_word(&c->frame, 1), 42);
		CHECK(s->state == THREAD_WAITING);
	}
}


TEST(long_message)
{
	setup(true);
	for (unsigned i = 0; i < BY_MSG_WORDS; i++)
		c->msg->word[i] = 1000 + i;
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(1, BY_MSG_WORDS, 0)));
	for (unsigned i = BY_MSG_REGS; i < BY_MSG_WORDS; i++)
		CHECK_EQ(s->msg->word[i], 1000 + i);
}


TEST(words_beyond_the_message_stay)
{
	setup(true);
	s->msg->word[6] = 4711;
	frame_set_word(&s->frame, 3, 4712);
	c->msg->word[6] = 1;
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(1, 3, 0), (word_t)1, (word_t)2, (word_t)3,
	           (word_t)4));
	CHECK_EQ(s->msg->word[6], 4711);
	CHECK_EQ(frame_word(&s->frame, 3), 4712);
}


TEST(bad_arguments)
{
	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, 0, 0));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_IPC_CALL, (word_t)-1, 0));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_IPC_CALL, BY_LEAF_SLOTS, 0));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(0, BY_MSG_WORDS + 1, 0)));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_INVALID);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(0, 0, BY_MSG_CAPS + 1)));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_INVALID);
	CHECK(USER(c, BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS, 0, 0));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_INVALID);
	world_give(client_pd, OTHER, server);
	CHECK(USER(c, BY_CALL_IPC_CALL, OTHER, 0));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_BAD_CAP);
	CHECK(cpus[0].current == c);
}


TEST(unknown_call_faults)
{
	setup(true);
	CHECK(USER(c, 63, 0, 0));
	CHECK(c->state == THREAD_FAULTING);
	CHECK(cpus[0].current == core_ep->thread);
	CHECK_EQ(frame_word(&core_ep->thread->frame, BY_FAULT_WORD_CAUSE), BY_FAULT_CALL);
}


/** Core resumes a thread that has faulted, and waits. */
static void core_resumes(struct made thread)
{
	CHECK(USER(core_ep->thread, BY_CALL_FAULT_RESUME, thread.slot, 0));
	CHECK(CALL_STATUS(core_ep->thread) == (uintptr_t)BY_OK);
	CHECK(cpus[0].current == core_ep->thread);
	CHECK(wait_next(core_ep->thread, 0));
}


TEST(fault_is_handled_on_the_time_of_the_thread)
{
	struct made other;

	setup(true);
	world_run(&other, client_pd, PRIO);
	yield_to(c);
	world_fault(c, BY_FAULT_PAGE, 0x1000, BY_ACCESS_READ);
	CHECK(cpus[0].current == core_ep->thread);
	CHECK(cpus[0].donor == c);
	CHECK(!cpus[0].resched);
	core_resumes(client);
	CHECK(cpus[0].current == c);
	CHECK(cpus[0].donor == c);
	CHECK(core_ep->thread->place == SCHED_OUT);
}


TEST(fault_of_a_server_is_handled_on_the_time_of_its_client)
{
	for (int passive = 0; passive < 2; passive++) {
		setup(passive);
		CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
		world_fault(s, BY_FAULT_PAGE, 0x1000, BY_ACCESS_READ);
		CHECK(cpus[0].current == core_ep->thread);
		CHECK(cpus[0].donor == c);
		core_resumes(server);
		CHECK(cpus[0].current == s);
		CHECK(cpus[0].donor == c);
		CHECK(wait_next(s, 0));
		CHECK(cpus[0].current == c);
	}
}


TEST(somebody_more_important_comes_before_a_resumed_thread)
{
	struct made high;

	setup(true);
	world_fault(c, BY_FAULT_PAGE, 0x1000, BY_ACCESS_READ);
	struct thread *t = world_run(&high, client_pd, PRIO + 1);

	CHECK(cpus[0].current == core_ep->thread);
	core_resumes(client);
	CHECK(cpus[0].current == t);
	CHECK(c->place == SCHED_QUEUED);

	/* or between the resuming and the waiting */
	CHECK(USER(t, BY_CALL_PARK, 0, 0, (word_t)-1));
	world_fault(c, BY_FAULT_PAGE, 0x1000, BY_ACCESS_READ);
	CHECK(USER(core_ep->thread, BY_CALL_FAULT_RESUME, client.slot, 0));
	CHECK(CORE(THREAD_CANCEL, high.slot) == BY_OK);
	CHECK(cpus[0].current == core_ep->thread);
	CHECK(wait_next(core_ep->thread, 0));
	CHECK(cpus[0].current == t);
}


TEST(resumed_thread_that_is_paused_before_core_waits)
{
	setup(true);
	world_fault(c, BY_FAULT_PAGE, 0x1000, BY_ACCESS_READ);
	CHECK(USER(core_ep->thread, BY_CALL_FAULT_RESUME, client.slot, 0));
	CHECK(CORE(THREAD_PAUSE, client.slot) == BY_OK);
	CHECK(wait_next(core_ep->thread, 0));
	CHECK(cpus[0].current != c);
	CHECK(CORE(THREAD_RESUME, client.slot) == BY_OK);
	kernel_leave(stub_cpu);
	CHECK(cpus[0].current == c);
}


TEST(core_calls_are_core_s)
{
	setup(true);
	CHECK(USER(c, BY_CALL_DESTROY, 1, 0));
	CHECK(c->state == THREAD_FAULTING);
}


TEST(queue_by_priority)
{
	struct made low, high, mid;

	setup(false);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(cpus[0].current == s);

	/* the server is preempted by each of the others, which then queue */
	struct thread *m = world_run(&mid, client_pd, PRIO + 2);
	CHECK(USER(m, BY_CALL_IPC_CALL, GATE, 0));
	struct thread *h = world_run(&high, client_pd, PRIO + 5);
	CHECK(USER(h, BY_CALL_IPC_CALL, GATE, 0));
	struct thread *l = world_run(&low, client_pd, PRIO + 1);
	CHECK(cpus[0].current == s);       /* runs on h's time */
	CHECK(cpus[0].donor == h);
	CHECK(l->state == THREAD_READY);

	CHECK(wait_next(s, 0));
	CHECK(s->client == h);
	CHECK(wait_next(s, 0));
	CHECK(cpus[0].current == h);       /* more important than m and its server */
	CHECK(s->client == m);
}


TEST(caller_of_equal_priority_is_fifo)
{
	struct made made[3];
	struct thread *t[3];

	setup(false);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	for (unsigned i = 0; i < 3; i++) {
		t[i] = world_run(&made[i], client_pd, PRIO + 1);
		yield_to(t[i]);
		CHECK(USER(t[i], BY_CALL_IPC_CALL, GATE, 0));
	}
	for (unsigned i = 0; i < 3; i++) {
		CHECK(cpus[0].current == s || cpus[0].current->state == THREAD_READY);
		while (cpus[0].current != s)
			CHECK(USER(cpus[0].current, BY_CALL_PARK, 0, 0, (word_t)-1));
		CHECK(wait_next(s, 0));
		CHECK(s->client == t[i]);
	}
}


TEST(priority_is_inherited)
{
	struct made high;

	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	struct made mid;
	world_run(&mid, client_pd, PRIO + 1);
	CHECK(cpus[0].current == mid.object);
	struct thread *h = world_run(&high, client_pd, PRIO + 3);
	CHECK(USER(h, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(cpus[0].current == s);
	CHECK(cpus[0].donor == h);
}


TEST(deadlock)
{
	struct made back;

	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	/* the server calls itself */
	world_give(server_pd, GATE, gate);
	CHECK(USER(s, BY_CALL_IPC_CALL, GATE, 0));
	CHECK_EQ(by_tag_status(world_tag(s)), (uintptr_t)BY_DEADLOCK);
	/* and its client, if that were a server */
	struct made cep;
	world_endpoint(&cep, client);
	world_gate(&back, cep, 5);
	world_give(server_pd, OTHER, back);
	CHECK(USER(s, BY_CALL_IPC_CALL, OTHER, 0));
	CHECK_EQ(by_tag_status(world_tag(s)), (uintptr_t)BY_DEADLOCK);
}


TEST(chain_limit)
{
	enum { DEPTH = CHAIN_LIMIT + 4 };
	struct made pd[DEPTH], thread[DEPTH], eps[DEPTH], gates[DEPTH];
	struct thread *t[DEPTH];

	setup(true);
	for (unsigned i = 0; i < DEPTH; i++) {
		world_pd(&pd[i]);
		t[i] = world_server(&thread[i], &eps[i], pd[i], true);
		world_gate(&gates[i], eps[i], i);
		if (i)
			world_give(pd[i - 1], GATE, gates[i]);
	}
	world_give(client_pd, OTHER, gates[0]);
	CHECK(USER(c, BY_CALL_IPC_CALL, OTHER, 0));
	unsigned i = 0;
	for (; i < DEPTH - 1; i++) {
		CHECK(cpus[0].current == t[i]);
		CHECK(USER(t[i], BY_CALL_IPC_CALL, GATE, 0));
		if (cpus[0].current == t[i])
			break;
	}
	CHECK_EQ(i + 1, CHAIN_LIMIT);
	CHECK_EQ(by_tag_status(world_tag(t[i])), (uintptr_t)BY_DEADLOCK);
}


TEST(no_reply)
{
	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(USER(s, BY_CALL_IPC_WAIT | BY_WAIT_REQUESTS, 0, 0));
	CHECK(cpus[0].current == c);
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_NO_REPLY);
}


TEST(waiting_for_signals_keeps_the_client)
{
	struct made sig;

	setup(true);
	world_signal(&sig, ep, 9, true);
	world_give(client_pd, OTHER, sig);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(USER(s, BY_CALL_IPC_WAIT | BY_WAIT_IO, 0, 0));
	CHECK(cpus[0].current == NULL);
	CHECK(c->state == THREAD_SERVED);

	struct made helper;
	struct thread *h = world_run(&helper, client_pd, 1);
	CHECK(USER(h, BY_CALL_SIGNAL, OTHER, 3));
	/* the server goes on, on its client's time */
	CHECK(cpus[0].current == s);
	CHECK(cpus[0].donor == c);
	CHECK_EQ(by_tag_event_of(world_tag(s)), BY_EVENT_SIGNAL);
	CHECK_EQ(frame_word(&s->frame, 0), 3);
	CHECK_EQ(frame_cap(&s->frame), 9);
	CHECK(wait_next(s, 0));
	CHECK(cpus[0].current == c);
}


TEST(capabilities)
{
	struct made sig;

	setup(true);
	world_signal(&sig, ep, 55, false);
	world_give(client_pd, OTHER, sig);        /* belongs to the server */
	world_give(client_pd, OTHER + 1, client); /* a thread belongs to core */
	s->msg->recv_slot[0] = s->msg->recv_slot[3] = 0;
	s->msg->recv_slot[1] = RECV;
	s->msg->recv_slot[2] = RECV + 1;
	c->msg->send_cap[0] = OTHER;
	c->msg->send_cap[1] = OTHER + 1;
	c->msg->send_cap[2] = 0;
	c->msg->send_cap[3] = OTHER + 1;
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(0, 0, 4)));
	CHECK_EQ(by_tag_caps(world_tag(s)), 4);
	CHECK_EQ(s->msg->cap_kind[0], BY_CAP_OWN);
	CHECK_EQ(s->msg->cap_value[0], 55);
	CHECK_EQ(s->msg->cap_kind[1], BY_CAP_FOREIGN);
	CHECK_EQ(s->msg->cap_value[1], RECV);
	CHECK(cap_lookup(s->pd, RECV, BY_OBJECT_THREAD) == &c->obj);
	CHECK_EQ(s->msg->cap_kind[2], BY_CAP_NONE);
	CHECK_EQ(s->msg->cap_kind[3], BY_CAP_LOST);

	/* the slot is filled now: a second one is lost, a dead one is dead */
	CHECK(wait_next(s, 0));
	world_destroy(sig, BY_OBJECT_SIGNAL);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(0, 0, 2)));
	CHECK_EQ(s->msg->cap_kind[0], BY_CAP_DEAD);
	CHECK_EQ(s->msg->cap_kind[1], BY_CAP_LOST);

	/* dropped, it can be received again */
	CHECK(USER(s, BY_CALL_CAP_DROP, RECV, 0));
	CHECK(wait_next(s, 0));
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(0, 0, 2)));
	CHECK_EQ(s->msg->cap_kind[1], BY_CAP_FOREIGN);
}


TEST(gate_dies)
{
	struct made queued;

	setup(false);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	struct thread *q = world_run(&queued, client_pd, PRIO);
	CHECK(q->state == THREAD_READY);
	world_pass(0, 100000000);
	yield_to(q);
	CHECK(USER(q, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(q->state == THREAD_QUEUED);

	world_destroy(gate, BY_OBJECT_GATE);
	CHECK(q->state == THREAD_READY);
	CHECK_EQ(by_tag_status(world_tag(q)), (uintptr_t)BY_GONE);
	CHECK(c->state == THREAD_SERVED);      /* the request was delivered before */
	yield_to(q);
	CHECK(USER(q, BY_CALL_IPC_CALL, GATE, 0));
	CHECK_EQ(by_tag_status(world_tag(q)), (uintptr_t)BY_GONE);
}


TEST(server_dies)
{
	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	world_destroy(server, BY_OBJECT_THREAD);
	CHECK(cpus[0].current == c);
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_GONE);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_GONE);
	world_destroy(ep, BY_OBJECT_ENDPOINT);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_GONE);
	world_destroy(gate, BY_OBJECT_GATE);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_GONE);
}


TEST(endpoint_dies_while_served)
{
	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	world_destroy(ep, BY_OBJECT_ENDPOINT);
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_GONE);
	world_destroy(gate, BY_OBJECT_GATE);
}


TEST(client_dies_while_served)
{
	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	world_destroy(client, BY_OBJECT_THREAD);
	/* the server finishes on its fallback share */
	CHECK(cpus[0].current == s);
	CHECK(cpus[0].donor == s);
	CHECK(s->client == NULL);
	CHECK(wait_next(s, 0));
	CHECK(cpus[0].current == NULL);
	CHECK(s->state == THREAD_WAITING);
}


TEST(many_queued_clients_of_a_dying_endpoint)
{
	enum { CLIENTS = 100 };
	struct made made[CLIENTS];

	setup(false);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	for (unsigned i = 0; i < CLIENTS; i++) {
		struct thread *t = world_run(&made[i], client_pd, PRIO + 1);
		yield_to(t);
		CHECK(USER(t, BY_CALL_IPC_CALL, GATE, 0));
	}
	CHECK(world_destroy(ep, BY_OBJECT_ENDPOINT) > CLIENTS / 40);
	for (unsigned i = 0; i < CLIENTS; i++) {
		struct thread *t = made[i].object;
		CHECK(t->state == THREAD_READY);
		CHECK_EQ(by_tag_status(world_tag(t)), (uintptr_t)BY_GONE);
	}
}


TEST(reply_that_is_no_message)
{
	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(USER(s, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS, 0,
	           by_tag(0, BY_MSG_WORDS + 1, 0)));
	CHECK(cpus[0].current == c);
	CHECK_EQ(STATUS(c), BY_NO_REPLY);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(USER(s, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS, 0,
	           by_tag(0, 0, BY_MSG_CAPS + 1)));
	CHECK_EQ(STATUS(c), BY_NO_REPLY);
}


/** A paused server takes a request, and works on it when it goes on. */
TEST(paused_server)
{
	for (int passive = 0; passive < 2; passive++) {
		setup(passive);
		CHECK(CORE(THREAD_PAUSE, server.slot) == BY_OK);
		CHECK(USER(c, BY_CALL_IPC_CALL, GATE, by_tag(9, 0, 0)));
		CHECK(c->state == THREAD_SERVED && !cpus[0].current);
		CHECK(CORE(THREAD_RESUME, server.slot) == BY_OK);
		kernel_leave(stub_cpu);
		CHECK(cpus[0].current == s && by_tag_opcode(world_tag(s)) == 9);
		CHECK(wait_next(s, 0) && cpus[0].current == c);
	}
}


/** A client that is paused gets its answer, and reads it when it goes on. */
TEST(paused_client)
{
	setup(true);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(CORE(THREAD_PAUSE, client.slot) == BY_OK);
	CHECK(cpus[0].current == s);
	CHECK(wait_next(s, 2) && !cpus[0].current && c->state == THREAD_READY);
	CHECK(CORE(THREAD_RESUME, client.slot) == BY_OK);
	kernel_leave(stub_cpu);
	CHECK(cpus[0].current == c && frame_word(&c->frame, 1) == 42);
}


/** An active server with a more important share runs on that, whoever calls. */
TEST(server_more_important_than_its_client)
{
	setup(false);
	struct world_object *own = world_find(s->share);
	CHECK(CORE(SHARE_SET, own->slot, (word_t)0, (word_t)PRIO + 5, (word_t)1) == BY_OK);
	kernel_leave(stub_cpu);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(cpus[0].current == s && cpus[0].donor == s);
	CHECK(wait_next(s, 0) && cpus[0].current == c && cpus[0].donor == c);
}


/** A passive server whose FPU state is loaded stays where that is. */
TEST(passive_server_with_fpu)
{
	struct made other, pd;

	world_boot(2);
	world_pd(&server_pd);
	world_pd(&pd);
	s = world_server(&server, &ep, server_pd, true);
	world_gate(&gate, ep, 77);
	world_give(pd, GATE, gate);
	CHECK(CORE(THREAD_FPU, server.slot, (word_t)stub_alloc(BY_FPU_SIZE)) == BY_OK);
	c = world_run(&client, pd, PRIO);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0) && cpus[0].current == s && stub_fpu_on[0]);
	stub_fpu[0] = 99;
	CHECK(wait_next(s, 0) && cpus[0].current == c && !stub_fpu_on[0]);
	world_switch(1);
	struct thread *far = world_run(&other, pd, PRIO);
	CHECK(USER(far, BY_CALL_IPC_CALL, GATE, 0));
	world_settle();
	CHECK(s->client == far && s->cpu == &cpus[0]);
	world_switch(0);
	CHECK(USER(c, BY_CALL_PARK, 0, 0, BY_NEVER));
	CHECK(cpus[0].current == s && stub_fpu[0] == 99);
}


/** Clients queued through one gate, and at the endpoint of a thread that dies. */
TEST(many_queued_clients_of_a_dying_gate_or_thread)
{
	enum { CLIENTS = 100 };
	struct made made[CLIENTS];

	for (unsigned thread = 0; thread < 2; thread++) {
		setup(false);
		CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
		for (unsigned i = 0; i < CLIENTS; i++) {
			struct thread *t = world_run(&made[i], client_pd, PRIO + 1);
			yield_to(t);
			CHECK(USER(t, BY_CALL_IPC_CALL, GATE, 0));
		}
		CHECK((thread ? world_destroy(server, BY_OBJECT_THREAD)
		              : world_destroy(gate, BY_OBJECT_GATE)) > CLIENTS / 40);
		for (unsigned i = 0; i < CLIENTS; i++)
			CHECK_EQ(STATUS((struct thread *)made[i].object), BY_GONE);
		CHECK(thread || c->state == THREAD_SERVED);
	}
}


/** Gates and signals outlive their endpoint, however many there are. */
TEST(endpoint_with_many_parts)
{
	enum { PARTS = 80 };
	struct made parts[PARTS];

	setup(true);
	for (unsigned i = 0; i < PARTS; i++) {
		if (i & 1)
			world_gate(&parts[i], ep, i);
		else
			world_signal(&parts[i], ep, i, i & 2);
	}
	CHECK(world_destroy(ep, BY_OBJECT_ENDPOINT) > PARTS / 40);
	for (unsigned i = 0; i < PARTS; i++) {
		CHECK(!((struct part *)parts[i].object)->ep);
		world_destroy(parts[i], i & 1 ? BY_OBJECT_GATE : BY_OBJECT_SIGNAL);
	}
}


TEST(cancel)
{
	setup(true);
	CHECK(CORE(THREAD_CANCEL, client.slot) == BY_EMPTY);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE, 0));
	CHECK(CORE(THREAD_CANCEL, client.slot) == BY_OK);
	kernel_leave(stub_cpu);
	CHECK(c->state == THREAD_READY);
	CHECK_EQ(by_tag_status(world_tag(c)), (uintptr_t)BY_CANCELLED);
	CHECK(s->client == NULL);
	/* the server's answer goes nowhere */
	while (cpus[0].current != s)
		CHECK(USER(c, BY_CALL_PARK, 0, 0, (word_t)-1));
	CHECK(wait_next(s, 1));
	CHECK(CORE(THREAD_CANCEL, server.slot) == BY_OK);
	CHECK_EQ(by_tag_status(world_tag(s)), (uintptr_t)BY_CANCELLED);
	CHECK_EQ(by_tag_event_of(world_tag(s)), BY_EVENT_NONE);
}


UNIT_MAIN("ipc")
