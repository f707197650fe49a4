/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hello: client and server in one component, then in two: the client is a child that
 * gets its session from us.
 */
#include "server.h"
#include <by/attached.h>
#include <by/child.h>
#include <by/session/hello.h>
#include <by/string.h>
#include <check.h>

static struct by_service  service;
static struct by_attached binary;
static struct by_child    child;


/* Both sides here: the server has a thread of its own. */
static void talk_to_ourselves(struct by_env *env)
{
	struct by_endpoint_args const args = { .name = "server" };
	static struct by_endpoint     endpoint;
	static struct hello_session   session = { .label = "here" };
	char     text[BY_HELLO_GREET_TEXT_MAX + 1];
	uint32_t count = 0;
	int32_t  sum = 0;

	check_part("one component");
	check_need(env, by_endpoint_init(&endpoint, env, &args), "endpoint");
	check_need(env, hello_publish(&endpoint, &session), "object");
	struct by_hello hello = { .session.cap = session.session.object.target.cap };

	for (uint32_t i = 1; i <= 3; i++) {
		CHECK_STATUS(by_hello_greet(&hello, "we", text, &count), BY_OK);
		CHECK_EQ(count, i);
		CHECK(!by_strcmp(text, "Hello, we, at \"here\""));
	}
	CHECK_STATUS(by_hello_add(&hello, -5, 12, &sum), BY_OK);
	CHECK_EQ(sum, 7);
	CHECK_STATUS(by_hello_add(&hello, INT32_MAX, 1, &sum), BY_LIMIT);
	CHECK_STATUS(by_hello_note(&hello, "by the way"), BY_OK);
	CHECK_STATUS(by_hello_add(&hello, 0, 0, &sum), BY_OK); /* the note was handled before */
	CHECK_EQ(hello_notes, 1);
	CHECK(!by_strcmp(session.note, "by the way"));

	by_object_withdraw(&session.session.object);
	CHECK(by_hello_add(&hello, 1, 1, &sum) != BY_OK);
	by_endpoint_fini(&endpoint);
}


static void exited(struct by_child *who, int code)
{
	struct by_env *const env = who->env;

	CHECK_EQ(code, 0);
	CHECK_EQ(hello_notes, 2);
	by_child_destroy(who);
	CHECK_EQ(hello_sessions, 0); /* also the one that it did not close */
	by_attached_fini(env, &binary);
	check_finish(env, "hello");
}


static void faulted(struct by_child *who, char const *thread, struct by_cpu_fault const *fault)
{
	by_child_report(who, thread, fault);
	exited(who, -1);
}


void component_main(struct by_env *env)
{
	static struct by_route const routes[] = {
		{ .service = "Hello", .local = &service },
		{ .service = NULL },
	};
	static struct by_child_ops const  ops  = { .exited = exited, .faulted = faulted };
	static struct by_child_args const args = {
		.name = "client", .binary = &binary, .ram = 512 << 10, .caps = 60, .priority = 8,
		.routes = routes, .ops = &ops,
	};

	talk_to_ourselves(env);
	check_part("two components");
	hello_init(env, &service);
	check_need(env, by_attached_rom_init(env, &binary, "hello_client"), "binary");
	check_need(env, by_child_create(env, &child, &args), "child");
	check_need(env, by_child_start(&child), "start");
}
