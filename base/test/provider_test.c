/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sessions of one child at another: the parent protocol with a client (PD 1) and a
 * server (PD 2), each of which may lie or die at any step. After each step the quotas of
 * all are what they were together, and at the end nothing is left over.
 */
#include "says.h"
#include "unit.h"
#include <by/cap.h>
#include <by/kernel.h>
#include <by/slots.h>
#include <stdio.h>
#include <string.h>

#include "../lib/env.h"

UNIT_MAIN("provider")

enum { FEE = 1024, DONATION = 8192, DONATED_CAPS = 3 };

static struct by_child    client, server;
static struct by_provider provider;
static uint64_t           all_ram, all_caps;
static uint64_t           server_quota, client_quota;

static bool offers_text(struct by_provider *self, char const *service)
{
	(void)self;

	return strcmp(service, "Other") != 0;
}


static struct by_route const to_server[] = {
	{ .service = "Text",  .provider = &provider },
	{ .service = "Alias", .last = "renamed", .provider = &provider, .label = "one label" },
	{ .service = "Other", .provider = &provider },
	{ .service = NULL },
};
static struct by_route const nowhere[] = { { .service = NULL } };

static void ignore_exit(struct by_child *child, int code)
{
	(void)child, (void)code;
}

static uint64_t wanted_ram, wanted_caps;

static void note_wish(struct by_child *child, uint64_t ram, uint64_t caps)
{
	(void)child;
	wanted_ram  = ram;
	wanted_caps = caps;
}

static uint64_t yielded_ram, yielded_caps;

static void note_yield(struct by_child *child, uint64_t ram, uint64_t caps)
{
	(void)child;
	yielded_ram  = ram;
	yielded_caps = caps;
}

static struct by_child_ops const ops = {
	.exited = ignore_exit, .wants = note_wish, .yielded = note_yield,
};

static struct by_child_args const client_args = {
	.name = "client", .binary = &family_binary, .ram = FAMILY_RAM, .caps = FAMILY_CAPS,
	.routes = to_server, .ops = &ops,
};
static struct by_child_args const server_args = {
	.name = "server", .binary = &family_binary, .ram = FAMILY_RAM, .caps = FAMILY_CAPS,
	.routes = nowhere, .provider = &provider, .ops = &ops,
};


static void begin(void)
{
	family_begin();
	by_provider_init(&provider, offers_text);
	CHECK_EQ(by_child_create(&by_the_env, &client, &client_args), BY_OK);
	CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
	fake_quota(&all_ram, &all_caps);
	client_quota = fake.pd[1].ram_quota;
	server_quota = fake.pd[2].ram_quota;
}


/* Nothing has appeared or vanished. */
static bool complete(void)
{
	uint64_t ram, caps;

	fake_quota(&ram, &caps);

	return ram == all_ram && caps == all_caps;
}


static bool end(void)
{
	family_forget();
	by_child_destroy(&client);
	by_child_destroy(&server);
	by_provider_fini(&provider);
	bool const good = family_balanced();

	family_finish();

	return good;
}


/*
 * What both say
 */

static by_status_t statuses[8];

static void ask_for(uint32_t id, char const *service, char const *label)
{
	by_cap_t gate;

	status = by_parent_session(&parent, id, service, label, DONATION, DONATED_CAPS, "args", 4,
	                           &gate);
}


static void ask(void *arg)
{
	(void)arg;
	ask_for(1, "Text", "a");
	fake_release();
}


static void ask_twice(void *arg)
{
	(void)arg;
	ask_for(1, "Text", "a");
	ask_for(2, "Text", "b");
	fake_release();
}


static void ask_another(void *arg)
{
	(void)arg;
	ask_for(2, "Text", "b");
	fake_release();
}


static by_cap_t client_gate;

static void ask_again(void *arg)
{
	(void)arg;
	status = by_parent_session_cap(&parent, 1, &client_gate);
	keep(status, client_gate);
	fake_release();
}


static void close_it(void *arg)
{
	(void)arg;
	status = by_parent_close(&parent, 1);
	fake_release();
}


static void finish_it(void *arg)
{
	(void)arg;
	status = by_parent_finish(&parent, 1);
	fake_release();
}


static void upgrade(void *arg)
{
	uint64_t const *amounts = arg;

	status = by_parent_upgrade(&parent, 1, amounts[0], amounts[1]);
	fake_release();
}


static void as_client(void (*function)(void *arg), void *arg)
{
	family_run(1, function, arg);
}


static void as_server(void (*function)(void *arg), void *arg)
{
	family_run(2, function, arg);
}


/* From the request to the open session. */
static void open_session(void)
{
	as_server(announce, NULL);
	as_client(ask, NULL);
	as_server(fetch, NULL);
	as_server(deliver, NULL);
	as_client(ask_again, NULL);
}


static bool client_has_all(void)
{
	return fake.pd[1].ram_quota == client_quota && fake.pd[1].caps_quota == FAMILY_CAPS;
}


/* The state of the only session, as it is shown to people; "none" without one. */
static struct by_child_session shown;

static void show(struct by_child_session const *session, void *arg)
{
	(*(unsigned *)arg)++;
	shown = *session;
}


static char const *shown_state(void)
{
	unsigned count = 0;

	shown.state = "none";
	by_child_sessions(&client, show, &count);

	return count <= 1 ? shown.state : "several";
}


/*
 * As it should be
 */

TEST(a_session_from_begin_to_end)
{
	begin();
	as_server(announce, NULL);
	CHECK_EQ(status, BY_OK);
	as_client(ask, NULL);
	CHECK_EQ(status, BY_PENDING);
	CHECK_STR(shown_state(), "asked");
	CHECK_STR(shown.service, "Text");
	CHECK_STR(shown.label, "client -> a");
	CHECK(shown.ram == DONATION && shown.caps == DONATED_CAPS && shown.provider == &provider);
	CHECK_EQ(fake.pd[0].ram_aside, DONATION);
	CHECK_EQ(fake.pd[0].caps_aside, DONATED_CAPS);
	CHECK_EQ(fake.pd[1].ram_quota, client_quota - DONATION - FEE);
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_PENDING);

	as_server(fetch, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(work.what, BY_PARENT_WORK_OPEN);
	CHECK_EQ(work.ram, DONATION);
	CHECK_EQ(work.caps, DONATED_CAPS);
	CHECK_STR(work.service, "Text");
	CHECK_STR(work.label, "client -> a");
	CHECK(work.args_len == 4 && !memcmp(work.args, "args", 4));
	CHECK_EQ(fake.pd[0].ram_aside, 0);
	CHECK_EQ(fake.pd[2].ram_quota, server_quota + DONATION);
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_OK);
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK(fake_object(1, client_gate));
	CHECK_EQ(fake_object(1, client_gate), fake_object(2, server_gate));
	CHECK_STR(shown_state(), "open");

	as_client(close_it, NULL);
	CHECK_EQ(status, BY_PENDING);
	CHECK_EQ(fake_object(1, client_gate), 0); /* revoked */
	CHECK_STR(shown_state(), "closing");
	CHECK_EQ(fake.pd[1].ram_quota, client_quota - DONATION - FEE);
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_NOT_FOUND);
	as_server(fetch, NULL);
	CHECK_EQ(work.what, BY_PARENT_WORK_CLOSE);
	CHECK(complete());
	as_server(done, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK(client_has_all());
	CHECK_EQ(fake.pd[2].ram_quota, server_quota);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	CHECK(end());
}


TEST(requests_wait_for_their_service)
{
	begin();
	as_client(ask_twice, NULL);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	as_server(announce, "Another");
	CHECK_EQ(status, BY_OK);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	as_server(announce, NULL);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_STR(work.label, "client -> a");
	as_server(fetch, NULL);
	CHECK_STR(work.label, "client -> b");
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	CHECK(complete());
	CHECK(end());
}


TEST(refusals_give_everything_back)
{
	static uint32_t const good[] = { 4, 5, 6, 2, 12, 7 }; /* of status.h: denied, ... gone */

	begin();
	as_server(announce, NULL);
	for (unsigned i = 0; i < 6; i++) {
		uint32_t bad = 8;

		as_client(ask, NULL);
		as_server(fetch, NULL);
		as_server(refuse, &bad);
		CHECK_EQ(status, BY_INVALID);
		as_server(refuse, (void *)(uintptr_t)&good[i]);
		CHECK_EQ(status, BY_OK);
		CHECK_EQ(fake.pd[2].ram_quota, server_quota);
		as_client(ask_again, NULL);
		CHECK_EQ(status, good[i]);
		CHECK(client_has_all());
		as_client(ask_again, NULL);
		CHECK_EQ(status, BY_NOT_FOUND);
	}
	CHECK(complete() && end());
}


TEST(finish_tells_when_all_is_back)
{
	begin();
	open_session();
	as_client(finish_it, NULL);
	CHECK_EQ(status, BY_PENDING);
	as_client(finish_it, NULL);
	CHECK_EQ(status, BY_PENDING);
	as_client(ask, NULL);
	CHECK_EQ(status, BY_EXISTS);
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_NOT_FOUND);
	as_server(fetch, NULL);
	as_server(done, NULL);
	CHECK_EQ(fake.pd[1].ram_quota, client_quota - FEE);
	as_client(finish_it, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK(client_has_all());
	as_client(finish_it, NULL);
	CHECK_EQ(status, BY_NOT_FOUND);
	CHECK(end());
}


/* The client gives up while the server makes up its mind. */
static void abandon(void)
{
	begin();
	as_server(announce, NULL);
	as_client(ask, NULL);
	as_server(fetch, NULL);
	as_client(close_it, NULL);
	CHECK_EQ(status, BY_PENDING);
	CHECK(!client_has_all());
}


TEST(who_gives_up_does_not_wait_for_the_server)
{
	uint32_t denied = 4;

	abandon();
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(work.what, BY_PARENT_WORK_CLOSE);
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_NOT_FOUND);
	as_server(refuse, &denied);
	CHECK_EQ(status, BY_NOT_FOUND);
	as_server(done, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK(client_has_all() && complete() && end());
}


TEST(an_answer_may_cross_the_end)
{
	uint32_t denied = 4;

	abandon();
	as_server(done, NULL);
	CHECK_EQ(status, BY_NOT_FOUND); /* it does not know yet */
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(fake_object(2, server_gate), 0); /* revoked */
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_NOT_FOUND);
	as_server(fetch, NULL);
	CHECK_EQ(work.what, BY_PARENT_WORK_CLOSE);
	as_server(done, NULL);
	CHECK(client_has_all() && complete() && end());

	abandon();
	as_server(refuse, &denied);
	CHECK_EQ(status, BY_OK);
	CHECK(client_has_all());
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	CHECK(complete() && end());
}


TEST(either_can_die_when_the_client_has_given_up)
{
	for (unsigned i = 0; i < 4; i++) {
		abandon();
		if (i & 1)
			as_server(fetch, NULL);
		by_child_destroy(i & 2 ? &server : &client);
		CHECK(complete());
		if (!(i & 2)) {
			if (!(i & 1))
				as_server(fetch, NULL);
			as_server(done, NULL);
			CHECK_EQ(fake.pd[2].ram_quota, server_quota);
		} else {
			CHECK(client_has_all());
		}
		CHECK(complete() && end());
	}
}


TEST(upgrades_reach_the_server)
{
	uint64_t more[] = { 5000, 2 }, none[] = { 0, 0 };

	begin();
	open_session();
	as_client(upgrade, none);
	CHECK_EQ(status, BY_OK);
	as_client(upgrade, more);
	CHECK_EQ(status, BY_PENDING);
	CHECK_EQ(fake.pd[2].ram_quota, server_quota + DONATION + 5000);
	as_client(upgrade, more);
	as_client(upgrade, none);
	CHECK_EQ(status, BY_PENDING);
	as_server(fetch, NULL);
	CHECK_EQ(work.what, BY_PARENT_WORK_UPGRADE);
	CHECK_EQ(work.ram, 10000);
	CHECK_EQ(work.caps, 4);
	as_client(upgrade, none);
	CHECK_EQ(status, BY_OK);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	as_client(close_it, NULL);
	as_server(fetch, NULL);
	as_server(done, NULL);
	CHECK(client_has_all() && complete());
	CHECK(end());
}


TEST(names_can_be_changed_on_the_way)
{
	static struct by_route const renamed[] = {
		{ .service = "Text", .provider = &provider, .label = "one label" },
		{ .service = NULL },
	};

	begin();
	client.routes = renamed;
	as_server(announce, NULL);
	as_client(ask, NULL);
	as_server(fetch, NULL);
	CHECK_STR(work.label, "one label");
	CHECK(end());
}


static by_status_t decide(struct by_child *child, char const *service, char const *label,
                          struct by_route *route)
{
	static char text[161];

	if (child != &client || strcmp(route->service, service) || !strcmp(label, "client -> b"))
		return BY_DENIED;

	snprintf(text, sizeof(text), "by function: %s", label);
	route->provider = &provider;
	route->label    = text;

	return BY_OK;
}


TEST(a_function_can_decide)
{
	struct by_child_ops const deciding = { .exited = ignore_exit, .route = decide };

	begin();
	client.routes = NULL;
	client.ops    = &deciding;
	as_server(announce, NULL);
	as_client(ask_twice, NULL);
	CHECK_EQ(status, BY_DENIED); /* the second one */
	as_server(fetch, NULL);
	CHECK_STR(work.label, "by function: client -> a");
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	CHECK(end());
}


/* Of which sessions the client has something to hear. */

static uint32_t news[3];

static void hear(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < 3; i++) {
		news[i]     = 0;
		statuses[i] = by_parent_answered(&parent, &news[i]);
	}
	fake_release();
}


TEST(the_client_hears_of_what_has_changed)
{
	begin();
	as_server(announce, NULL);
	as_client(ask_twice, NULL);
	as_client(hear, NULL);
	CHECK_EQ(statuses[0], BY_EMPTY);
	as_server(fetch, NULL);
	uint32_t first = work.id;

	as_server(fetch, NULL);
	as_server(deliver, NULL);
	as_client(hear, NULL);
	CHECK_EQ(news[0], 2);
	CHECK_EQ(statuses[1], BY_EMPTY);
	as_server(deliver, &first);
	as_client(close_it, NULL); /* nothing to hear of it any more */
	as_client(hear, NULL);
	CHECK_EQ(statuses[0], BY_EMPTY);
	as_server(fetch, NULL);
	as_server(done, NULL);
	as_client(hear, NULL);
	CHECK_EQ(statuses[0], BY_EMPTY);
	by_child_destroy(&server);
	as_client(hear, NULL);
	CHECK_EQ(news[0], 2);
	CHECK_EQ(statuses[1], BY_EMPTY);
	CHECK(complete() && end());
}


TEST(a_client_may_die_unheard)
{
	begin();
	open_session();
	by_child_destroy(&server);
	by_child_destroy(&client);
	CHECK(complete() && end());
}


/* What stands behind the server has died. */
TEST(a_session_can_be_lost)
{
	begin();
	as_server(announce, NULL);
	as_client(ask, NULL);
	as_server(fetch, NULL);
	as_server(lose_it, NULL);
	CHECK_EQ(status, BY_NOT_FOUND); /* it is not open */
	as_server(deliver, NULL);
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_OK);
	as_server(lose_it, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(fake_object(1, client_gate), 0); /* whatever it was */
	CHECK_EQ(fake.pd[2].ram_quota, server_quota);
	as_server(lose_it, NULL);
	CHECK_EQ(status, BY_NOT_FOUND);
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_GONE);
	CHECK(client_has_all());
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	CHECK(complete() && end());
}


/*
 * Lies
 */

/* As by_service_provide() does. */
static void offer(void *arg)
{
	by_cap_t signal;

	(void)arg;
	status = make_signal(&signal);
	if (status == BY_OK)
		status = by_parent_request_sigh(&parent, signal);
	if (status == BY_OK)
		status = by_parent_provide(&parent, "Text");
	statuses[0] = by_parent_request_sigh(&parent, BY_NO_CAP);
	fake_release();
}


TEST(who_may_offer_nothing_is_denied)
{
	begin();
	as_client(offer, NULL);
	CHECK_EQ(status, BY_DENIED);
	CHECK_EQ(statuses[0], BY_BAD_CAP);
	as_server(offer, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(statuses[0], BY_BAD_CAP);
	CHECK(end());
}


TEST(only_what_is_allowed_can_be_offered)
{
	static char const *const names[] = { "A", "B", "C", "D", "E", "F", "G" };

	begin();
	as_server(announce, "Other");
	CHECK_EQ(status, BY_DENIED);
	as_server(announce, NULL);
	as_server(announce, NULL);
	CHECK_EQ(status, BY_EXISTS);
	for (unsigned i = 0; i < 7; i++) {
		as_server(announce, (void *)(uintptr_t)names[i]);
		CHECK_EQ(status, BY_OK);
	}
	as_server(announce, "one too many");
	CHECK_EQ(status, BY_LIMIT);
	as_client(announce, NULL);
	CHECK_EQ(status, BY_DENIED); /* offers nothing at all */
	as_client(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	CHECK(end());
}


static void deliver_nonsense(void *arg)
{
	(void)arg;
	statuses[0] = by_parent_deliver(&parent, work.id + 1, (by_cap_t){ BY_SLOT_PD });
	statuses[1] = by_parent_deliver(&parent, work.id, BY_NO_CAP);
	statuses[2] = by_parent_deliver(&parent, work.id, (by_cap_t){ BY_SLOT_PARENT });
	statuses[3] = by_parent_done(&parent, work.id);
	statuses[4] = by_parent_refuse(&parent, work.id + 1, 4);
	fake_release();
}


TEST(a_server_cannot_answer_wrongly)
{
	uint32_t denied = 4;

	begin();
	as_server(announce, NULL);
	as_client(ask, NULL);
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_NOT_FOUND); /* not fetched */
	as_server(fetch, NULL);
	as_server(deliver_nonsense, NULL);
	CHECK_EQ(statuses[0], BY_NOT_FOUND);
	CHECK_EQ(statuses[1], BY_BAD_CAP);
	CHECK_EQ(statuses[2], BY_BAD_CAP); /* the parent's own */
	CHECK_EQ(statuses[3], BY_NOT_FOUND);
	CHECK_EQ(statuses[4], BY_NOT_FOUND);
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_OK);
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_NOT_FOUND); /* twice */
	as_server(refuse, &denied);
	CHECK_EQ(status, BY_NOT_FOUND);
	as_server(done, NULL);
	CHECK_EQ(status, BY_NOT_FOUND); /* nobody has closed it */
	as_client(close_it, NULL);
	as_server(done, NULL);
	CHECK_EQ(status, BY_NOT_FOUND); /* not fetched */
	as_server(fetch, NULL);
	as_server(done, NULL);
	CHECK_EQ(status, BY_OK);
	as_server(done, NULL);
	CHECK_EQ(status, BY_NOT_FOUND);
	CHECK(client_has_all() && end());
}


TEST(what_a_server_has_spent_it_owes)
{
	begin();
	open_session();
	as_server(spend, NULL);
	CHECK_EQ(status, BY_OK);
	as_client(finish_it, NULL);
	as_server(fetch, NULL);
	as_server(done, NULL);
	CHECK_EQ(status, BY_OK);
	as_client(finish_it, NULL);
	CHECK_EQ(status, BY_PENDING);
	CHECK(!client_has_all() && complete());
	as_server(fetch, NULL);
	as_client(finish_it, NULL);
	CHECK_EQ(status, BY_PENDING); /* nothing has been freed */
	as_server(unspend, NULL);
	CHECK_EQ(status, BY_OK);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	as_client(finish_it, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK(client_has_all() && end());
}


TEST(a_parent_cannot_spend_what_it_keeps_for_others)
{
	by_cap_t ds;

	begin();
	as_client(ask, NULL);
	uint64_t const left = fake.pd[0].ram_quota - fake.pd[0].ram_used;

	CHECK_EQ(by_pd_ram_alloc(&by_the_env.pd, left & ~4095ull, BY_PD_CACHE_CACHED, 12, 0, &ds),
	         BY_OUT_OF_RAM);
	as_server(announce, NULL);
	as_server(fetch, NULL);
	CHECK_EQ(work.ram, DONATION);
	CHECK(complete() && end());
}


/*
 * Deaths: at each step of a session, of the client, of the server, and of both
 */

enum { STEPS = 9 };

static void do_step(unsigned step)
{
	uint64_t more[] = { 4096, 1 };

	switch (step) {
	case 0: as_client(ask, NULL); break;
	case 1: as_server(announce, NULL); break;
	case 2: as_server(fetch, NULL); break;
	case 3: as_server(deliver, NULL); break;
	case 4: as_client(ask_again, NULL); break;
	case 5: as_client(upgrade, more); break;
	case 6: as_server(fetch, NULL); break;
	case 7: as_client(finish_it, NULL); break;
	case 8: as_server(fetch, NULL); break;
	}
}


TEST(a_client_dies_at_each_step)
{
	for (unsigned steps = 0; steps <= STEPS; steps++) {
		begin();
		for (unsigned i = 0; i < steps; i++)
			do_step(i);
		by_child_destroy(&client);
		CHECK(complete());

		/* the server hears of it and is done */
		if (steps == 9)
			as_server(done, NULL);
		for (as_server(fetch, NULL); status == BY_OK; as_server(fetch, NULL))
			if (work.what == BY_PARENT_WORK_CLOSE)
				as_server(done, NULL);
		CHECK_EQ(fake.pd[2].ram_quota, server_quota);
		CHECK(complete() && end());
	}
}


TEST(a_server_dies_at_each_step)
{
	for (unsigned steps = 0; steps <= STEPS; steps++) {
		begin();
		for (unsigned i = 0; i < steps; i++)
			do_step(i);
		by_child_destroy(&server);
		CHECK(complete());

		as_client(steps >= 8 ? finish_it : ask_again, NULL);
		by_status_t const expected = steps == 0 ? BY_NOT_FOUND
		                           : steps <= 2 ? BY_PENDING /* for another server */
		                           : steps >= 8 ? BY_OK : BY_GONE;
		CHECK_EQ(status, expected);
		/* who waits can give up; who has heard of the end has everything back */
		as_client(close_it, NULL);
		CHECK_EQ(status, steps == 1 || steps == 2 ? BY_OK : BY_NOT_FOUND);
		CHECK(client_has_all());
		CHECK(complete() && end());
	}
}


/*
 * Memory that the server has shared with the client is charged to us as long as the client
 * has it attached, so that the donation is not there when the server dies.
 */
enum { CHARGED = 1 << 30 };

static uint64_t missing(void)
{
	return client_quota - fake.pd[1].ram_quota;
}


/* The client says something. */
static void say_something(void)
{
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_GONE);
}


/* It asks for another session, which the next server refuses. */
static void ask_for_more(void)
{
	CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
	as_client(ask_another, NULL);
	CHECK_EQ(status, BY_PENDING);
	as_server(announce, NULL);
	as_server(fetch, NULL);
	as_server(refuse_it, NULL);
}


/* Somebody else ends. */
static void end_another(void)
{
	CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
	by_child_destroy(&server);
}


/* The client dies unpaid. */
static void die(void)
{
	fake.pd[0].ram_used += CHARGED;
	by_child_destroy(&client);
	fake.pd[0].ram_used -= CHARGED;
	CHECK_EQ(by_child_create(&by_the_env, &client, &client_args), BY_OK);
}


TEST(a_refund_is_tried_again)
{
	static struct { void (*happens)(void); uint64_t missing; } const cases[] = {
		{ say_something, 0 },
		{ ask_for_more, 2 * FEE }, /* the client has not heard of either yet */
		{ end_another, FEE },
		{ die, 0 },
	};

	for (unsigned i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned const steps = i % 2 ? 3 : 5; /* the server has fetched it, it is open */

		begin();
		for (unsigned k = 0; k < steps; k++)
			do_step(k);
		fake.pd[0].ram_used += CHARGED;
		by_child_destroy(&server);
		CHECK(strstr(fake.log, "child \"client\": donation is not back yet: out_of_ram"));
		CHECK_EQ(missing(), DONATION + FEE);
		fake.pd[0].ram_used -= CHARGED;
		cases[i / 2].happens();
		CHECK_EQ(missing(), cases[i / 2].missing);
		by_child_destroy(&server); /* it is paid once */
		CHECK_EQ(missing(), cases[i / 2].missing);
		CHECK(complete() && end());
	}
}


TEST(a_new_server_takes_what_waits)
{
	begin();
	as_client(ask, NULL);
	as_server(announce, NULL);
	by_child_destroy(&server);
	CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_EMPTY);
	as_server(announce, NULL);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_STR(work.label, "client -> a");
	as_server(deliver, NULL);
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK(complete() && end());
}


TEST(a_child_that_cannot_be_created_offers_nothing)
{
	struct by_child_args bad = server_args;

	begin();
	by_child_destroy(&server);
	bad.name = "a name that is longer than thirty-two bytes";
	CHECK_EQ(by_child_create(&by_the_env, &server, &bad), BY_INVALID);
	CHECK(!provider.child);
	by_child_destroy(&server); /* as those do who do not look where they failed */
	bad.name = "server";
	bad.ram  = 1 << 30;
	CHECK_EQ(by_child_create(&by_the_env, &server, &bad), BY_OUT_OF_RAM);
	CHECK(!provider.child);
	CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
	CHECK(provider.child == &server);
	CHECK(end());
}


TEST(what_waits_for_nobody_is_denied)
{
	begin();
	as_client(ask, NULL);
	by_child_destroy(&server);
	by_provider_fini(&provider);
	as_client(ask_again, NULL);
	CHECK_EQ(status, BY_DENIED);
	CHECK(client_has_all() && end());
}


/* Random steps by random actors, with deaths: everything stays complete. */
TEST(random_steps)
{
	static void (*const client_steps[])(void *) = { ask, ask_again, close_it, finish_it };
	static void (*const server_steps[])(void *) = { announce, fetch, deliver, done, spend,
	                                                unspend, refuse_it, lose_it };
	uint64_t more[] = { 4096, 1 };
	uint64_t state = 1;

	for (unsigned round = 0; round < 20; round++) {
		begin();
		for (unsigned i = 0; i < 60; i++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			unsigned const draw = (unsigned)(state >> 33) % 27;

			if (draw < 8)
				as_client(client_steps[draw % 4], NULL);
			else if (draw < 23)
				as_server(server_steps[draw % 8], NULL);
			else if (draw < 25)
				as_client(upgrade, more);
			else if (draw == 25) {
				by_child_destroy(&client);
				CHECK_EQ(by_child_create(&by_the_env, &client, &client_args), BY_OK);
			} else {
				by_child_destroy(&server);
				CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
			}
			CHECK(complete());
		}
		CHECK(end());
	}
}


/*
 * Resources, life
 */

static void wish(void *arg)
{
	uint64_t ram, caps;
	by_cap_t signal;

	(void)arg;
	statuses[0] = make_signal(&signal);
	statuses[1] = by_parent_resource_sigh(&parent, signal);
	statuses[2] = by_parent_yield_sigh(&parent, signal);
	statuses[3] = by_parent_heartbeat_sigh(&parent, signal);
	statuses[4] = by_parent_resource_request(&parent, 4096, 2);
	statuses[5] = by_parent_resource_sigh(&parent, BY_NO_CAP);
	statuses[6] = by_parent_yield_request(&parent, &ram, &caps);
	statuses[7] = by_parent_yield_done(&parent);
	fake_release();
}


TEST(more_can_be_asked_for)
{
	begin();
	as_client(wish, NULL);
	for (unsigned i = 0; i < 5; i++)
		CHECK_EQ(statuses[i], BY_OK);
	CHECK_EQ(statuses[5], BY_BAD_CAP);
	CHECK_EQ(statuses[6], BY_EMPTY);
	CHECK_EQ(statuses[7], BY_EMPTY);
	CHECK_EQ(wanted_ram, 4096);
	CHECK_EQ(wanted_caps, 2);
	CHECK_EQ(by_child_give(&client, wanted_ram, wanted_caps), BY_OK);
	CHECK_EQ(fake.pd[1].ram_quota, client_quota + 4096);
	CHECK_EQ(by_child_give(&client, (uint64_t)1 << 40, 0), BY_OUT_OF_RAM);
	CHECK(complete() && end());
}


static uint64_t yield_ram, yield_caps;

static void yield(void *arg)
{
	(void)arg;
	statuses[0] = by_parent_yield_request(&parent, &yield_ram, &yield_caps);
	statuses[1] = by_parent_yield_done(&parent);
	statuses[2] = by_parent_yield_done(&parent);
	fake_release();
}


TEST(a_parent_takes_back_what_is_free)
{
	begin();
	CHECK_EQ(by_child_take(&client, 4096, 1), BY_OK);
	CHECK_EQ(fake.pd[1].ram_quota, client_quota - 4096);
	CHECK_EQ(by_child_take(&client, client_quota, 0), BY_PENDING);
	as_client(yield, NULL);
	CHECK_EQ(statuses[0], BY_OK);
	CHECK_EQ(yield_ram, client_quota);
	CHECK_EQ(statuses[1], BY_OK);
	CHECK_EQ(fake.pd[1].ram_quota, client_quota - 4096 - yielded_ram);
	CHECK(yielded_ram > 0 && yielded_caps == 0);
	CHECK_EQ(statuses[2], BY_EMPTY);
	CHECK_EQ(fake.pd[1].ram_quota, fake.pd[1].ram_used); /* as much as there was */
	CHECK(complete() && end());
}


static void live(void *arg)
{
	(void)arg;
	status = by_parent_alive(&parent);
	fake_release();
}


TEST(heartbeats_are_counted)
{
	begin();
	CHECK_EQ(by_child_heartbeat(&client), 0);
	CHECK_EQ(by_child_heartbeat(&client), 0); /* it cannot be asked */
	as_client(wish, NULL);
	CHECK_EQ(by_child_heartbeat(&client), 0);
	CHECK_EQ(by_child_heartbeat(&client), 1);
	CHECK_EQ(by_child_heartbeat(&client), 2);
	as_client(live, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(by_child_heartbeat(&client), 0);
	CHECK(end());
}


TEST(silence_counts_when_heartbeats_are_wanted)
{
	struct by_child_args wanted = client_args;

	begin();
	CHECK_EQ(by_child_start(&client), BY_OK);
	CHECK_EQ(fake.argument, 0);
	by_child_destroy(&client);
	wanted.heartbeat = true;
	CHECK_EQ(by_child_create(&by_the_env, &client, &wanted), BY_OK);
	CHECK_EQ(by_child_start(&client), BY_OK);
	CHECK_EQ(fake.argument, BY_START_HEARTBEAT);
	CHECK_EQ(by_child_heartbeat(&client), 0);
	CHECK_EQ(by_child_heartbeat(&client), 1); /* it hangs before it can be asked */
	as_client(wish, NULL);
	as_client(live, NULL);
	CHECK_EQ(by_child_heartbeat(&client), 0);
	CHECK(end());
}
