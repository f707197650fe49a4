/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Services of a child offered upwards: the model plays our own parent, of which clients
 * above ask for sessions, a host thread the child (PD 1).
 */
#include "says.h"
#include "unit.h"
#include <by/uplink.h>
#include <string.h>

#include "../lib/env.h"

UNIT_MAIN("uplink")

enum { RAM = 8192, CAPS = 3 };

static struct by_child    server;
static struct by_provider provider;
static struct by_uplink   uplink;
static uint64_t           server_quota, own_quota, own_caps;


static void ignore_exit(struct by_child *child, int code)
{
	(void)child, (void)code;
}


static struct by_child_ops const ops       = { .exited = ignore_exit };
static struct by_route const     nowhere[] = { { .service = NULL } };

static struct by_child_args const server_args = {
	.name = "server", .binary = &family_binary, .ram = FAMILY_RAM, .caps = FAMILY_CAPS,
	.routes = nowhere, .provider = &provider, .ops = &ops,
};


static void note_quotas(void)
{
	server_quota = fake.pd[1].ram_quota;
	own_quota    = fake.pd[0].ram_quota;
	own_caps     = fake.pd[0].caps_quota;
}


static void begin(void)
{
	family_begin();
	by_provider_init(&provider, NULL);
	uplink = (struct by_uplink){ .service = "Text", .provider = &provider };
	CHECK_EQ(by_uplink_init(&by_the_env, &uplink), BY_OK);
	CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
	note_quotas();
}


/* All is where it was at the beginning. */
static bool settled(void)
{
	return fake.pd[1].ram_quota == server_quota && fake.pd[0].ram_quota == own_quota
	       && fake.pd[0].caps_quota == own_caps && !fake.pd[0].ram_aside && !fake.unpaid;
}


/* What may stay: the signal for requests, and what the heap has grown by. */
static bool end(void)
{
	by_uplink_fini(&uplink);
	family_forget();
	by_child_destroy(&server);
	by_provider_fini(&provider);
	bool const good = !fake.pd[0].ram_aside && !fake.pd[0].caps_aside && !fake.unpaid
	                  && fake.pd[0].ram_quota == family_parent_quota();

	family_finish();

	return good;
}


static void as_server(void (*function)(void *arg), void *arg)
{
	family_run(1, function, arg);
}


/* Our parent wants something of us. */
static void want(unsigned what, uint32_t id, char const *label)
{
	fake.fetched  = 0;
	fake.requests = 1;
	fake.request[0].what    = what;
	fake.request[0].id      = id;
	fake.request[0].ram     = RAM;
	fake.request[0].caps    = CAPS;
	fake.request[0].service = what == BY_PARENT_WORK_OPEN ? "Text" : NULL;
	fake.request[0].label   = label;
	fake.request[0].args    = "args";
	fake_requests();
	fake_serve();
}


static void want_open(uint32_t id)
{
	want(BY_PARENT_WORK_OPEN, id, "init -> client");
}


static void want_close(uint32_t id)
{
	want(BY_PARENT_WORK_CLOSE, id, NULL);
}


static void open_session(void)
{
	as_server(announce, NULL);
	want_open(5);
	as_server(fetch, NULL);
	as_server(deliver, NULL);
}


TEST(a_session_from_begin_to_end)
{
	begin();
	CHECK_STR(fake.provided, "Text ");
	as_server(announce, NULL);
	want_open(5);
	CHECK_EQ(fake.answers, 0);
	CHECK_EQ(fake.pd[0].ram_aside, RAM);
	as_server(fetch, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(work.ram, RAM);
	CHECK_EQ(work.caps, CAPS);
	CHECK_STR(work.service, "Text");
	CHECK_STR(work.label, "init -> client");
	CHECK(work.args_len == 4 && !memcmp(work.args, "args", 4));
	CHECK_EQ(fake.pd[1].ram_quota, server_quota + RAM);
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(fake.delivered, 5);

	want(BY_PARENT_WORK_UPGRADE, 5, NULL);
	CHECK_EQ(fake.pd[1].ram_quota, server_quota + 2 * RAM);
	as_server(fetch, NULL);
	CHECK_EQ(work.what, BY_PARENT_WORK_UPGRADE);
	CHECK_EQ(work.ram, RAM);

	want_close(5);
	CHECK_EQ(fake.done, 0); /* the donation is not back */
	CHECK_EQ(fake_object(1, server_gate), 0);
	as_server(fetch, NULL);
	CHECK_EQ(work.what, BY_PARENT_WORK_CLOSE);
	as_server(done, NULL);
	CHECK_EQ(fake.done, 5);
	CHECK(settled());
	CHECK_EQ(uplink.count, 0);
	CHECK(end());
}


TEST(refusals_go_up)
{
	uint32_t limit = 12;

	begin();
	as_server(announce, NULL);
	want_open(1);
	as_server(fetch, NULL);
	as_server(refuse, &limit);
	CHECK_EQ(fake.refused, 1);
	CHECK_EQ(fake.reason, 12);
	CHECK(settled());
	CHECK(end());
}


/* The one who asks decides what is forwarded. */

static struct by_provider other;

static by_status_t decide(struct by_uplink *self, char const *label, struct by_route *route)
{
	if (self != &uplink || route->provider != &provider || !strcmp(label, "bad"))
		return BY_DENIED;
	if (!strcmp(label, "nowhere"))
		route->provider = NULL;
	if (!strcmp(label, "elsewhere"))
		route->provider = &other;
	route->label   = "one label";
	route->service = "Other";

	return BY_OK;
}


TEST(a_function_can_decide)
{
	begin();
	uplink.route = decide;
	by_provider_init(&other, NULL);
	as_server(announce, "Other");
	want(BY_PARENT_WORK_OPEN, 1, "bad");
	CHECK_EQ(fake.refused, 1);
	want(BY_PARENT_WORK_OPEN, 2, "nowhere");
	CHECK_EQ(fake.refused, 2);
	CHECK_EQ(fake.reason, 4);
	want(BY_PARENT_WORK_OPEN, 3, "elsewhere");
	CHECK_EQ(fake.answers, 2); /* it waits */
	want(BY_PARENT_WORK_OPEN, 4, "good");
	as_server(fetch, NULL);
	CHECK_STR(work.service, "Other");
	CHECK_STR(work.label, "one label");
	as_server(deliver, NULL);
	CHECK_EQ(fake.delivered, 4);
	by_provider_fini(&other);
	CHECK_EQ(fake.refused, 3);
	CHECK_EQ(fake.reason, 4);
	CHECK(end());
}


/* The decision becomes another one, while a session is open and another one waits. */

static struct { char const *label, *service; bool denied; } decision;

static by_status_t decide_anew(struct by_uplink *self, char const *label, struct by_route *route)
{
	(void)self;
	if (decision.denied)
		return BY_DENIED;

	route->label = decision.label ? decision.label : label;
	if (decision.service)
		route->service = decision.service;

	return BY_OK;
}


static void count_session(struct by_child_session const *session, void *arg)
{
	CHECK_STR(session->asked, "init -> client");
	CHECK_STR(session->label, "at first");
	CHECK(session->provider == &provider && !session->local);
	++*(unsigned *)arg;
}


static void review_after(void (*change)(void), by_status_t reason)
{
	unsigned count = 0;

	begin();
	decision.label   = "at first";
	decision.service = NULL;
	decision.denied  = false;
	uplink.route     = decide_anew;
	as_server(announce, NULL);
	want_open(1);
	as_server(fetch, NULL);
	as_server(deliver, NULL);
	want_open(2);
	change();
	by_uplink_sessions(&uplink, count_session, &count);
	CHECK_EQ(count, 2);
	for (unsigned i = 0; i < 2; i++) { /* again changes nothing */
		by_uplink_review(&uplink);
		CHECK_EQ(fake.answers, reason == BY_OK ? 1 : 2);
	}
	CHECK_EQ(fake.refused, reason == BY_OK ? 0 : 2);
	CHECK_EQ(fake.reason, (uint32_t)(uintptr_t)reason);
	if (reason != BY_OK) {
		as_server(fetch, NULL);
		CHECK_EQ(work.what, BY_PARENT_WORK_CLOSE);
		as_server(done, NULL);
		CHECK_EQ(fake.lost, 1);
		CHECK(settled());
	}
	CHECK(end());
}


static void change_nothing(void) { }
static void change_label(void)   { decision.label = "later"; }
static void change_service(void) { decision.service = "Other"; }
static void change_mind(void)    { decision.denied = true; }

TEST(a_decision_can_change)
{
	review_after(change_nothing, BY_OK);
	review_after(change_label, BY_GONE);
	review_after(change_service, BY_GONE);
	review_after(change_mind, BY_DENIED);
}


TEST(records_are_limited)
{
	begin();
	by_uplink_fini(&uplink);
	uplink.limit = 2;
	fake.provide = BY_EXISTS; /* what was announced cannot be taken back */
	CHECK_EQ(by_uplink_init(&by_the_env, &uplink), BY_OK);
	CHECK_EQ(by_uplink_init(&by_the_env, &(struct by_uplink){ .service = "Text" }), BY_EXISTS);
	for (uint32_t id = 1; id <= 3; id++)
		want_open(id);
	CHECK_EQ(fake.refused, 3);
	CHECK_EQ(fake.reason, 12);
	want_close(1);
	CHECK_EQ(fake.done, 1);
	want_open(4);
	CHECK_EQ(fake.refused, 3);
	CHECK_EQ(uplink.count, 2);
	by_uplink_fini(&uplink);
	uplink.limit = 0;
	CHECK_EQ(by_uplink_init(&by_the_env, &uplink), BY_OK);
	want_open(6);
	want_open(6); /* a number that is in use */
	CHECK_EQ(fake.refused, 6);
	CHECK(end());
}


TEST(nothing_is_left_when_there_is_no_memory)
{
	begin();
	as_server(announce, NULL);
	for (uint32_t i = 2; i < 10; i++) { /* the first request is to fetch */
		fake.fail_at = i;
		want_open(i);
		fake.fail_at = 0;
		if (fake.refused != i)
			break;
		CHECK(settled());
	}
	CHECK_EQ(uplink.count, 1);
	CHECK(end());
}


/*
 * Ends of all kinds
 */

/* Steps of a session's life, as far as the server has a part in them. */
static void do_step(unsigned step)
{
	switch (step) {
	case 0: want_open(5); break;
	case 1: as_server(announce, NULL); break;
	case 2: as_server(fetch, NULL); break;
	case 3: as_server(deliver, NULL); break;
	case 4: want(BY_PARENT_WORK_UPGRADE, 5, NULL); break;
	case 5: as_server(fetch, NULL); break;
	case 6: want_close(5); break;
	case 7: as_server(fetch, NULL); break;
	case 8: as_server(done, NULL); break;
	}
}

enum { STEPS = 9 };


static void play(unsigned steps)
{
	begin();
	for (unsigned i = 0; i < steps; i++)
		do_step(i);
}


/* A server that does what is left to do. */
static void serve_on(void)
{
	for (as_server(fetch, NULL); status == BY_OK; as_server(fetch, NULL)) {
		if (work.what == BY_PARENT_WORK_CLOSE)
			as_server(done, NULL);
	}
}


TEST(a_server_dies_at_each_step)
{
	for (unsigned steps = 0; steps <= STEPS; steps++) {
		play(steps);
		by_child_destroy(&server);
		CHECK_EQ(fake.pd[0].ram_aside, steps == 1 || steps == 2 ? RAM : 0);
		bool const opening = steps == 3, open = steps >= 4 && steps <= 6;

		CHECK_EQ(fake.refused, opening ? 5 : 0);
		CHECK_EQ(fake.reason, opening ? 7 : 0); /* gone: it may be what it has died of */
		CHECK_EQ(fake.lost, open ? 5 : 0);
		CHECK_EQ(fake.done, steps >= 7 ? 5 : 0);
		CHECK_EQ(uplink.count, steps == 1 || steps == 2); /* for the next server */
		CHECK_EQ(fake.unpaid, 0);
		CHECK(end());
	}
}


TEST(clients_above_end_at_each_step)
{
	for (unsigned steps = 1; steps <= 6; steps++) {
		play(steps);
		want_close(5);
		CHECK_EQ(fake.done, steps <= 2 ? 5 : 0); /* the server does not know it */
		serve_on();
		CHECK_EQ(fake.done, 5);
		CHECK_EQ(fake.answers, 1 + (steps > 3));
		CHECK(settled() && uplink.count == 0);
		CHECK(end());
	}
}


TEST(an_uplink_ends_at_each_step)
{
	for (unsigned steps = 1; steps <= STEPS; steps++) {
		play(steps);
		by_uplink_fini(&uplink);
		CHECK_EQ(uplink.count, 0);
		if (steps == 8)
			as_server(done, NULL);
		serve_on();
		CHECK_EQ(fake.refused, steps <= 3 ? 5 : 0);
		CHECK_EQ(fake.lost, steps >= 4 && steps <= 6 ? 5 : 0);
		CHECK_EQ(fake.done, steps >= 7 ? 5 : 0);
		CHECK(settled());
		want_open(6);
		CHECK_EQ(fake.refused, 6);
		CHECK(end());
	}
}


/* Our parent closes what is about to be told to be lost, or what has no uplink any more. */
TEST(ends_may_cross)
{
	begin();
	open_session();
	fake.closing = true;
	by_child_destroy(&server);
	CHECK_EQ(fake.lost, 0);
	fake.closing = false;
	want_close(5);
	CHECK_EQ(fake.done, 5);
	CHECK_EQ(fake.unpaid, 0);
	CHECK(end());

	begin();
	open_session();
	by_uplink_fini(&uplink);
	memset(&uplink, 0xa5, sizeof(uplink));
	want(BY_PARENT_WORK_UPGRADE, 5, NULL);
	want_close(5);
	CHECK_EQ(fake.done, 0);
	serve_on();
	CHECK_EQ(fake.done, 5);
	CHECK_EQ(fake.lost, 0);
	CHECK(settled());
	memset(&uplink, 0, sizeof(uplink));
	CHECK(end());
}


/* Our parent does not take it, because it is dead already. */
TEST(what_cannot_be_delivered_is_refused)
{
	begin();
	as_server(announce, NULL);
	want_open(5);
	as_server(fetch, NULL);
	fake.deliver = BY_BAD_CAP;
	as_server(deliver, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_EQ(fake.answers, 0);
	serve_on();
	CHECK_EQ(fake.refused, 5);
	CHECK_EQ(fake.reason, 7);
	CHECK(settled());
	CHECK(end());
}


/* Our parent takes donations out of our account: it is told when they are there. */
TEST(what_the_server_owes_is_waited_for)
{
	for (unsigned i = 0; i < 3; i++) {
		begin();
		as_server(announce, NULL);
		want_open(5);
		as_server(fetch, NULL);
		if (i)
			as_server(deliver, NULL);
		as_server(spend, NULL);
		if (i == 2) {
			want_close(5);
			as_server(fetch, NULL);
		}
		as_server(i == 0 ? refuse_it : i == 1 ? lose_it : done, NULL);
		CHECK_EQ(status, BY_OK);
		CHECK_EQ(fake.answers, i > 0);
		as_server(unspend, NULL);
		as_server(fetch, NULL);
		CHECK_EQ(fake.answers, 1 + (i > 0));
		CHECK_EQ(i == 0 ? fake.refused : i == 1 ? fake.lost : fake.done, 5);
		CHECK(settled());
		CHECK(end());
	}
}


TEST(the_next_server_takes_what_waits)
{
	begin();
	want_open(5);
	by_child_destroy(&server);
	CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
	as_server(announce, NULL);
	as_server(fetch, NULL);
	as_server(deliver, NULL);
	CHECK_EQ(fake.delivered, 5);
	CHECK(end());
}


/* Random steps of all, with deaths: our parent gets each donation back when it is told so. */
TEST(random_steps)
{
	static void (*const steps[])(void *) = { announce, fetch, deliver, done, refuse_it, lose_it,
	                                         fetch, fetch, spend, unspend };
	uint64_t state = 3;

	for (unsigned round = 0; round < 20; round++) {
		begin();
		for (unsigned i = 0; i < 60; i++) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			unsigned const draw = (unsigned)(state >> 33) % 26, id = (unsigned)(state >> 50) % 4 + 1;

			if (draw < 18)
				as_server(steps[draw % 9 + (draw == 17)], NULL);
			else if (draw < 21 && !fake.donated[id].ram)
				want_open(id);
			else if (draw < 23 && fake.donated[id].ram)
				want(BY_PARENT_WORK_UPGRADE, id, NULL);
			else if (draw < 25 && fake.donated[id].ram)
				want_close(id);
			else if (draw == 25) {
				by_child_destroy(&server);
				CHECK_EQ(by_child_create(&by_the_env, &server, &server_args), BY_OK);
			}
			CHECK_EQ(fake.unpaid, 0);
		}
		CHECK(end());
	}
}
