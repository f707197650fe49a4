/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Capability tables: delegation by messages, what arrives as what, revocation by
 * destruction, stale slots.
 */
#include "unit.h"
#include "world.h"
#include <by/core.h>

enum { PDS = 4, PRIO = 10, GATE = 10, FROM = 20, MANY = 900 };

/** A client in PD 0, and servers in the others whose gates it has in GATE + i. */
static struct made pd[PDS], server[PDS], ep[PDS], gate[PDS], client;
static struct thread *s[PDS], *c;


static void setup(void)
{
	world_boot(1);
	for (unsigned i = 0; i < PDS; i++)
		world_pd_pool(&pd[i], 8, 2);
	for (unsigned i = 1; i < PDS; i++) {
		s[i] = world_server(&server[i], &ep[i], pd[i], true);
		world_gate(&gate[i], ep[i], 1000 + i);
		for (unsigned from = 0; from < PDS; from++)
			world_give(pd[from], GATE + i, gate[i]);
	}
	c = world_run(&client, pd[0], PRIO);
}


static struct object *held(unsigned i, word_t slot)
{
	return cap_object(pd[i].object, slot);
}


/** Pass what is in slot 'index' of the sender to server 'to', which named 'slot' for it. */
static bool pass(struct thread *from, word_t index, unsigned to, word_t slot)
{
	from->msg->send_cap[0]  = index;
	s[to]->msg->recv_slot[0] = slot;

	return USER(from, BY_CALL_IPC_CALL, GATE + to, by_tag(0, 0, 1)) && cpus[0].current == s[to]
	       && by_tag_caps(world_tag(s[to])) == 1;
}


static bool arrived(unsigned to, enum by_cap_kind kind, word_t value)
{
	return s[to]->msg->cap_kind[0] == kind && s[to]->msg->cap_value[0] == value;
}


/** What CAP_INFO tells the client about a slot. */
static bool info(word_t slot, enum by_cap_kind kind, word_t badge)
{
	return USER(c, BY_CALL_CAP_INFO, slot, 0) && CALL_STATUS(c) == BY_OK
	       && frame_word(&c->frame, 0) == kind && frame_word(&c->frame, 1) == badge;
}


TEST(delegated_from_hand_to_hand)
{
	setup();
	CHECK(pass(c, GATE + 3, 1, FROM) && arrived(1, BY_CAP_FOREIGN, FROM));
	CHECK(pass(s[1], FROM, 2, FROM + 1) && arrived(2, BY_CAP_FOREIGN, FROM + 1));
	CHECK(held(2, FROM + 1) == gate[3].object);
	/* home again it is a badge, and takes no slot */
	CHECK(pass(s[2], FROM + 1, 3, FROM) && arrived(3, BY_CAP_OWN, 1003));
	CHECK(!held(3, FROM));
}


TEST(returned_by_a_reply)
{
	setup();
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE + 1, 0));
	s[1]->msg->send_cap[0] = GATE + 2;
	s[1]->msg->send_cap[1] = GATE + 1;
	c->msg->recv_slot[0] = FROM;
	c->msg->recv_slot[1] = 0;
	CHECK(USER(s[1], BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS, 0, by_tag(0, 0, 2)));
	CHECK(cpus[0].current == c && by_tag_caps(world_tag(c)) == 2);
	CHECK(c->msg->cap_kind[0] == BY_CAP_FOREIGN && held(0, FROM) == gate[2].object);
	CHECK(c->msg->cap_kind[1] == BY_CAP_LOST && c->msg->cap_value[1] == 0);
}


TEST(slots_that_cannot_be_filled)
{
	static word_t const wrong[] = { 0, GATE + 2, 2 * BY_LEAF_SLOTS, BY_LEAVES * BY_LEAF_SLOTS,
	                                ~(word_t)0 };

	setup();
	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		CHECK(pass(c, GATE + 3, 1, wrong[i]) && arrived(1, BY_CAP_LOST, 0));
		CHECK(world_wait(s[1]));
	}
	CHECK(pass(c, GATE + 3, 1, 2 * BY_LEAF_SLOTS - 1));
	CHECK(arrived(1, BY_CAP_FOREIGN, 2 * BY_LEAF_SLOTS - 1));
}


TEST(slots_that_hold_nothing)
{
	setup();
	CHECK(pass(c, 0, 1, FROM) && arrived(1, BY_CAP_NONE, 0) && world_wait(s[1]));
	CHECK(pass(c, FROM + 9, 1, FROM) && arrived(1, BY_CAP_DEAD, 0) && world_wait(s[1]));
	CHECK(pass(c, ~(word_t)0, 1, FROM) && arrived(1, BY_CAP_DEAD, 0) && !held(1, FROM));
}


TEST(dropped_and_filled_again)
{
	setup();
	for (unsigned i = 0; i < 5; i++) {
		CHECK(pass(c, GATE + 3, 1, FROM) && arrived(1, BY_CAP_FOREIGN, FROM));
		CHECK(USER(s[1], BY_CALL_CAP_DROP, FROM, 0) && CALL_STATUS(s[1]) == BY_OK);
		CHECK(!held(1, FROM));
		CHECK(USER(s[1], BY_CALL_CAP_DROP, FROM, 0) && CALL_STATUS(s[1]) == BY_BAD_CAP);
		CHECK(world_wait(s[1]));
	}
	CHECK(USER(c, BY_CALL_CAP_DROP, ~(word_t)0, 0) && CALL_STATUS(c) == BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_CAP_DROP, BY_LEAF_SLOTS * 3, 0) && CALL_STATUS(c) == BY_BAD_CAP);
}


/** The same object in one PD twice: each slot is its own. */
TEST(copies_are_independent)
{
	setup();
	CHECK(pass(c, GATE + 3, 1, FROM) && world_wait(s[1]));
	CHECK(pass(c, GATE + 3, 1, FROM + 1) && arrived(1, BY_CAP_FOREIGN, FROM + 1));
	CHECK(USER(s[1], BY_CALL_CAP_DROP, FROM, 0));
	CHECK(held(1, FROM + 1) == gate[3].object);
	CHECK(USER(s[1], BY_CALL_IPC_CALL, FROM + 1, 0) && cpus[0].current == s[3]);
	CHECK_EQ(frame_cap(&s[3]->frame), 1003);
}


TEST(what_a_slot_tells)
{
	struct made own_ep, own_gate, own_signal, thread_cap;

	setup();
	world_endpoint(&own_ep, client);
	world_gate(&own_gate, own_ep, 4711);
	world_signal(&own_signal, own_ep, 4712, false);
	world_thread(&thread_cap, pd[0], false);
	world_give(pd[0], FROM, own_gate);
	world_give(pd[0], FROM + 1, own_signal);
	world_give(pd[0], FROM + 2, thread_cap);
	CHECK(info(0, BY_CAP_NONE, 0) && info(FROM + 9, BY_CAP_NONE, 0));
	CHECK(info(~(word_t)0, BY_CAP_NONE, 0));
	CHECK(info(GATE + 1, BY_CAP_FOREIGN, 0));
	CHECK(info(FROM, BY_CAP_OWN, 4711) && info(FROM + 1, BY_CAP_OWN, 4712));
	CHECK(info(FROM + 2, BY_CAP_FOREIGN, 0));
	/* all but gates and signals are core's, known by core's id */
	CHECK(CORE(IDENTIFY, thread_cap.slot) == BY_OK);
	CHECK_EQ(world_result(0), world_find(thread_cap.object)->id);
	CHECK_EQ(world_result(1), BY_OBJECT_THREAD);
	CHECK_EQ(world_result(2), world_find(thread_cap.object)->id);
	CHECK(CORE(IDENTIFY, own_gate.slot) == BY_OK && world_result(2) == 4711);
	CHECK(CORE(IDENTIFY, (word_t)999) == BY_OK && world_result(0) == 0);

	/* without its thread an endpoint belongs to no PD */
	world_destroy(server[1], BY_OBJECT_THREAD);
	CHECK(info(GATE + 1, BY_CAP_FOREIGN, 0));
	world_destroy(own_ep, BY_OBJECT_ENDPOINT);
	CHECK(info(FROM, BY_CAP_FOREIGN, 0));
}


/** What core passes is to be held, even if it belongs to the receiver. */
TEST(core_gives_slots)
{
	struct made core_gate;

	setup();
	struct thread *core = core_ep->thread;
	world_gate(&core_gate, (struct made) { BY_CORE_SLOT_ENDPOINT, core_ep }, 1);
	world_give(pd[0], FROM + 5, core_gate);
	struct made own_ep, own_gate;
	world_endpoint(&own_ep, client);
	world_gate(&own_gate, own_ep, 4711);
	c->msg->recv_slot[0] = FROM;
	CHECK(USER(c, BY_CALL_IPC_CALL, FROM + 5, 0) && cpus[0].current == core);
	core->msg->send_cap[0] = own_gate.slot;
	CHECK(USER(core, BY_CALL_IPC_WAIT | BY_WAIT_REPLY | BY_WAIT_REQUESTS, 0, by_tag(0, 0, 1)));
	CHECK(cpus[0].current == c && c->msg->cap_kind[0] == BY_CAP_FOREIGN);
	CHECK(held(0, FROM) == own_gate.object && info(FROM, BY_CAP_OWN, 4711));
}


/*
 * Revocation
 */

TEST(destroyed_everywhere)
{
	setup();
	for (unsigned i = 1; i < 3; i++)
		CHECK(pass(c, GATE + 3, i, FROM) && world_wait(s[i]));
	world_destroy(gate[3], BY_OBJECT_GATE);
	for (unsigned i = 0; i < PDS; i++)
		CHECK(!held(i, GATE + 3) && !held(i, FROM));
	CHECK(info(GATE + 3, BY_CAP_NONE, 0));
}


TEST(stale_slots_say_so)
{
	setup();
	world_destroy(gate[3], BY_OBJECT_GATE);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE + 3, 0) && STATUS(c) == BY_GONE);
	/* passed on it arrives dead, and the slot named for it stays empty */
	CHECK(pass(c, GATE + 3, 1, FROM) && arrived(1, BY_CAP_DEAD, 0) && !held(1, FROM));
	CHECK(world_wait(s[1]));

	/* until it is dropped: then it is just an empty slot */
	CHECK(USER(c, BY_CALL_CAP_DROP, GATE + 3, 0) && CALL_STATUS(c) == BY_OK);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE + 3, 0) && STATUS(c) == BY_BAD_CAP);
	CHECK(USER(c, BY_CALL_CAP_DROP, GATE + 3, 0) && CALL_STATUS(c) == BY_BAD_CAP);
}


TEST(stale_slot_is_filled_again)
{
	setup();
	world_destroy(gate[3], BY_OBJECT_GATE);
	world_give(pd[0], GATE + 3, gate[2]);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE + 3, 0) && cpus[0].current == s[2]);
	CHECK(!cap_slot(pd[0].object, GATE + 3)->dead);
}


/** A new object in the memory and slots of an old one is not reached by old slots. */
TEST(memory_is_used_anew)
{
	struct made again;

	setup();
	void *old = gate[3].object;
	world_destroy(gate[3], BY_OBJECT_GATE);
	world_gate(&again, ep[2], 2002);
	CHECK(again.object == old && again.slot == gate[3].slot);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE + 3, 0) && STATUS(c) == BY_GONE);
}


TEST(object_in_many_slots_dies_in_bounded_steps)
{
	struct made crowd[8];

	setup();
	for (unsigned i = 0; i < 8; i++) {
		world_pd_pool(&crowd[i], 0, 1);
		for (word_t slot = 1; slot < BY_LEAF_SLOTS; slot++)
			world_give(crowd[i], slot, gate[3]);
	}
	CHECK(world_destroy(gate[3], BY_OBJECT_GATE) > MANY / 40);
	for (unsigned i = 0; i < 8; i++)
		for (word_t slot = 1; slot < BY_LEAF_SLOTS; slot++)
			CHECK(!cap_object(crowd[i].object, slot));
}


TEST(table_dies_in_bounded_steps)
{
	struct made full;

	setup();
	world_pd_pool(&full, 0, 6);
	for (word_t slot = 1; slot < 6 * BY_LEAF_SLOTS; slot++)
		world_give(full, slot, gate[1 + slot % 3]);
	CHECK(world_destroy(full, BY_OBJECT_PD) > 6 * BY_LEAF_SLOTS / 40);
	CHECK(USER(c, BY_CALL_IPC_CALL, GATE + 1, 0) && cpus[0].current == s[1]);
}


/** Objects of all other types in many slots; the dead ones left are no capabilities. */
TEST(all_types_die_in_bounded_steps)
{
	enum { COPIES = 100 };
	struct made crowd, some[6], worker, its_ep;

	setup();
	world_pd_pool(&crowd, 0, 6);
	world_pd(&some[0]);
	world_thread(&some[1], pd[0], false);
	world_share(&some[2], 0, PRIO);
	(void)world_server(&worker, &its_ep, pd[0], false);
	some[3] = its_ep;
	world_signal(&some[4], ep[1], 1, false);
	world_irq(&some[5], 5);
	static enum by_object_type const type[] = {
		BY_OBJECT_PD, BY_OBJECT_THREAD, BY_OBJECT_SHARE, BY_OBJECT_ENDPOINT, BY_OBJECT_SIGNAL,
		BY_OBJECT_IRQ,
	};
	for (unsigned i = 0; i < 6; i++) {
		for (word_t n = 0; n < COPIES; n++)
			world_give(crowd, 1 + i * COPIES + n, some[i]);
		world_give(pd[0], FROM + i, some[i]);
	}
	for (unsigned i = 0; i < 6; i++) {
		world_find(some[i].object)->dying = true;
		CHECK(CORE(DESTROY, some[i].slot, (word_t)type[i]) == BY_AGAIN);
		CHECK(info(FROM + i, BY_CAP_NONE, 0));
		world_destroy(some[i], type[i]);
	}
	for (word_t slot = 1; slot < 6 * BY_LEAF_SLOTS; slot++)
		CHECK(!cap_object(crowd.object, slot));
}


/** Core's own slot is the last to go: it names the object while its end is under way. */
TEST(destroyed_by_its_own_slot)
{
	setup();
	CHECK(CORE(DESTROY, gate[3].slot, (word_t)BY_OBJECT_SIGNAL) == BY_BAD_CAP);
	CHECK(CORE(DESTROY, gate[3].slot, (word_t)BY_OBJECT_NONE) == BY_BAD_CAP);
	CHECK(CORE(DESTROY, gate[3].slot, (word_t)BY_OBJECT_TYPES) == BY_BAD_CAP);
	CHECK(CORE(DESTROY, world_slot(), (word_t)BY_OBJECT_GATE) == BY_BAD_CAP);
	CHECK(held(0, GATE + 3));
	world_destroy(gate[3], BY_OBJECT_GATE);
	CHECK(CORE(DESTROY, gate[3].slot, (word_t)BY_OBJECT_GATE) == BY_BAD_CAP);
}


UNIT_MAIN("kernel_cap")
