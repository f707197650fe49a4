/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sandbox on a model of kernel and core, in which host threads play the children: what
 * configurations make of them, how they end, and that nothing is left over.
 */
#include "../start.h"
#include "says.h"
#include "unit.h"
#include <by/abi.h>
#include <by/cap.h>
#include <by/slots.h>
#include <by/uplink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "env.h"

UNIT_MAIN("sandbox")

static struct sandbox sandbox;
static struct { uint64_t quota, used, caps, heap; unsigned objects, filled; } base;
static unsigned changes, exits, faults, stops;
static char     exit_name[BY_CHILD_NAME + 1]; /* of the latest that was told of */
static int      exit_code;
static by_status_t stop_status;


static void note_change(struct sandbox *self)
{
	(void)self;
	changes++;
}


static void note_exit(struct sandbox *self, char const *child, int code)
{
	(void)self;
	exits++;
	snprintf(exit_name, sizeof(exit_name), "%s", child);
	exit_code = code;
}


static void note_fault(struct sandbox *self, char const *child)
{
	(void)self;
	faults++;
	snprintf(exit_name, sizeof(exit_name), "%s", child);
}


static void note_stop(struct sandbox *self, char const *child, by_status_t why)
{
	(void)self;
	stops++;
	snprintf(exit_name, sizeof(exit_name), "%s", child);
	stop_status = why;
}


static struct sandbox_ops const ops = {
	.changed = note_change, .exited = note_exit, .faulted = note_fault, .stopped = note_stop,
};


static void no_fire(struct by_timeout *timeout)
{
	(void)timeout;
}


/* What there is once and for all is there before we count. */
static void begin(void)
{
	struct by_timeout timeout;
	struct by_uplink  first = { .service = "First" };

	family_begin();
	by_timeout_init(&timeout, by_the_env.endpoint, no_fire);
	CHECK_EQ(by_timeout_start(&timeout, 1000), BY_OK);
	by_timeout_stop(&timeout);
	CHECK_EQ(by_uplink_init(&by_the_env, &first), BY_OK);
	by_uplink_fini(&first);
	fake.provided[0] = '\0';
	changes = exits = faults = stops = 0;
	base.quota   = fake.pd[0].ram_quota;
	base.used    = fake.pd[0].ram_used;
	base.caps    = fake.pd[0].caps_quota - fake.pd[0].caps_used;
	base.objects = fake_live_all();
	base.filled  = fake_filled();
	base.heap    = by_consumed(by_the_env.heap);
	CHECK_EQ(sandbox_init(&sandbox, &by_the_env, &(struct sandbox_args){ .ops = &ops }), BY_OK);
}


/* All is as it was, but for one chunk at most that the heap keeps for the next time. */
static bool balanced(void)
{
	int const      objects = (int)fake_live_all() - (int)base.objects;
	uint64_t const heap    = by_consumed(by_the_env.heap) - base.heap;

	return fake.pd[0].ram_quota == base.quota && fake.pd[0].ram_used - base.used == heap
	       && !fake.pd[0].ram_aside && !fake.pd[0].caps_aside
	       && objects >= -1 && objects <= 1 && (heap || !objects)
	       && fake_filled() == base.filled + (unsigned)objects
	       && fake.pd[0].caps_quota - fake.pd[0].caps_used == base.caps - (uint64_t)objects;
}


static bool end(void)
{
	sandbox_fini(&sandbox);
	family_forget();
	bool const good = balanced() && !fake.unpaid;
	family_finish();

	return good;
}


static char const head[] =
	"config\n+ parent-provides\n  + service ROM\n  + service LOG\n"
	"+ default-route | + any-service | + parent\n+ default | ram: 256K | caps: 50\n";

/* Apply a configuration that begins with 'head'. */
static by_status_t apply(char const *text)
{
	char document[4096];
	int const size = snprintf(document, sizeof(document), "%s%s-\n", head, text);

	return sandbox_apply(&sandbox, (struct by_hid_span){ document, (size_t)size });
}


static void configure(char const *text)
{
	CHECK_EQ(apply(text), BY_OK);
}


static struct start *child(char const *name)
{
	return sandbox_find(&sandbox, name);
}


static char const *state(char const *name)
{
	static char const *const names[] = {
		[START_STOPPED] = "stopped", [START_BINARY] = "binary", [START_RUNNING] = "running",
		[START_FAULTED] = "faulted", [START_RESTARTING] = "restarting",
		[START_EXITED] = "exited",
	};

	return child(name) ? names[child(name)->state] : "none";
}


/* The PD of a child that runs. */
static unsigned pd_of(char const *name)
{
	unsigned const object = fake_object(0, child(name)->child.pd.session.cap);

	for (unsigned i = 1; i < FAKE_PDS; i++)
		if (object && fake.pd[i].alive && fake.pd[i].object == object)
			return i;

	return 0;
}


/* As a child: end with a value. */
static int leave_with;

static void leave(void *arg)
{
	(void)arg;
	status = by_parent_exit(&parent, leave_with);
	fake_release();
}


static void exit_child(char const *name, int code)
{
	leave_with = code;
	family_run(pd_of(name), leave, NULL);
}


static void crash_child(char const *name)
{
	fake_fault(pd_of(name), BY_FAULT_ILLEGAL, 0);
	fake_serve();
}


static void pass_ms(unsigned ms)
{
	fake_advance((by_ticks_t)ms * 1000 * 1000);
	fake_serve();
}


/* As a child: open a session. */
static struct {
	char const *service, *label;
	by_status_t status;
	by_cap_t    gate;
	uint32_t    id;
} wish;

static void open_wish(void *arg)
{
	(void)arg;
	wish.status = by_parent_session(&parent, wish.id, wish.service, wish.label, 8192, 3, NULL, 0,
	                                &wish.gate);
	fake_release();
}


static by_status_t open_session(char const *name, char const *service, char const *label)
{
	wish.service = service;
	wish.label   = label;
	wish.id++;
	family_run(pd_of(name), open_wish, NULL);

	return wish.status;
}


static void count(struct by_child_session const *session, void *arg)
{
	(void)session;
	(*(unsigned *)arg)++;
}


/* Sessions of a child: a new life has none. */
static unsigned sessions_of(char const *name)
{
	unsigned result = 0;

	by_child_sessions(&child(name)->child, count, &result);

	return result;
}


/*
 * From nothing to children and back
 */

TEST(nothing)
{
	begin();
	configure("");
	CHECK_EQ(changes, 1);
	CHECK(end());
}


TEST(children_get_what_is_configured)
{
	begin();
	configure("+ start kid\n+ start twin | binary: kid | ram: 300K | caps: 60\n");
	CHECK_STR(state("kid"), "running");
	CHECK_STR(state("twin"), "running");
	CHECK_EQ(fake.pd[pd_of("kid")].ram_quota, 256 << 10);
	CHECK_EQ(fake.pd[pd_of("kid")].caps_quota, 50);
	CHECK_EQ(fake.pd[pd_of("twin")].ram_quota, 300 << 10);
	CHECK_EQ(fake.pd[pd_of("twin")].caps_quota, 60);
	CHECK(end());
}


TEST(bad_documents_change_nothing)
{
	struct by_hid_span const bad[] = { { "", 0 }, { "config\n", 7 }, { "\n-\n", 3 }, { "-", 1 } };

	begin();
	configure("+ start kid\n");
	CHECK_EQ(open_session("kid", "LOG", ""), BY_OK);
	for (unsigned i = 0; i < 4; i++)
		CHECK_EQ(sandbox_apply(&sandbox, bad[i]), BY_MALFORMED);
	CHECK_EQ(sessions_of("kid"), 1);
	CHECK(end());
}


TEST(bad_nodes_are_left_out)
{
	begin();
	configure("+ start kid\n+ start kid | ram: 1M\n+ start\n"
	               "+ start a_name_that_is_longer_than_any_can_be\n"
	               "+ start a | binary: a_binary_that_is_longer_than_any_can_be\n"
	               "+ start b | binary: none\n+ start c | binary: kid | ram: 0\n"
	               "+ start d | binary: kid | caps: 1\n+ start e | binary: kid | ram: 4G\n"
	               "+ start f | binary: text\n+ unknown\n"
	               "+ start g | binary: kid | ram: 4295491584\n" /* 4 GiB and 512 KiB */
	               "+ start h | binary: kid | caps: 4294967396\n"
	               "+ start i | binary: kid | stack: 4295032832\n");
	CHECK_STR(state("kid"), "running");
	CHECK_EQ(fake.pd[pd_of("kid")].ram_quota, 256 << 10); /* the first one counts */
	CHECK_STR(state("a"), "stopped");
	CHECK_STR(state("b"), "stopped");
	CHECK_EQ(child("b")->status, BY_DENIED);
	CHECK_EQ(child("c")->status, BY_OUT_OF_RAM);
	CHECK_EQ(child("d")->status, BY_OUT_OF_CAPS);
	CHECK_EQ(child("e")->status, BY_OUT_OF_RAM);
	CHECK_EQ(child("f")->status, BY_MALFORMED);
	CHECK_EQ(child("g")->status, BY_OUT_OF_RAM);
	CHECK_EQ(child("h")->status, BY_OUT_OF_CAPS);
	CHECK(child("i")->status != BY_OK);
	CHECK(strstr(fake.log, "child \"kid\" is left out: exists"));
	CHECK(strstr(fake.log, "child \"b\" (binary \"none\") could not be started: denied"));
	configure("");
	CHECK_STR(state("kid"), "none");
	CHECK(end());
}


#define EVERYTHING "+ start kid\n  + config | a: b\n+ heartbeat\n" \
                   "+ service Text | + default-policy | + child kid\n"

TEST(every_refusal_leaves_a_child_or_none)
{
	for (unsigned i = 1; ; i++) {
		begin();
		fake.fail_at = i;
		by_status_t const applied = apply(EVERYTHING);
		bool const        failed  = fake.fail_at == 0;

		fake.fail_at = 0;
		CHECK(applied == BY_OK || !child("kid"));
		if (child("kid")) {
			configure(EVERYTHING);
			CHECK_STR(state("kid"), "running");
			CHECK_STR(fake.provided, "Text ");
		}
		CHECK(end());
		CHECK(i < 300);
		if (!failed)
			break;
	}
}


/*
 * Change
 */

TEST(what_is_the_same_goes_on)
{
	static char const *const same[] = {
		"+ start kid | ram: 256K\n  + config | a: 1\n", /* the default, said */
		"+ start new | binary: kid\n+ start kid\n  + config | a: 1\n",
		"+ start kid\n  + config | a: 2\n",
		"+ start kid\n  + config | a: 1\n  + restart | fault: yes\n",
		"+ start kid | caps: 60\n  + config | a: 1\n",
		"+ start kid\n  + config\n      a: 1\n  . a comment\n",
		/* other rules by which its session comes from where it does */
		"+ start kid\n  + route | + any-service | + parent\n  + config | a: 1\n",
		("+ start kid\n  + route\n    + service ROM | + child x\n    + service LOG | + parent\n"
		 "  + config | a: 1\n"),
		"+ alias x | child: y\n+ start kid\n  + config | a: 1\n",
	};

	for (unsigned i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		begin();
		configure("+ start kid\n  + config | a: 1\n");
		CHECK_EQ(open_session("kid", "LOG", ""), BY_OK);
		configure(same[i]);
		CHECK_EQ(sessions_of("kid"), 1);
		CHECK(end());
	}
}


TEST(what_has_changed_is_restarted)
{
	static char const *const other[] = {
		"+ start kid | version: 2\n  + config | a: 1\n",
		"+ start kid | binary: kid\n  + config | a: 1\n",
		"+ start kid\n  + binary kid\n  + config | a: 1\n",
		"+ start kid | priority: -1\n  + config | a: 1\n",
		"+ start kid | stack: 16K\n  + config | a: 1\n",
		"+ start kid\n  + provides | + service X\n  + config | a: 1\n",
		"+ start kid\n  + route | + any-service | + parent | identity: i\n  + config | a: 1\n",
		"+ start kid\n  + route | + service ROM | + parent\n  + config | a: 1\n",
		("+ start kid\n  + route\n    + service LOG | unscoped_label: kid | + parent | label: new\n"
		 "    + any-service | + parent\n  + config | a: 1\n"),
		"+ start kid\n  + heartbeat\n  + config | a: 1\n",
		"+ start kid\n",
	};

	/* what parents provide is in front of the rest */
	begin();
	configure("+ start kid\n");
	CHECK_EQ(open_session("kid", "LOG", ""), BY_OK);
	char const less[] = "config\n+ parent-provides\n  + service LOG\n"
	                    "+ default-route | + any-service | + parent\n"
	                    "+ default | ram: 256K | caps: 50\n+ start kid\n-\n";
	CHECK_EQ(sandbox_apply(&sandbox, (struct by_hid_span){ less, sizeof(less) - 1 }), BY_OK);
	CHECK_EQ(sessions_of("kid"), 1);
	CHECK_EQ(open_session("kid", "ROM", "text"), BY_DENIED);

	/* who was denied something may have it by other rules */
	configure("+ start kid\n");
	CHECK_EQ(sessions_of("kid"), 0);
	CHECK_EQ(open_session("kid", "ROM", "text"), BY_OK);
	CHECK_EQ(sandbox_apply(&sandbox, (struct by_hid_span){ less, sizeof(less) - 1 }), BY_OK);
	CHECK_EQ(sessions_of("kid"), 0);
	CHECK(end());

	for (unsigned i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		begin();
		configure("+ start kid\n  + config | a: 1\n");
		CHECK_EQ(open_session("kid", "LOG", ""), BY_OK);
		configure(other[i]);
		CHECK_STR(state("kid"), "running");
		CHECK_EQ(sessions_of("kid"), 0);
		CHECK(end());
	}
}


TEST(quota_grows_and_shrinks)
{
	begin();
	configure("+ start kid\n");
	struct fake_pd *kid = &fake.pd[pd_of("kid")];

	configure("+ start kid | ram: 400K | caps: 70\n");
	CHECK_EQ(kid->ram_quota, 400 << 10);
	CHECK_EQ(kid->caps_quota, 70);
	configure("+ start kid | ram: 350K | caps: 60\n");
	CHECK_EQ(kid->ram_quota, 350 << 10);
	CHECK_EQ(kid->caps_quota, 60);

	/* one child's is another's */
	uint64_t const left = fake.pd[0].ram_quota - fake.pd[0].ram_used;
	char text[200];
	snprintf(text, sizeof(text), "+ start kid | ram: %llu\n",
	         (unsigned long long)(left + (350 << 10) - (64 << 10)));
	configure(text);
	uint64_t const most = kid->ram_quota;
	CHECK(most > 350 << 10);
	configure("+ start twin | binary: kid | ram: 300K\n+ start kid\n");
	CHECK_STR(state("twin"), "running");
	CHECK_EQ(kid->ram_quota, 256 << 10);

	/* also if both run, and whoever stands first */
	snprintf(text, sizeof(text), "+ start kid | ram: %llu\n+ start twin | binary: kid\n",
	         (unsigned long long)(left - (400 << 10)));
	configure(text);
	CHECK_EQ(kid->ram_quota, left - (400 << 10));
	snprintf(text, sizeof(text), "+ start twin | binary: kid | ram: %llu\n+ start kid\n",
	         (unsigned long long)(left - (400 << 10)));
	configure(text);
	CHECK_EQ(fake.pd[pd_of("twin")].ram_quota, left - (400 << 10));
	snprintf(text, sizeof(text), "+ start kid | ram: %llu\n+ start twin | binary: kid\n",
	         (unsigned long long)(left - (400 << 10)));
	configure(text);
	CHECK_EQ(kid->ram_quota, left - (400 << 10));
	CHECK(end());
}


/* As a child: free what the parent wants. */
static void yield(void *arg)
{
	uint64_t ram = 0, caps = 0;

	(void)arg;
	wish.status = by_parent_yield_request(&parent, &ram, &caps);
	if (wish.status == BY_OK)
		wish.status = by_parent_yield_done(&parent);
	fake_release();
}


TEST(what_is_in_use_is_asked_for)
{
	begin();
	configure("+ start kid | ram: 400K\n");
	unsigned const kid = pd_of("kid");
	uint64_t const used = fake.pd[kid].ram_used;

	fake.pd[kid].ram_used = 350 << 10;
	configure("+ start kid | ram: 300K\n");
	CHECK_EQ(fake.pd[kid].ram_quota, 400 << 10);
	CHECK_EQ(child("kid")->ram, 400 << 10);
	fake.pd[kid].ram_used = used;
	family_run(kid, yield, NULL);
	CHECK_EQ(wish.status, BY_OK);
	CHECK_EQ(fake.pd[kid].ram_quota, 300 << 10);
	CHECK_EQ(child("kid")->ram, 300 << 10);
	CHECK(end());
}


TEST(what_is_preserved_is_not_given)
{
	begin();
	uint64_t const left = fake.pd[0].ram_quota - fake.pd[0].ram_used;
	char text[300];

	snprintf(text, sizeof(text), "+ resource RAM | preserve: %llu\n+ start kid\n",
	         (unsigned long long)(left - (100 << 10)));
	configure(text);
	CHECK_EQ(child("kid")->status, BY_OUT_OF_RAM);
	snprintf(text, sizeof(text), "+ resource CAP | preserve: %llu\n+ start kid\n",
	         (unsigned long long)(fake.pd[0].caps_quota - fake.pd[0].caps_used - 10));
	configure(text);
	CHECK_EQ(child("kid")->status, BY_OUT_OF_CAPS);
	configure("+ resource RAM | preserve: 64K\n+ start kid\n");
	CHECK_STR(state("kid"), "running");
	CHECK(end());
}


/*
 * Ends
 */

TEST(an_exit_ends_the_child)
{
	begin();
	configure("+ start kid\n+ start twin | binary: kid\n  + exit | propagate: yes\n");
	exit_child("kid", 3);
	CHECK_STR(state("kid"), "exited");
	CHECK_EQ(child("kid")->code, 3);
	CHECK_EQ(exits, 0);
	exit_child("twin", -4);
	CHECK_EQ(exits, 1);
	CHECK_STR(exit_name, "twin");
	CHECK_EQ(exit_code, -4);

	/* that something else changes does not bring it back, but a new version does */
	configure("+ start kid | ram: 300K\n+ start other | binary: kid\n");
	CHECK_STR(state("kid"), "exited");
	configure("+ start kid | version: 2\n");
	CHECK_STR(state("kid"), "running");
	CHECK(end());
}


TEST(a_fault_stops_the_child)
{
	begin();
	configure("+ start kid\n");
	CHECK_EQ(faults, 0);
	crash_child("kid");
	CHECK_STR(state("kid"), "faulted");
	CHECK(pd_of("kid")); /* to be looked at */
	CHECK_EQ(faults, 1);
	CHECK_STR(exit_name, "kid");
	configure("+ start kid | version: 2\n");
	CHECK_STR(state("kid"), "running");
	CHECK(end());
}


TEST(restarts)
{
	begin();
	configure("+ start kid\n  + restart | fault: yes | exit: yes | limit: 3\n");
	crash_child("kid");
	CHECK_STR(state("kid"), "restarting");
	pass_ms(99);
	CHECK_STR(state("kid"), "restarting");
	pass_ms(2);
	CHECK_STR(state("kid"), "running");
	exit_child("kid", 0);
	CHECK_STR(state("kid"), "restarting");
	/* something else does not bring it back earlier */
	configure("+ start kid | caps: 60\n  + restart | fault: yes | exit: yes | limit: 3\n");
	CHECK_STR(state("kid"), "restarting");
	pass_ms(101);
	CHECK_STR(state("kid"), "running");
	CHECK_EQ(fake.pd[pd_of("kid")].caps_quota, 60);
	crash_child("kid");
	pass_ms(101);
	CHECK_EQ(child("kid")->restarts, 3);
	CHECK_EQ(faults, 0);
	crash_child("kid");
	CHECK_EQ(faults, 1); /* of that one only which nothing follows */
	pass_ms(1000);
	CHECK_STR(state("kid"), "faulted"); /* often enough */
	CHECK(end());
}


TEST(a_child_that_waits_for_its_restart_can_be_taken_away)
{
	begin();
	configure("+ start kid\n  + restart | fault: yes\n");
	crash_child("kid");
	configure("");
	pass_ms(1000);
	CHECK_STR(state("kid"), "none");
	CHECK(end());
}


TEST(what_could_not_be_started_is_tried_again)
{
	begin();
	uint64_t const left = fake.pd[0].ram_quota - fake.pd[0].ram_used;
	char text[300];

	snprintf(text, sizeof(text), "+ start kid | ram: %llu\n+ start twin | binary: kid\n",
	         (unsigned long long)left - (200 << 10));
	configure(text);
	CHECK_STR(state("kid"), "running");
	CHECK_EQ(child("twin")->status, BY_OUT_OF_RAM);
	exit_child("kid", 0);
	fake_serve();
	CHECK_STR(state("twin"), "running");
	CHECK(end());
}


TEST(who_wants_to_know_is_told_what_is_not_started)
{
	begin();
	configure("+ start kid\n");
	CHECK_EQ(stops, 0);
	configure("+ start gone | binary: none\n");
	CHECK_EQ(stops, 1);
	CHECK_STR(exit_name, "gone");
	CHECK_EQ(stop_status, BY_DENIED);
	configure("+ start gone | binary: none\n"); /* is tried again */
	CHECK_EQ(stops, 1);
	configure("+ start gone | binary: kid | ram: 4G\n");
	CHECK_EQ(stops, 2);
	CHECK_EQ(stop_status, BY_OUT_OF_RAM);
	CHECK(end());
}


TEST(binaries_can_come_later)
{
	begin();
	fake.pending = true;
	configure("+ start kid\n");
	CHECK_STR(state("kid"), "binary");
	fake.pending = false;
	fake_answer(BY_OK);
	fake_serve();
	CHECK_STR(state("kid"), "running");
	configure("");

	fake.pending = true;
	configure("+ start kid\n");
	fake.pending = false;
	fake_answer(BY_DENIED);
	fake_serve();
	CHECK_STR(state("kid"), "stopped");
	CHECK_EQ(child("kid")->status, BY_DENIED);

	fake.pending = true;
	configure("+ start kid | version: 2\n");
	configure(""); /* while it waits */
	fake.pending = false;
	CHECK(end());
}


/* As a child: name a signal of its own for heartbeats. */
static void name_heartbeat(void *arg)
{
	struct by_pd   own = { .session.cap = { BY_SLOT_PD } };
	by_cap_t const thread = { (uint32_t)by_control()->cap };
	by_cap_t       endpoint, signal;

	(void)arg;
	wish.status = by_pd_endpoint_create(&own, thread, &endpoint);
	if (wish.status == BY_OK)
		wish.status = by_pd_signal_create(&own, endpoint, 8, false, &signal);
	if (wish.status == BY_OK)
		wish.status = by_parent_heartbeat_sigh(&parent, signal);
	fake_release();
}


static void answer_heartbeat(void *arg)
{
	(void)arg;
	wish.status = by_parent_alive(&parent);
	fake_release();
}


TEST(a_child_that_does_not_answer_is_restarted)
{
	begin();
	configure("+ heartbeat | rate_ms: 10\n"
	               "+ start kid\n  + heartbeat | restart_after_skipped: 2\n");
	family_run(pd_of("kid"), name_heartbeat, NULL);
	CHECK_EQ(wish.status, BY_OK);
	for (unsigned i = 0; i < 10; i++) {
		pass_ms(10);
		pass_ms(10);
		family_run(pd_of("kid"), answer_heartbeat, NULL);
	}
	CHECK_EQ(child("kid")->restarts, 0);
	for (unsigned i = 0; i < 4; i++)
		pass_ms(10);
	CHECK_EQ(child("kid")->restarts, 1);
	CHECK_STR(state("kid"), "restarting");
	CHECK(strstr(fake.log, "child \"kid\" has not answered 3 heartbeats and is restarted"));
	pass_ms(101);
	CHECK_STR(state("kid"), "running");
	CHECK(end());
}


/* Who applies configurations all the time must not keep hearts from beating. */
TEST(heartbeats_go_on_when_something_changes)
{
	char text[200];

	begin();
	for (unsigned i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "+ heartbeat | rate_ms: 10\n+ start kid | caps: %u\n"
		         "  + heartbeat | restart_after_skipped: 2\n", 50 + i % 2);
		configure(text);
		if (!i)
			family_run(pd_of("kid"), name_heartbeat, NULL);
		pass_ms(6);
	}
	CHECK(child("kid")->restarts > 0);
	CHECK(end());
}


/*
 * Sessions
 */

TEST(routes)
{
	begin();
	configure("+ start kid\n  + config | a: b\n"
	               "+ start twin | binary: kid\n  + provides\n    + service X\n    + service Y\n"
	               "  + route\n    + service ROM | label: text | + parent\n"
	               "+ start third | binary: kid\n  + provides | + service Y\n"
	               "  + route\n    + service X   | + child twin\n"
	               "    + any-service | + child nobody | + any-child\n"
	               "    + any-service | + parent\n");
	CHECK_EQ(open_session("kid", "ROM", "text"), BY_OK);
	CHECK_STR(fake.session.label, "kid -> text");
	CHECK_EQ(open_session("kid", "ROM", "config"), BY_OK);
	CHECK_STR(fake.session.label, "kid -> text"); /* it did not get that far */
	CHECK_EQ(open_session("kid", "ROM", "kid -> config"), BY_DENIED); /* somebody else's */
	CHECK_STR(fake.session.label, "kid -> kid -> config");
	CHECK_EQ(open_session("kid", "IRQ", ""), BY_DENIED);
	CHECK(strstr(fake.log, "child \"kid\": no route to service \"IRQ\", label \"\""));
	CHECK_EQ(open_session("twin", "ROM", "other"), BY_DENIED);
	CHECK_EQ(open_session("twin", "LOG", ""), BY_DENIED);
	CHECK_EQ(open_session("twin", "ROM", "config"), BY_DENIED); /* it has none */
	CHECK_EQ(open_session("third", "X", "a"), BY_PENDING);
	CHECK_EQ(open_session("third", "Y", "a"), BY_DENIED); /* it and twin offer it */
	CHECK(strstr(fake.log, "service \"Y\" is offered by \"twin\" and \"third\""));
	CHECK_EQ(open_session("third", "LOG", "a"), BY_OK);
	CHECK_EQ(open_session("third", "RM", "a"), BY_DENIED);
	CHECK_EQ(open_session("kid", "LOG", "a -> b"), BY_OK);
	CHECK_STR(fake.session.label, "kid -> a -> b");
	CHECK(end());
}


static void fetch_wish(void *arg)
{
	(void)arg;
	wish.status = by_parent_session_cap(&parent, wish.id, &wish.gate);
	fake_release();
}


/* Our log is ours: a child cannot fill it by asking for what it may not have. */
TEST(denials_are_told_only_so_often)
{
	unsigned told = 0;

	begin();
	configure("+ start kid\n  + route\n    + service LOG | + parent\n");
	for (unsigned i = 0; i < 100; i++) {
		fake.log[0] = '\0';
		CHECK_EQ(open_session("kid", "IRQ", ""), BY_DENIED);
		told += fake.log[0] != '\0';
	}
	CHECK_EQ(told, 21);
	crash_child("kid");
	configure("");
	configure("+ start kid\n  + route\n    + service LOG | + parent\n");
	fake.log[0] = '\0';
	CHECK_EQ(open_session("kid", "IRQ", ""), BY_DENIED); /* a new one */
	CHECK(strstr(fake.log, "no route to service \"IRQ\""));
	CHECK(end());
}


TEST(a_rule_for_a_service_decides)
{
	begin();
	configure("+ start kid\n  + route\n    + service LOG | label: here | + child twin\n"
	          "    + service X   | + child twin\n    + any-service | + parent\n"
	          "+ start twin | binary: kid\n  + provides | + service Y\n");
	CHECK_EQ(open_session("kid", "LOG", "here"), BY_DENIED);
	CHECK_EQ(open_session("kid", "LOG", "there"), BY_OK);
	CHECK_EQ(open_session("kid", "X", ""), BY_DENIED); /* twin offers something else */
	CHECK(end());
}


TEST(who_waits_for_a_child_that_is_gone_is_denied)
{
	begin();
	configure("+ start kid\n  + route | + any-service | + child twin\n"
	          "+ start twin | binary: kid\n  + provides | + service X\n");
	CHECK_EQ(open_session("kid", "X", ""), BY_PENDING);
	configure("+ start kid\n  + route | + any-service | + child twin\n");
	family_run(pd_of("kid"), fetch_wish, NULL);
	CHECK_EQ(wish.status, BY_DENIED);
	CHECK(end());
}


TEST(labels_are_rewritten)
{
	static struct { char const *target, *label, *seen; } const cases[] = {
		{ "label: new",                     "a -> b", "new" },
		{ "identity: me",                   "a -> b", "me -> b" },
		{ "identity: me",                   "b",      "me -> b" },
		{ "identity: me",                   "",       "me" },
		{ "resource: it",                   "a -> b", "kid -> a -> it" },
		{ "resource: it",                   "",       "kid -> it" },
		{ "prepend_resource: dir/",         "a -> b", "kid -> a -> dir/b" },
		{ "prepend_resource: dir",          "",       "kid -> dir" },
		{ "identity: x -> y | resource: z", "a -> b", "x -> y -> z" },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[200];

		begin();
		snprintf(text, sizeof(text), "+ start kid\n  + route | + any-service | + parent | %s\n",
		         cases[i].target);
		configure(text);
		CHECK_EQ(open_session("kid", "LOG", cases[i].label), BY_OK);
		CHECK_STR(fake.session.label, cases[i].seen);
		CHECK(end());
	}
}


TEST(labels_that_become_too_long_are_refused)
{
	char text[400], name[120];

	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	begin();
	snprintf(text, sizeof(text), "+ start kid\n  + route | + any-service | + parent"
	         " | prepend_resource: %s\n", name);
	configure(text);
	CHECK_EQ(open_session("kid", "LOG", "12"), BY_OK);
	CHECK_EQ(open_session("kid", "LOG", "123"), BY_INVALID); /* for our parent */
	CHECK_EQ(open_session("kid", "LOG", "12345678901234567890123456789012345"), BY_LIMIT);
	CHECK(end());
}


/* As a child: look at the ROM that was opened last. */
static uint64_t rom_size;

static void read_rom(void *arg)
{
	struct by_rom rom = { { .cap = wish.gate } };
	by_cap_t      ds;

	(void)arg;
	wish.status = by_rom_dataspace(&rom, &ds, &rom_size);
	fake_release();
}


static void update_rom(void *arg)
{
	struct by_rom rom = { { .cap = wish.gate } };

	(void)arg;
	wish.status = by_rom_update(&rom, &rom_size);
	fake_release();
}


TEST(the_configuration_follows)
{
	begin();
	configure("+ start kid\n  + config | a: b\n");
	CHECK_EQ(open_session("kid", "ROM", "config"), BY_OK);
	family_run(pd_of("kid"), read_rom, NULL);
	CHECK_EQ(wish.status, BY_OK);
	uint64_t const before = rom_size;
	configure("+ start kid\n  + config | a: something longer\n");
	family_run(pd_of("kid"), update_rom, NULL);
	CHECK_EQ(wish.status, BY_NO_SPACE);
	family_run(pd_of("kid"), read_rom, NULL);
	CHECK_EQ(wish.status, BY_OK);
	CHECK(rom_size > before);
	CHECK(end());
}


/*
 * Reports
 */

static char report[8192];

static void make_report(char const *what)
{
	struct by_hid_writer writer;
	struct by_hid_node   node;
	size_t               used = 0;
	char                 text[200];
	int const            size = snprintf(text, sizeof(text), "report | %s\n-\n", what);

	CHECK_EQ(by_hid_open((struct by_hid_span){ text, (size_t)size }, &node), BY_OK);
	by_hid_write_init(&writer, report, sizeof(report) - 1);
	by_hid_write_begin(&writer, "state");
	sandbox_report(&sandbox, &writer, &node);
	by_hid_write_end(&writer);
	CHECK_EQ(by_hid_write_finish(&writer, &used), BY_OK);
	report[used] = '\0';
}


/* The value at a path of nodes in the report, as 'child kid/ram:quota'. */
static uint64_t reported(char const *child_name, char const *type, char const *tag)
{
	struct by_hid_node top, node, sub;

	if (by_hid_open((struct by_hid_span){ report, strlen(report) }, &top) != BY_OK)
		return UINT64_MAX;
	if (!child_name)
		node = top;
	else if (!config_find(&top, "child", child_name, &node))
		return UINT64_MAX;

	return by_hid_first_of(&node, type, &sub) ? by_hid_u64(&sub, tag, UINT64_MAX) : UINT64_MAX;
}


TEST(reports)
{
	begin();
	configure("+ start kid\n+ start twin | binary: kid\n  + provides | + service X\n"
	               "+ start gone | binary: none\n+ start left | binary: kid\n");
	CHECK_EQ(open_session("kid", "LOG", "mine"), BY_OK);
	exit_child("left", 12);
	make_report("requested: yes | provided: yes | child_ram: yes | child_caps: yes | init_ram: yes"
	            " | init_caps: yes");
	CHECK_EQ(reported(NULL, "ram", "quota"), fake.pd[0].ram_quota);
	CHECK_EQ(reported(NULL, "ram", "used"), fake.pd[0].ram_used);
	CHECK_EQ(reported(NULL, "caps", "avail"), fake.pd[0].caps_quota - fake.pd[0].caps_used);
	CHECK_EQ(reported("kid", "ram", "assigned"), 256 << 10);
	CHECK_EQ(reported("kid", "ram", "quota"), fake.pd[pd_of("kid")].ram_quota);
	CHECK_EQ(reported("kid", "caps", "used"), fake.pd[pd_of("kid")].caps_used);
	CHECK_EQ(reported("left", "ram", "quota"), UINT64_MAX);
	CHECK(strstr(report, "state: exited"));
	CHECK(strstr(report, "exited: 12"));
	CHECK(strstr(report, "reason: denied"));
	CHECK(strstr(report, "service: LOG"));
	CHECK(strstr(report, "label: kid -> mine"));

	make_report("provided: no");
	CHECK(strstr(report, "+ child kid") && !strstr(report, "LOG") && !strstr(report, "ram"));
	CHECK(end());
}


static void close_wish(void *arg)
{
	(void)arg;
	wish.status = by_parent_close(&parent, wish.id);
	fake_release();
}


/* Our owner hears of sessions that come and go, as the report shows them. */
TEST(sessions_are_changes)
{
	begin();
	configure("+ start kid\n");
	unsigned const before = changes;
	CHECK_EQ(open_session("kid", "LOG", "mine"), BY_OK);
	unsigned const open = changes;
	CHECK(open > before);
	family_run(pd_of("kid"), close_wish, NULL);
	CHECK_EQ(wish.status, BY_OK);
	CHECK(changes > open);
	make_report("requested: yes");
	CHECK(!strstr(report, "mine"));
	unsigned const closed = changes;
	CHECK_EQ(open_session("kid", "IRQ", ""), BY_DENIED);
	CHECK_EQ(changes, closed);
	CHECK(end());
}


static void want(void *arg)
{
	(void)arg;
	wish.status = by_parent_resource_request(&parent, 65536, 7);
	fake_release();
}


TEST(wishes_are_shown_until_they_are_granted)
{
	begin();
	configure("+ start kid\n");
	family_run(pd_of("kid"), want, NULL);
	make_report("child_ram: yes | child_caps: yes");
	CHECK_EQ(reported("kid", "ram", "requested"), 65536);
	CHECK_EQ(reported("kid", "caps", "requested"), 7);
	configure("+ start kid | ram: 320K | caps: 57\n");
	make_report("child_ram: yes | child_caps: yes");
	CHECK_EQ(reported("kid", "ram", "requested"), UINT64_MAX);
	CHECK_EQ(reported("kid", "ram", "assigned"), 320 << 10);
	CHECK(end());
}


/*
 * Services for clients above
 */

enum { RAM = 8192, CAPS = 3 };

/* Our parent wants something of us. */
static void ask_for(enum by_parent_work what, uint32_t id, char const *label)
{
	fake.fetched    = 0;
	fake.requests   = 1;
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


static void open_above(uint32_t id, char const *label)
{
	ask_for(BY_PARENT_WORK_OPEN, id, label);
}


static void close_above(uint32_t id)
{
	ask_for(BY_PARENT_WORK_CLOSE, id, NULL);
}


static void as(char const *name, void (*function)(void *arg), void *arg)
{
	family_run(pd_of(name), function, arg);
}


/* A server does what there is to do. */
static void serve(char const *name)
{
	for (as(name, fetch, NULL); status == BY_OK; as(name, fetch, NULL)) {
		if (work.what == BY_PARENT_WORK_OPEN)
			as(name, deliver, NULL);
		else if (work.what == BY_PARENT_WORK_CLOSE)
			as(name, done, NULL);
	}
}


#define SERVER(name) "+ start " name " | binary: kid\n  + provides | + service Text\n"

TEST(clients_above_are_served)
{
	begin();
	configure(SERVER("kid") "+ service Text | + default-policy | + child kid\n");
	CHECK_STR(fake.provided, "Text ");
	uint64_t const quota = fake.pd[pd_of("kid")].ram_quota;

	open_above(5, "a -> b");
	CHECK_EQ(fake.answers, 0);
	CHECK_EQ(fake.pd[0].ram_aside, RAM);
	as("kid", announce, NULL);
	as("kid", fetch, NULL);
	CHECK_STR(work.service, "Text");
	CHECK_STR(work.label, "a -> b");
	as("kid", deliver, NULL);
	CHECK_EQ(fake.delivered, 5);
	ask_for(BY_PARENT_WORK_UPGRADE, 5, NULL);
	CHECK_EQ(fake.pd[pd_of("kid")].ram_quota, quota + 2 * RAM);
	close_above(5);
	CHECK_EQ(fake.done, 0);
	serve("kid");
	CHECK_EQ(fake.done, 5);
	CHECK_EQ(fake.pd[pd_of("kid")].ram_quota, quota);
	CHECK(end());
}


TEST(policies_say_who_serves_whom)
{
	static struct { char const *label, *child, *seen; } const cases[] = {
		{ "x",      "kid",  "x" },
		{ "x -> y", "twin", "mine -> y" },
		{ "z -> y", "twin", "z -> dir/y" },
		{ "y",      "twin", "dir" },
		{ "u",      NULL,   "no such child" },
		{ "v",      NULL,   "it has no such service" },
		{ "w",      NULL,   "no policy" },
		{ "t",      NULL,   "a policy without a child" },
		{ "s",      "kid",  "by an alias" },
		{ "t -> 234567890123456789012345678901234567890123456789012345678901234567890123456789"
		  "0123456789012345678901234567890123456789012345678901234567890123456789 -> y", NULL,
		  "too long" },
	};

	begin();
	configure(SERVER("kid") SERVER("twin") "+ start other | binary: kid\n"
	          "+ alias office | child: kid\n"
	          "+ service Text\n"
	          "  + policy | label: x | + child kid\n"
	          "  + policy | label_prefix: x -> | + child twin | identity: mine\n"
	          "  + policy | label_suffix: y | + child twin | prepend_resource: dir/\n"
	          "  + policy | label: y | + child twin | label: dir\n"
	          "  + policy | label: s | + child office | label: by an alias\n"
	          "  + policy | label: u | + child nobody\n"
	          "  + policy | label: v | + child other\n"
	          "  + policy | label: t\n");
	as("kid", announce, NULL);
	as("twin", announce, NULL);
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake.refused = 0;
		open_above(i + 1, cases[i].label);
		CHECK_EQ(fake.refused, cases[i].child ? 0 : i + 1);
		CHECK(cases[i].child || fake.reason == (strlen(cases[i].label) > 9 ? 12 : 4));
		if (!cases[i].child)
			continue;
		as(cases[i].child, fetch, NULL);
		CHECK_STR(work.label, cases[i].seen);
		as(cases[i].child, deliver, NULL);
		CHECK_EQ(fake.delivered, i + 1);
	}
	CHECK(strstr(fake.log, "service \"Text\": no child is to serve \"w\""));
	CHECK(end());
}


/* One is open at each of two, one waits, one is answered, and one is not known to them yet. */
static void two_servers(void)
{
	begin();
	configure(SERVER("kid") SERVER("twin") SERVER("late")
	          "+ service Text\n  + default-policy | + child kid\n"
	          "  + policy | label: b | + child twin | label: bb\n  + policy | label: c | + child late\n");
	as("kid", announce, NULL);
	as("twin", announce, NULL);
	open_above(1, "a");
	open_above(2, "b");
	serve("kid");
	serve("twin");
	open_above(3, "c");
	CHECK_EQ(fake.answers, 2);
}


TEST(what_a_policy_does_not_change_goes_on)
{
	static struct { char const *text; bool lost_a, lost_b, refused_c; } const cases[] = {
		{ SERVER("kid") SERVER("twin") SERVER("late") "+ service Text | limit: 1\n"
		  "  + policy | label: a | + child kid | label: a\n"
		  "  + policy | label: b | + child twin | label: bb\n  + policy | label_prefix: c | + child late\n",
		  false, false, false },
		{ SERVER("kid") SERVER("twin") SERVER("late") "+ service Text\n"
		  "  + policy | label: b | + child twin | label: bb\n  + policy | label: c | + child late\n",
		  true, false, false },
		{ SERVER("kid") SERVER("twin") SERVER("late") "+ service Text\n"
		  "  + default-policy | + child kid\n", false, true, true },
		{ SERVER("kid") SERVER("twin") SERVER("late") "+ service Text\n"
		  "  + default-policy | + child kid\n  + policy | label: c | + child late\n"
		  "  + policy | label: b | + child twin | label: b2\n", false, true, false },
		{ SERVER("kid") SERVER("twin") SERVER("late") "+ service Text\n", true, true, true },
		{ SERVER("kid") SERVER("twin") SERVER("late"), true, true, true },
		{ SERVER("twin") "+ service Text\n  + default-policy | + child kid\n"
		  "  + policy | label: b | + child twin | label: bb\n  + policy | label: c | + child late\n",
		  true, false, true },
		{ SERVER("kid") "+ start twin | binary: kid\n" SERVER("late")
		  "+ service Text\n  + default-policy | + child kid\n"
		  "  + policy | label: b | + child twin | label: bb\n  + policy | label: c | + child late\n",
		  false, true, false },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		two_servers();
		by_cap_t const at_twin = server_gate;

		configure(cases[i].text);
		CHECK_EQ(fake.refused, cases[i].refused_c ? 3 : 0);
		if (pd_of("twin"))
			CHECK_EQ(!fake_object(pd_of("twin"), at_twin), cases[i].lost_b);
		if (child("kid"))
			serve("kid");
		CHECK_EQ(fake.lost, cases[i].lost_a ? 1 : i == 7 ? 2 : 0);
		fake.lost = 0;
		serve("twin");
		CHECK_EQ(fake.lost, cases[i].lost_b && i != 7 ? 2 : 0);
		CHECK_EQ(fake.answers, 2u + cases[i].lost_a + cases[i].lost_b + cases[i].refused_c);
		CHECK(end());
	}
}


TEST(a_service_comes_back)
{
	begin();
	configure(SERVER("kid") "+ service Text | + default-policy | + child kid\n");
	as("kid", announce, NULL);
	configure(SERVER("kid"));
	open_above(1, "a");
	CHECK_EQ(fake.refused, 1);
	fake.provide = BY_EXISTS; /* it cannot be taken back */
	configure(SERVER("kid") "+ service Text | limit: 2 | + default-policy | + child kid\n");
	for (uint32_t id = 2; id <= 4; id++)
		open_above(id, "a");
	CHECK_EQ(fake.refused, 4);
	CHECK_EQ(fake.reason, 12);
	configure(SERVER("kid") "+ service Text | limit: 1 | + default-policy | + child kid\n");
	open_above(5, "a");
	CHECK_EQ(fake.refused, 5); /* fewer than there are already */
	serve("kid");
	CHECK_EQ(fake.delivered, 3);
	CHECK(end());
}


TEST(services_that_cannot_be_offered)
{
	begin();
	fake.provide = BY_DENIED;
	configure(SERVER("kid") "+ service Text | + default-policy | + child kid\n+ service\n"
	          "+ service a_name_that_is_longer_than_that_of_any_service\n");
	CHECK(strstr(fake.log, "service \"Text\" is not offered: denied"));
	CHECK(strstr(fake.log, "service \"a_name_that_is_longer_than_that_of_any_service\" is not"));
	fake.provide = BY_OK;
	configure(SERVER("kid") "+ service Text | + default-policy | + child kid\n");
	CHECK_STR(fake.provided, "Text "); /* it is tried again */
	CHECK(end());
}


/* A client above hears of the end of its server, and the next one takes what waits. */
TEST(servers_of_clients_above_are_restarted)
{
	static char const text[] = SERVER("kid") "  + restart | fault: yes\n"
	                           "+ service Text | + default-policy | + child kid\n";
	begin();
	configure(text);
	as("kid", announce, NULL);
	open_above(1, "a");
	serve("kid");
	open_above(2, "a");
	crash_child("kid");
	CHECK_EQ(fake.lost, 1);
	open_above(3, "a");
	CHECK_EQ(fake.answers, 2);
	pass_ms(101);
	CHECK_STR(state("kid"), "running");
	as("kid", announce, NULL);
	serve("kid");
	CHECK_EQ(fake.delivered, 3);
	CHECK_EQ(fake.answers, 4);

	/* the same by a new version, and in the end for good */
	configure(SERVER("kid") "  + restart | fault: no\n"
	          "+ service Text | + default-policy | + child kid\n");
	CHECK_EQ(fake.answers, 4);
	crash_child("kid");
	CHECK_EQ(fake.answers, 4); /* it stands still: clients wait */
	configure("+ service Text | + default-policy | + child kid\n");
	CHECK_EQ(fake.answers, 6);
	CHECK(end());
}


/* A child that is not there yet, because there is too little RAM. */
TEST(clients_above_wait_for_a_child)
{
	begin();
	configure("+ start kid | ram: 4G\n  + provides | + service Text\n"
	          "+ service Text | + default-policy | + child kid\n");
	CHECK_STR(state("kid"), "stopped");
	open_above(1, "a");
	open_above(2, "a");
	close_above(2);
	CHECK_EQ(fake.done, 2);
	CHECK_EQ(fake.answers, 1);
	configure(SERVER("kid") "+ service Text | + default-policy | + child kid\n");
	as("kid", announce, NULL);
	serve("kid");
	CHECK_EQ(fake.delivered, 1);
	CHECK(end());
}


TEST(reports_show_clients_above)
{
	two_servers();
	make_report("provided: yes");
	CHECK(strstr(report, "+ service Text"));
	CHECK(strstr(report, "label: a | state: open | child: kid | ram: 8192 | caps: 3"));
	CHECK(strstr(report, "label: c | state: asked | child: late"));
	make_report("requested: yes");
	CHECK(!strstr(report, "Text"));
	CHECK(end());
}


/* A client that has not heard yet that its server is gone for good. */
TEST(reports_without_the_server)
{
	begin();
	configure(SERVER("twin") "+ start kid\n  + route | + any-service | + child twin\n");
	as("twin", announce, NULL);
	CHECK_EQ(open_session("kid", "Text", "a"), BY_PENDING);
	serve("twin");
	configure("+ start kid\n  + route | + any-service | + child twin\n");
	make_report("requested: yes");
	CHECK(strstr(report, "label: kid -> a | state: lost | ram: 8192"));

	/* the same after a refusal */
	configure(SERVER("twin") "+ start kid\n  + route | + any-service | + child twin\n");
	as("twin", announce, NULL);
	CHECK_EQ(open_session("kid", "Text", "b"), BY_PENDING);
	as("twin", fetch, NULL);
	as("twin", refuse_it, NULL);
	configure("+ start kid\n  + route | + any-service | + child twin\n");
	make_report("requested: yes");
	CHECK(strstr(report, "label: kid -> b | state: refused | ram: 8192"));
	CHECK(end());
}


/* Rules that move a session, and do not concern those who have none like it. */
TEST(who_has_a_session_that_moves_is_restarted)
{
	static char const rest[] =
		SERVER("a") SERVER("b")
		"+ start kid | binary: kid\n  + route\n    + service Text | + child office\n"
		"    + any-service | + parent\n"
		"+ start twin | binary: kid\n  + route\n    + service Text | + child office\n"
		"    + any-service | + parent\n";
	char text[1000];

	for (unsigned waits = 0; waits < 2; waits++) {
		begin();
		snprintf(text, sizeof(text), "%s+ alias office | child: a\n", rest);
		configure(text);
		as("a", announce, NULL);
		CHECK_EQ(open_session("kid", "Text", "x"), BY_PENDING);
		if (!waits)
			serve("a");
		CHECK_EQ(open_session("twin", "LOG", ""), BY_OK);
		snprintf(text, sizeof(text), "%s+ alias office | child: b\n", rest);
		configure(text);
		CHECK_EQ(sessions_of("kid"), 0);
		CHECK_EQ(sessions_of("twin"), 1);
		configure(rest); /* what it would be denied now it does not have */
		CHECK_EQ(sessions_of("twin"), 1);
		CHECK(end());
	}
}


/*
 * The LOG session that children have from the start
 */

#define SINK "+ start sink | binary: kid\n  + provides | + service LOG\n"
#define TALKER "+ start kid\n  + route\n    + service LOG | + child sink | label: talker\n" \
               "    + any-service | + parent\n"

/* From the request of the kid's to its begin. */
static void serve_log(void)
{
	as("sink", announce, "LOG");
	as("sink", fetch, NULL);
	CHECK_EQ(status, BY_OK);
	CHECK_STR(work.label, "talker");
	as("sink", deliver, NULL);
}


static bool logs_to_sink(void)
{
	unsigned const gate = fake_object(pd_of("sink"), server_gate);

	return gate && fake_object(pd_of("kid"), (by_cap_t){ BY_SLOT_LOG }) == gate;
}


TEST(logs_go_where_routes_say)
{
	begin();
	configure(TALKER SINK);
	CHECK_STR(state("sink"), "running"); /* with a LOG session from above */
	CHECK_STR(state("kid"), "binary");
	CHECK_EQ(fake.pd[0].ram_aside, BY_LOG_RAM);
	serve_log();
	CHECK_STR(state("kid"), "running");
	CHECK(logs_to_sink());
	CHECK_EQ(sessions_of("kid"), 0);

	/* a new life of either */
	configure("+ start kid | version: 2\n  + route\n    + service LOG | + child sink | label: talker\n"
	          "    + any-service | + parent\n" SINK);
	CHECK_STR(state("kid"), "binary");
	serve("sink");
	CHECK_STR(state("kid"), "running");
	CHECK(logs_to_sink());
	configure("+ start kid | version: 2\n  + route\n    + service LOG | + child sink | label: talker\n"
	          "    + any-service | + parent\n" SINK "  + restart | exit: yes\n");
	exit_child("sink", 0);
	CHECK_STR(state("kid"), "binary");
	CHECK(strstr(fake.log, "child \"kid\" begins anew, because its LOG session has ended"));
	pass_ms(101);
	serve_log();
	CHECK_STR(state("kid"), "running");

	/* without the sink there is still the parent */
	configure("+ start kid | version: 2\n  + route\n    + service LOG | + child sink | label: talker\n"
	          "    + any-service | + parent\n");
	fake_serve();
	CHECK_STR(state("kid"), "running");
	CHECK(end());
}


TEST(who_is_to_log_elsewhere_is_restarted)
{
	begin();
	configure("+ start kid\n");
	CHECK_STR(state("kid"), "running");
	configure(TALKER SINK);
	CHECK_STR(state("kid"), "binary");
	serve_log();
	configure(TALKER SINK "+ alias any | child: other\n");
	CHECK_STR(state("kid"), "running");
	configure("+ start kid\n" SINK);
	CHECK_STR(state("kid"), "running");
	CHECK(!logs_to_sink());
	CHECK(end());
}


TEST(sinks_may_refuse)
{
	begin();
	configure(TALKER SINK);
	as("sink", announce, "LOG");
	as("sink", fetch, NULL);
	as("sink", refuse_it, NULL);
	CHECK_STR(state("kid"), "stopped");
	CHECK_EQ(child("kid")->status, BY_DENIED);
	as("sink", fetch, NULL);
	CHECK_EQ(status, BY_EMPTY); /* it is not asked again and again */
	configure(TALKER SINK);
	CHECK_STR(state("kid"), "binary");
	as("sink", fetch, NULL);
	as("sink", deliver, NULL);
	CHECK_STR(state("kid"), "running");
	CHECK(end());
}


TEST(who_waits_for_its_log_can_be_changed)
{
	static struct { char const *text, *state; } const cases[] = {
		{ "", "none" }, { TALKER, "running" }, { "+ start kid\n" SINK, "running" },
		{ TALKER SINK "  + heartbeat\n", "binary" }, { TALKER SINK, "binary" },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin();
		configure(TALKER SINK);
		CHECK_STR(state("kid"), "binary");
		configure(cases[i].text);
		fake_serve();
		CHECK_STR(state("kid"), cases[i].state);
		if (i == 3)
			serve_log();
		CHECK(i != 3 || logs_to_sink());
		CHECK(end());
	}
}


/* Nobody waits for itself, and the parent may answer late, too. */
TEST(logs_that_come_from_above)
{
	begin();
	configure(SINK "  + route\n    + any-service | + any-child\n    + any-service | + parent\n");
	CHECK_STR(state("sink"), "running");
	configure("+ start kid\n  + restart | fault: yes\n");
	crash_child("kid");
	fake.pending = true;
	pass_ms(101);
	CHECK_STR(state("kid"), "binary");
	fake.pending = false;
	fake_answer(BY_OK);
	fake_serve();
	CHECK_STR(state("kid"), "running");
	crash_child("kid");
	fake.pending = true;
	pass_ms(101);
	fake.pending = false;
	fake_answer(BY_DENIED);
	fake_serve();
	CHECK_STR(state("kid"), "stopped");
	CHECK(end());
}


/*
 * At random
 */

static unsigned random_state;

static unsigned draw(unsigned limit)
{
	random_state = random_state * 1103515245 + 12345;

	return (random_state >> 16) % limit;
}


static void draw_text(char *text, size_t size)
{
	static char const *const names[] = { "a", "b", "c", "d", "e" };
	static char const *const parts[] = {
		"  + config | x: 1\n", "  + config | x: 2\n", "  + route | + any-service | + parent\n",
		"  + route | + service X | + child a\n", "  + restart | fault: yes | delay_ms: 5\n",
		"  + restart | exit: yes | limit: 2\n", "  + provides | + service X\n",
		"  + heartbeat | restart_after_skipped: 1\n", "  + provides | + service Text\n",
		"  + provides | + service LOG\n", "  + route | + service LOG | + child b\n",
	};
	static char const *const attrs[] = {
		" | ram: 300K", " | caps: 70", " | version: 3", " | ram: 20M", " | binary: none",
	};
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < 5; i++) {
		if (!draw(3))
			continue;
		used += (size_t)snprintf(text + used, size - used, "+ start %s | binary: kid%s\n",
		                         names[(i + draw(2)) % 5], draw(2) ? attrs[draw(5)] : "");
		for (unsigned k = 0; k < 11; k++)
			if (!draw(4))
				used += (size_t)snprintf(text + used, size - used, "%s", parts[k]);
	}
	if (draw(3))
		snprintf(text + used, size - used, "+ service Text\n  + default-policy | + child %s\n"
		         "  + policy | label: x | + child %s\n", names[draw(5)], names[draw(5)]);
}


/* Something happens to a child that runs, if this one does. */
static void draw_event(char const *name)
{
	if (!child(name) || child(name)->state != START_RUNNING)
		return;

	switch (draw(8)) {
	case 0: crash_child(name); break;
	case 1: exit_child(name, (int)draw(3)); break;
	case 2: (void)!open_session(name, draw(2) ? "X" : "LOG", "y"); break;
	case 3: (void)!open_session(name, "ROM", "config"); break;
	case 4: as(name, announce, (char *[]){ "Text", "LOG", "X" }[draw(3)]); break;
	case 5: as(name, fetch, NULL); as(name, deliver, NULL); break;
	case 6: as(name, draw(2) ? refuse_it : lose_it, NULL); break;
	case 7: serve(name); break;
	}
}


/* Our parent knows of those sessions whose donation is with us. */
static void draw_request(void)
{
	uint32_t const id = draw(6) + 1;

	if (!fake.donated[id].ram)
		open_above(id, draw(2) ? "x" : "y");
	else
		ask_for(draw(2) ? BY_PARENT_WORK_CLOSE : BY_PARENT_WORK_UPGRADE, id, NULL);
}


static bool sound(void)
{
	BY_LIST_EACH(&sandbox.starts, node) {
		struct start *start = start_of_node(node);

		if (child(start->name) != start)
			return false;
		if (start_alive(start) != (pd_of(start->name) != 0))
			return false;
	}

	return true;
}


TEST(random_configurations_and_events)
{
	char text[3000];

	for (unsigned seed = 1; seed <= 150; seed++) {
		begin();
		random_state = seed;
		for (unsigned step = 0; step < 25; step++) {
			if (!draw(3)) {
				draw_text(text, sizeof(text));
				fake.fail_at = draw(4) ? 0 : draw(60);
				(void)!apply(text);
				fake.fail_at = 0;
			}
			draw_event((char[]){ (char)('a' + draw(5)), '\0' });
			if (!draw(3))
				draw_request();
			if (!draw(3))
				pass_ms(draw(200));
			CHECK(sound());
			CHECK_EQ(fake.unpaid, 0);
		}
		CHECK(end());
	}
}
