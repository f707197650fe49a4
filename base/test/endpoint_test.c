/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Endpoints: requests, signals, destruction of what they are meant for, waiting for
 * I/O inside handlers, jobs. The server is the main thread, clients are host threads
 * of the same component or of another PD.
 */
struct server;
#define BY_ROM_SELF    struct server
#define BY_PARENT_SELF struct server

#include "fake/fake.h"
#include "support.h"
#include "unit.h"
#include <by/cap.h>
#include <by/container.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/kernel.h>
#include <by/object/parent_server.h>
#include <by/session/rom_server.h>
#include <stdlib.h>

#include "../lib/badge.h"
#include "../lib/endpoint.h"
#include "../lib/env.h"

UNIT_MAIN("endpoint")

/* An object of the test; its clients see it as a ROM or as a parent. */
struct server {
	struct by_object         object;
	struct by_signal_handler handler;
	unsigned                 calls, signals, count, io_signals;
	bool                     withdraw;
	by_cap_t                 kept;
	int                      code;
	bool                     answered_before; /* was the client gone when the handler ran? */
	bool                     inside;          /* in a handler, when one in it had run */
};

static struct server one, two, io;
static unsigned base_objects, base_filled;


static void begin(void)
{
	fake_init();
	memset(&one, 0, sizeof(one));
	memset(&two, 0, sizeof(two));
	memset(&io, 0, sizeof(io));
	base_objects = fake_live_all();
	base_filled  = fake_filled();
}


static bool balanced(void)
{
	return fake_live_all() == base_objects && fake_filled() == base_filled;
}


static by_status_t op_update(struct server *self, uint64_t *size)
{
	*size = ++self->calls;
	if (self->withdraw)
		by_object_withdraw(&self->object);

	return BY_OK;
}


static by_status_t op_sigh(struct server *self, struct by_cap_arg *sigh)
{
	self->calls++;
	if (sigh->kind == BY_CAP_FOREIGN)
		self->kept = by_cap_arg_take(sigh);

	return by_cap_valid(self->kept) ? BY_OK : BY_BAD_CAP;
}


static struct by_rom_ops const ops = { .update = op_update, .sigh = op_sigh };


static struct server *server_of(struct by_signal_handler *handler)
{
	return BY_CONTAINER_OF(handler, struct server, handler);
}


static void handle(struct by_signal_handler *handler, unsigned count)
{
	server_of(handler)->signals++;
	server_of(handler)->count += count;
}


static by_status_t publish(struct server *server)
{
	return by_object_publish(by_the_env.endpoint, &server->object, &by_rom_interface, &ops,
	                         server);
}


/* A client in another thread of the component. */

struct client {
	by_cap_t    gate;
	unsigned    rounds;
	by_status_t status;
	uint64_t    result;
	by_atomic_u32 done;
};


static void call_update(void *arg)
{
	struct client *client = arg;
	struct by_rom  rom    = { .session.cap = client->gate };

	for (unsigned i = 0; i < client->rounds; i++)
		client->status = by_rom_update(&rom, &client->result);
	by_atomic_store_release(&client->done, 1);
	fake_release();
}


/* Serve while a client runs. */
static void serve_client(void (*function)(void *arg), struct client *client)
{
	fake_hold();
	pthread_t const thread = fake_spawn(0, function, client);
	fake_serve();
	fake_join(thread);
}


TEST(requests_reach_their_objects)
{
	begin();
	CHECK_EQ(publish(&one), BY_OK);
	CHECK_EQ(publish(&two), BY_OK);
	struct client client = { .gate = two.object.target.cap, .rounds = 3 };
	serve_client(call_update, &client);
	CHECK_EQ(client.status, BY_OK);
	CHECK_EQ(client.result, 3);
	CHECK_EQ(one.calls, 0);
	CHECK_EQ(two.calls, 3);
	by_object_withdraw(&one.object);
	by_object_withdraw(&two.object);
	CHECK(balanced());
}


TEST(publishing_fails_without_trace)
{
	begin();
	for (unsigned i = 1; ; i++) {
		fake.fail_at = i;
		by_status_t const status = publish(&one);
		bool const        failed = fake.fail_at == 1 && status != BY_OK;
		fake.fail_at = 0;
		if (!failed) {
			CHECK_EQ(status, BY_OK);
			break;
		}
		CHECK_EQ(status, BY_OUT_OF_RAM);
		CHECK(balanced());
		CHECK(!by_cap_valid(one.object.target.cap));
	}
	by_object_withdraw(&one.object);
	by_object_withdraw(&one.object); /* no effect */
	CHECK(balanced());
}


TEST(object_can_withdraw_itself)
{
	begin();
	one.withdraw = true;
	CHECK_EQ(publish(&one), BY_OK);
	struct client client = { .gate = one.object.target.cap, .rounds = 2 };
	serve_client(call_update, &client);

	/* the call that did it was answered, the next one found nothing */
	CHECK_EQ(client.result, 1);
	CHECK(client.status == BY_GONE || client.status == BY_BAD_CAP);
	CHECK(balanced());
}


/* A request was delivered, and its object went away before it was looked up. */
TEST(stale_badge_is_answered)
{
	struct client client = { .rounds = 1 };

	begin();
	CHECK_EQ(publish(&one), BY_OK);
	client.gate = one.object.target.cap;
	struct by_target target = one.object.target;
	by_badge_free(&target.badge);
	serve_client(call_update, &client);
	CHECK_EQ(client.status, BY_GONE);
	CHECK_EQ(one.calls, 0);
	one.object.target.badge = 0;
	by_object_withdraw(&one.object);
	CHECK(balanced());
}


/* Capabilities: a foreign one is kept, an own one arrives as what it is. */

static void call_sigh(void *arg)
{
	struct client *client = arg;
	struct by_rom  rom    = { .session.cap = client->gate };

	client->status = by_rom_sigh(&rom, (by_cap_t){ 2 });
	fake_release();
}


TEST(foreign_caps_are_kept_and_slots_named_anew)
{
	begin();
	CHECK_EQ(publish(&one), BY_OK);
	for (unsigned round = 0; round < 3; round++) {
		struct client client = { .gate = one.object.target.cap };
		serve_client(call_sigh, &client);
		CHECK_EQ(client.status, BY_OK);
		CHECK_EQ(fake_object(0, one.kept), fake.pd[0].object);
		by_cap_drop(one.kept);
		one.kept = BY_NO_CAP;
	}
	CHECK_EQ(one.calls, 3);
	by_object_withdraw(&one.object);
	CHECK(balanced());
}


static by_status_t op_find(struct server *self, struct by_cap_arg *arg)
{
	struct server *found = by_object_of(arg, &by_rom_interface);

	self->calls = found == &two ? 100 : 200;

	return found ? BY_OK : BY_BAD_CAP;
}


static void call_with_own(void *arg)
{
	struct client *client = arg;
	struct by_rom  rom    = { .session.cap = client->gate };

	client->status = by_rom_sigh(&rom, client->rounds ? two.object.target.cap
	                                                   : two.handler.target.cap);
	fake_release();
}


TEST(own_objects_are_recognised)
{
	static struct by_rom_ops const find_ops = { .sigh = op_find };

	begin();
	CHECK_EQ(by_object_publish(by_the_env.endpoint, &one.object, &by_rom_interface, &find_ops,
	                           &one), BY_OK);
	CHECK_EQ(publish(&two), BY_OK);
	CHECK_EQ(by_signal_handler_init(&two.handler, by_the_env.endpoint, BY_SIGNAL_IO, handle),
	         BY_OK);
	struct client client = { .gate = one.object.target.cap, .rounds = 1 };
	serve_client(call_with_own, &client);
	CHECK_EQ(client.status, BY_OK);
	CHECK_EQ(one.calls, 100);

	/* a signal is not mistaken for an object */
	client.rounds = 0;
	serve_client(call_with_own, &client);
	CHECK_EQ(client.status, BY_BAD_CAP);
	CHECK_EQ(one.calls, 200);
	by_object_withdraw(&one.object);
	by_object_withdraw(&two.object);
	by_signal_handler_fini(&two.handler);
	CHECK(balanced());
}


/* Signals */

TEST(signals_coalesce_and_reach_their_handler)
{
	begin();
	CHECK_EQ(by_signal_handler_init(&one.handler, by_the_env.endpoint, BY_SIGNAL_APPLICATION,
	                                handle), BY_OK);
	CHECK_EQ(by_signal_handler_init(&two.handler, by_the_env.endpoint, BY_SIGNAL_IO, handle),
	         BY_OK);
	CHECK_EQ(by_signal_submit(one.handler.target.cap, 3), BY_OK);
	CHECK_EQ(by_signal_submit(one.handler.target.cap, 4), BY_OK);
	CHECK_EQ(by_signal_submit(two.handler.target.cap, 1), BY_OK);
	fake_serve();
	CHECK_EQ(one.signals, 1);
	CHECK_EQ(one.count, 7);
	CHECK_EQ(two.signals, 1);
	CHECK_EQ(two.count, 1);
	by_signal_handler_fini(&one.handler);
	by_signal_handler_fini(&two.handler);
	CHECK(balanced());
}


static void handle_end_two(struct by_signal_handler *handler, unsigned count)
{
	handle(handler, count);
	by_signal_handler_fini(&two.handler);
	by_signal_handler_fini(handler);
}


TEST(handlers_can_be_ended_while_signals_are_pending)
{
	begin();
	CHECK_EQ(by_signal_handler_init(&one.handler, by_the_env.endpoint, BY_SIGNAL_APPLICATION,
	                                handle_end_two), BY_OK);
	CHECK_EQ(by_signal_handler_init(&two.handler, by_the_env.endpoint, BY_SIGNAL_APPLICATION,
	                                handle), BY_OK);
	by_signal_submit(one.handler.target.cap, 1);
	by_signal_submit(two.handler.target.cap, 1);
	fake_serve();
	CHECK_EQ(one.signals, 1);
	CHECK_EQ(two.signals, 0);
	CHECK(balanced());
}


/* Waiting for I/O inside a handler: application signals and requests wait meanwhile. */

static void handle_io(struct by_signal_handler *handler, unsigned count)
{
	(void)count;
	CHECK(by_in_handler());
	server_of(handler)->io_signals++;
}


static by_status_t op_wait(struct server *self, uint64_t *size)
{
	self->calls++;
	by_signal_submit(one.handler.target.cap, 1);
	by_signal_submit(io.handler.target.cap, 1);
	by_endpoint_wait_io(by_the_env.endpoint);
	self->inside          = by_in_handler();
	self->answered_before = one.signals > 0;
	*size = io.io_signals;

	return BY_OK;
}


TEST(wait_io_lets_only_io_through_and_keeps_the_caller)
{
	static struct by_rom_ops const wait_ops = { .update = op_wait };

	begin();
	CHECK_EQ(by_signal_handler_init(&one.handler, by_the_env.endpoint, BY_SIGNAL_APPLICATION,
	                                handle), BY_OK);
	CHECK_EQ(by_signal_handler_init(&io.handler, by_the_env.endpoint, BY_SIGNAL_IO, handle_io),
	         BY_OK);
	CHECK_EQ(by_object_publish(by_the_env.endpoint, &two.object, &by_rom_interface, &wait_ops,
	                           &two), BY_OK);
	struct client client = { .gate = two.object.target.cap, .rounds = 1 };
	serve_client(call_update, &client);
	CHECK(two.inside);
	CHECK_EQ(client.status, BY_OK);
	CHECK_EQ(client.result, 1);
	CHECK(!two.answered_before);
	CHECK_EQ(one.signals, 1); /* afterwards */
	by_object_withdraw(&two.object);
	by_signal_submit(io.handler.target.cap, 1);
	by_endpoint_wait_io(by_the_env.endpoint);
	CHECK(!by_in_handler());
	by_signal_handler_fini(&one.handler);
	by_signal_handler_fini(&io.handler);
	CHECK(balanced());
}


/* One-way calls are answered before the handler runs. */

static struct client sender;


static void op_exit(struct server *self, int32_t code)
{
	/* the caller goes on although this handler has not returned */
	while (!by_atomic_load_acquire(&sender.done))
		by_endpoint_wait_io(by_the_env.endpoint);
	self->code = code;
}


static void call_exit(void *arg)
{
	struct client   *client = arg;
	struct by_parent parent = { client->gate };

	client->status = by_parent_exit(&parent, 42);
	by_atomic_store_release(&client->done, 1);
	by_signal_submit(io.handler.target.cap, 1);
	fake_release();
}


TEST(one_way_calls_are_answered_early)
{
	static struct by_parent_ops const parent_ops = { .exit = op_exit };

	begin();
	CHECK_EQ(by_signal_handler_init(&io.handler, by_the_env.endpoint, BY_SIGNAL_IO, handle_io),
	         BY_OK);
	CHECK_EQ(by_object_publish(by_the_env.endpoint, &one.object, &by_parent_interface,
	                           &parent_ops, &one), BY_OK);
	sender = (struct client){ .gate = one.object.target.cap };
	serve_client(call_exit, &sender);
	CHECK_EQ(sender.status, BY_OK);
	CHECK_EQ(one.code, 42);
	by_object_withdraw(&one.object);
	by_signal_handler_fini(&io.handler);
	CHECK(balanced());
}


/* Endpoints of their own, and jobs */

static struct by_endpoint *job_endpoint;
static struct by_thread   *job_thread;
static unsigned            jobs_done;


static void job(void *arg)
{
	(void)arg;
	job_thread = by_thread_self();
	jobs_done++;
}


TEST(endpoints_have_threads_of_their_own)
{
	struct by_endpoint_args const args = { .name = "server" };
	struct by_endpoint endpoint;

	begin();
	CHECK_EQ(by_endpoint_init(&endpoint, &by_the_env, &args), BY_OK);
	CHECK_EQ(by_object_publish(&endpoint, &one.object, &by_rom_interface, &ops, &one), BY_OK);

	struct by_rom rom = { .session.cap = one.object.target.cap };
	uint64_t      size;
	for (unsigned i = 1; i <= 10; i++) {
		CHECK_EQ(by_rom_update(&rom, &size), BY_OK);
		CHECK_EQ(size, i);
	}
	jobs_done = 0;
	CHECK_EQ(by_endpoint_run(&endpoint, job, NULL), BY_OK);
	CHECK_EQ(jobs_done, 1);
	CHECK(job_thread == &endpoint.own_thread);
	CHECK_EQ(by_endpoint_run(by_the_env.endpoint, job, NULL), BY_OK);
	CHECK_EQ(jobs_done, 2);
	CHECK(job_thread == by_thread_self());
	by_object_withdraw(&one.object);
	by_endpoint_fini(&endpoint);
	CHECK(balanced());
}


static void run_jobs(void *arg)
{
	(void)arg;
	for (unsigned i = 0; i < 50; i++)
		if (by_endpoint_run(job_endpoint, job, NULL) != BY_OK)
			abort();
}


TEST(jobs_of_many_threads_are_all_done)
{
	struct by_endpoint_args const args = { .name = "server" };
	struct by_endpoint endpoint;
	pthread_t          thread[4];

	begin();
	CHECK_EQ(by_endpoint_init(&endpoint, &by_the_env, &args), BY_OK);
	job_endpoint = &endpoint;
	jobs_done    = 0;
	for (unsigned i = 0; i < 4; i++)
		thread[i] = fake_spawn(0, run_jobs, NULL);
	for (unsigned i = 0; i < 4; i++)
		fake_join(thread[i]);
	CHECK_EQ(jobs_done, 200);
	by_endpoint_fini(&endpoint);
	CHECK(balanced());
}


TEST(endpoint_fails_without_trace)
{
	struct by_endpoint_args const args = { .name = "server" };
	struct by_endpoint endpoint;

	begin();
	for (unsigned i = 1; ; i++) {
		fake.fail_at = i;
		by_status_t const status = by_endpoint_init(&endpoint, &by_the_env, &args);
		fake.fail_at = 0;
		if (status == BY_OK)
			break;
		CHECK_EQ(status, BY_OUT_OF_RAM);
		CHECK(balanced());
	}
	by_endpoint_fini(&endpoint);
	CHECK(balanced());
}
