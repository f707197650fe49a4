/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Deaths with parents in between: a session of a client at a server, each of which is a
 * child of a child of ours.
 *
 *     we ── left ── client          the client's session: client -> left -> we -> right -> server
 *        └─ right ── server
 *
 * Host threads play left and right, and what client and server do themselves. After each
 * number of steps each of the four dies; what the others have to do then they do, and
 * everybody has what he had at the beginning.
 */
#include "says.h"
#include "unit.h"
#include <by/cap.h>
#include <by/kernel.h>
#include <by/slots.h>

#include "../lib/env.h"

UNIT_MAIN("deaths")

enum {
	WE, LEFT, RIGHT, CLIENT, SERVER, /* PDs, in the order in which they are created */
	KID_ID = 50, KID_RAM = 64 << 10, KID_CAPS = 20,
	RAM = 8192, CAPS = 3, MORE = 4096, FEE = 1024,
};

static struct by_child    left, right;
static struct by_provider provider;
static uint64_t           all_ram, all_caps, left_ram, right_ram;
static by_cap_t           kid[2]; /* PD sessions of client and server */

static struct by_route const left_routes[] = {
	{ .service = "Text", .provider = &provider }, { .service = "PD" }, { .service = NULL },
};
static struct by_route const right_routes[] = { { .service = "PD" }, { .service = NULL } };


static void ignore_exit(struct by_child *child, int code)
{
	(void)child, (void)code;
}


static void create(struct by_child *child, char const *name, struct by_route const *routes,
                   struct by_provider *offers)
{
	static struct by_child_ops const ops = { .exited = ignore_exit };

	CHECK_EQ(by_child_create(&by_the_env, child, &(struct by_child_args){
		.name = name, .binary = &family_binary, .ram = FAMILY_RAM, .caps = FAMILY_CAPS,
		.routes = routes, .provider = offers, .ops = &ops }), BY_OK);
}


/*
 * What left and right do, with their children
 */

static void make_kid(void *arg)
{
	by_cap_t *const out = arg;

	status = by_parent_session(&parent, KID_ID, "PD", "kid", KID_RAM, KID_CAPS, NULL, 0, out);
	keep(status, *out);

	struct by_pd kid_pd = { .session.cap = *out };

	if (status == BY_OK)
		status = by_pd_assign(&kid_pd, BY_SLOT_PD, *out);
	fake_release();
}


static void end_kid(void *arg)
{
	(void)arg;
	status = by_parent_close(&parent, KID_ID);
	fake_release();
}


/* Donations between a parent and its child. */

struct move { by_cap_t kid; uint64_t ram, caps; };


static void take(void *arg)
{
	struct move const *move = arg;
	struct by_pd       from = { .session.cap = move->kid };

	status = by_pd_transfer(&from, (by_cap_t){ BY_SLOT_PD }, move->ram, move->caps);
	fake_release();
}


static void give(void *arg)
{
	struct move const *move = arg;

	status = by_pd_transfer(&pd, move->kid, move->ram, move->caps);
	fake_release();
}


static void move(unsigned who, void (*how)(void *arg), uint64_t ram, uint64_t caps)
{
	family_run(who, how, &(struct move){ kid[who - LEFT], ram, caps });
}


/* The client's request, passed on. */

static by_cap_t gate;

static void ask(void *arg)
{
	(void)arg;
	status = by_parent_session(&parent, 1, "Text", "client", RAM, CAPS, NULL, 0, &gate);
	fake_release();
}


static void ask_again(void *arg)
{
	(void)arg;
	status = by_parent_session_cap(&parent, 1, &gate);
	keep(status, gate);
	fake_release();
}


static void upgrade(void *arg)
{
	(void)arg;
	status = by_parent_upgrade(&parent, 1, MORE, 1);
	fake_release();
}


static void finish(void *arg)
{
	(void)arg;
	status = by_parent_finish(&parent, 1);
	fake_release();
}


/* The server makes a gate, and right has it from there. */
static void make_server_gate(void *arg)
{
	(void)arg;
	status = make_gate(&server_gate);
	fake_release();
}


static void deliver_gate(void *arg)
{
	(void)arg;
	status = by_parent_deliver(&parent, work.id, server_gate);
	fake_release();
}


static void hand_gate_up(void)
{
	family_run(SERVER, make_server_gate, NULL);
	fake_pass(SERVER, RIGHT, server_gate);
	family_run(RIGHT, deliver_gate, NULL);
}


/*
 * The life of a session
 */

static void do_step(unsigned step)
{
	switch (step) {
	case 0: family_run(LEFT, make_kid, &kid[0]); break;
	case 1: family_run(RIGHT, make_kid, &kid[1]); break;
	case 2: move(LEFT, take, RAM + 2 * FEE, CAPS); break;
	case 3: family_run(LEFT, ask, NULL); break;
	case 4: family_run(RIGHT, announce, NULL); break;
	case 5: family_run(RIGHT, fetch, NULL); break;
	case 6: move(RIGHT, give, RAM, CAPS); break;
	case 7: hand_gate_up(); break;
	case 8: family_run(LEFT, ask_again, NULL); break;
	case 9: move(LEFT, take, MORE, 1); break;
	case 10: family_run(LEFT, upgrade, NULL); break;
	case 11: family_run(RIGHT, fetch, NULL); break;
	case 12: move(RIGHT, give, MORE, 1); break;
	case 13: family_run(LEFT, finish, NULL); break;
	case 14: family_run(RIGHT, fetch, NULL); break;
	case 15: move(RIGHT, take, RAM + MORE, CAPS + 1); break;
	case 16: family_run(RIGHT, done, NULL); break;
	case 17: family_run(LEFT, finish, NULL); break;
	}
}

enum { ASKED = 4, FETCHED = 6, GIVEN = 7, DELIVERED = 8, UPGRADED = 11, CLOSED = 14,
       CLOSE_FETCHED = 15, TAKEN = 16, DONE = 17, STEPS = 18 };


static bool complete(void)
{
	uint64_t ram, caps;

	fake_quota(&ram, &caps);

	return ram == all_ram && caps == all_caps;
}


static void play(unsigned steps)
{
	family_begin();
	by_provider_init(&provider, NULL);
	create(&left, "left", left_routes, NULL);
	create(&right, "right", right_routes, &provider);
	fake_quota(&all_ram, &all_caps);
	left_ram  = fake.pd[LEFT].ram_quota;
	right_ram = fake.pd[RIGHT].ram_quota;
	for (unsigned i = 0; i < steps; i++) {
		bool const later = i == 3 || i == 10 || i == 13;

		do_step(i);
		CHECK_EQ(status, later ? BY_PENDING : BY_OK);
		CHECK(complete());
	}
}


/* Everything that a side has, with its child's; the fees of its child's PD are with us. */
static uint64_t side(unsigned who, unsigned child)
{
	uint64_t const kids = fake.pd[child].alive ? fake.pd[child].ram_quota : 0;

	return fake.pd[who].ram_quota + kids + (fake.pd[child].alive ? FEE + FAMILY_FEE : 0);
}


static bool finish_all(void)
{
	family_forget();
	by_child_destroy(&left);
	by_child_destroy(&right);
	by_provider_fini(&provider);
	bool const good = family_balanced();

	family_finish();

	return good;
}


/* What is left to do for right, whose server may be dead, when there is no client. */
static void right_goes_on(unsigned steps)
{
	if (steps >= GIVEN && steps < TAKEN && fake.pd[SERVER].alive)
		move(RIGHT, take, RAM + (steps > 12 ? MORE : 0), CAPS + (steps > 12));
	if (steps == CLOSE_FETCHED || steps == TAKEN)
		family_run(RIGHT, done, NULL);
	for (family_run(RIGHT, fetch, NULL); status == BY_OK; family_run(RIGHT, fetch, NULL)) {
		if (work.what == BY_PARENT_WORK_CLOSE)
			family_run(RIGHT, done, NULL);
	}
}


TEST(left_dies_at_each_step)
{
	for (unsigned steps = 2; steps <= STEPS; steps++) {
		play(steps);
		by_child_destroy(&left);
		CHECK(complete());
		CHECK(!fake.pd[CLIENT].alive);
		right_goes_on(steps);
		CHECK_EQ(side(RIGHT, SERVER), right_ram);
		CHECK(complete() && finish_all());
	}
}


TEST(right_dies_at_each_step)
{
	for (unsigned steps = 2; steps <= STEPS; steps++) {
		play(steps);
		by_child_destroy(&right);
		CHECK(complete());
		CHECK(!fake.pd[SERVER].alive);
		family_run(LEFT, steps < CLOSED ? ask_again : finish, NULL);
		by_status_t const expected = steps < ASKED || steps == STEPS ? BY_NOT_FOUND
		                           : steps < FETCHED ? BY_PENDING /* for another server */
		                           : steps < CLOSED ? BY_GONE : BY_OK;
		CHECK_EQ(status, expected);
		if (status == BY_PENDING)
			family_run(LEFT, finish, NULL);
		CHECK_EQ(side(LEFT, CLIENT), left_ram);
		CHECK(complete() && finish_all());
	}
}


/* Left closes what its dead client has had. */
TEST(the_client_dies_at_each_step)
{
	for (unsigned steps = 2; steps <= STEPS; steps++) {
		play(steps);
		family_run(LEFT, end_kid, NULL);
		CHECK_EQ(status, BY_OK);
		CHECK(complete() && !fake.pd[CLIENT].alive);
		family_run(LEFT, finish, NULL);
		right_goes_on(steps);
		family_run(LEFT, finish, NULL);
		CHECK(status == BY_OK || status == BY_NOT_FOUND);
		CHECK_EQ(side(LEFT, CLIENT), left_ram);
		CHECK_EQ(side(RIGHT, SERVER), right_ram);
		CHECK(complete() && finish_all());
	}
}


/* What was in the server's account is right's now, who says so. */
static void right_has_lost_it(unsigned steps)
{
	if (steps >= FETCHED && steps < DELIVERED)
		family_run(RIGHT, refuse_it, NULL);
	else if (steps >= DELIVERED && steps < CLOSED)
		family_run(RIGHT, lose_it, NULL);
}


TEST(the_server_dies_at_each_step)
{
	for (unsigned steps = 2; steps <= STEPS; steps++) {
		play(steps);
		uint32_t const id = work.id;

		family_run(RIGHT, end_kid, NULL);
		CHECK_EQ(status, BY_OK);
		CHECK(complete() && !fake.pd[SERVER].alive);
		work.id = id;
		right_has_lost_it(steps);
		CHECK(complete());
		family_run(LEFT, finish, NULL);
		right_goes_on(steps);
		family_run(LEFT, finish, NULL);
		CHECK_EQ(side(LEFT, CLIENT), left_ram);
		CHECK_EQ(side(RIGHT, SERVER), right_ram);
		CHECK(complete() && finish_all());
	}
}


/* Any two, one at once after the other. */
TEST(two_die_at_each_step)
{
	for (unsigned steps = 2; steps <= STEPS; steps++) {
		for (unsigned order = 0; order < 2; order++) {
			play(steps);
			by_child_destroy(order ? &left : &right);
			CHECK(complete());
			by_child_destroy(order ? &right : &left);
			CHECK(complete() && finish_all());

			play(steps);
			family_run(order ? RIGHT : LEFT, end_kid, NULL);
			by_child_destroy(order ? &left : &right);
			CHECK(complete() && finish_all());
		}
	}
}
