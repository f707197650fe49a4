/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario terminal: the parent of the driver and of its client, who tells it what to do:
 * kill the driver and start it a while later, start both anew, end. At last we take the
 * device ourselves, and leave it in a bad state.
 */
struct progress_session;
#define BY_PROGRESS_SELF struct progress_session

#include "vandal.h"
#include <by/attached.h>
#include <by/child.h>
#include <by/container.h>
#include <by/service.h>
#include <by/session/progress_server.h>
#include <by/string.h>
#include <by/timeout.h>
#include <check.h>

enum { DRIVER, CLIENT, CHILDREN };

enum {
	STEPS   = 100,   /* that the driver is missing: long enough for core to print all, */
	STEP_US = 5000,  /* even if the machine stands still during some of them */
	CHUNK   = 12288, /* of a heap */
};

struct progress_session { struct by_service_session session; };

static struct {
	struct by_env           *env;
	struct by_attached       binary[CHILDREN];
	struct by_child          child[CHILDREN];
	struct by_provider       provider;
	struct by_service        service;
	struct by_route          client_routes[4];
	struct by_timeout        restart;
	struct by_signal_handler next;
	void                   (*todo)(void);
	struct by_pd_balance     before;
	bool                     compare;
	unsigned                 deaths, steps, looks;
} test;


/*
 * The children
 */

static void faulted(struct by_child *child, char const *thread, struct by_cpu_fault const *fault);


static void exited(struct by_child *child, int code)
{
	by_log("%s exited with %d", child->name, code);
	check_that(false, __FILE__, __LINE__, "nobody ends");
	by_child_destroy(child);
}


static void start(unsigned who)
{
	static char const *const names[CHILDREN] = { "uart", "client" };
	static struct by_child_ops const ops = { .exited = exited, .faulted = faulted };
	static struct by_route const driver_routes[] = {
		{ .service = "ROM", .last = "config" }, { .service = "IO_MEM" },
		{ .service = "IO_PORT" }, { .service = "IRQ" }, { .service = NULL },
	};
	struct by_child_args const args = {
		.name = names[who], .binary = &test.binary[who], .ram = 512 << 10, .caps = 60,
		.priority = who == DRIVER ? 9 : 8, .ops = &ops,
		.provider = who == DRIVER ? &test.provider : NULL,
		.routes   = who == DRIVER ? driver_routes : test.client_routes,
	};

	check_need(test.env, by_child_create(test.env, &test.child[who], &args), names[who]);
	check_need(test.env, by_child_start(&test.child[who]), names[who]);
}


static void start_all(void)
{
	start(DRIVER);
	start(CLIENT);
}


static void end_all(void)
{
	for (unsigned i = 0; i < CHILDREN; i++)
		by_child_destroy(&test.child[i]);
}


static void faulted(struct by_child *child, char const *thread, struct by_cpu_fault const *fault)
{
	CHECK_EQ(child - test.child, CLIENT);
	by_child_report(child, thread, fault);
	by_child_destroy(child);
	test.deaths++;
	start(CLIENT);
}


/*
 * What the client wants. It is done behind the handler that it is told by, because the
 * session can be gone with it.
 */

static void kill_driver(void)
{
	by_child_destroy(&test.child[DRIVER]);
	by_log("the driver is dead");
	test.deaths++;
	test.steps = 0;
	CHECK_STATUS(by_timeout_start(&test.restart, STEP_US), BY_OK);
}


static void restart_driver(struct by_timeout *timeout)
{
	if (++test.steps < STEPS) {
		CHECK_STATUS(by_timeout_start(timeout, STEP_US), BY_OK);
	} else {
		by_log("the driver starts again");
		start(DRIVER);
	}
}


/* What is allocated once and stays is there by now. */
static void restart_all(void)
{
	end_all();
	test.before = check_balance(&test.env->pd);
	test.compare = true;
	start_all();
}


/*
 * What the driver has for its client it must get back when that dies. Where in its heap
 * the buffers are differs.
 */
static void look_at_driver(void)
{
	static struct by_pd_balance first;
	struct by_pd_balance const  now = check_balance(&test.child[DRIVER].pd);

	if (!first.ram_quota)
		first = now;
	CHECK_EQ(now.ram_quota, first.ram_quota);
	CHECK_EQ(now.caps_quota, first.caps_quota);
	CHECK(now.ram_used <= first.ram_used + CHUNK);
	CHECK(now.caps_used <= first.caps_used + 1);
	test.looks++;
}


/* Registers of a device that is not ours any more, but core's. */
static void wreck(void)
{
	struct by_attached rom;
	struct by_hid_node top;
	struct uart_config config;
	struct uart        uart;
	char               mistake[UART_MISTAKE];

	check_need(test.env, by_attached_rom_init(test.env, &rom, "config"), "config");
	check_need(test.env, by_hid_open((struct by_hid_span){ rom.base, rom.size }, &top), "config");
	check_need(test.env, uart_config_read(&top, &vandal_device, &config, mistake), mistake);
	by_attached_fini(test.env, &rom);
	check_need(test.env, uart_registers_open(test.env, &uart, &vandal_device, &config), "uart");
	vandal_wreck(&uart);
	by_log("nobody can read this now");
	uart_registers_close(test.env, &uart);
}


static void finish(void)
{
	end_all();

	CHECK(test.compare);
	CHECK(test.looks > 2);
	check_unchanged(&test.env->pd, &test.before);
	wreck();
	by_log("%u deaths", test.deaths);
	check_finish(test.env, "terminal");
}


static void report(struct progress_session *session, char const *what, uint64_t count)
{
	static struct { char const *what; void (*todo)(void); } const words[] = {
		{ "kill", kill_driver }, { "restart", restart_all }, { "end", finish },
		{ "look", look_at_driver },
	};

	(void)session, (void)count;
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!by_strcmp(what, words[i].what))
			test.todo = words[i].todo;
	by_signal_submit(test.next.target.cap, 1);
}


static void do_it(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	test.todo();
}


void component_main(struct by_env *env)
{
	static struct by_progress_ops const ops = { .report = report };
	static char const *const modules[CHILDREN] = { "uart", "terminal_client" };

	test.env = env;
	by_provider_init(&test.provider, NULL);
	test.service.size = sizeof(struct progress_session);
	by_progress_local(env, &test.service, &ops);
	test.client_routes[0] = (struct by_route){ .service = "Progress", .local = &test.service };
	test.client_routes[1] = (struct by_route){ .service = "Terminal", .provider = &test.provider };
	test.client_routes[2] = (struct by_route){ .service = "ROM", .last = "core_log" };
	for (unsigned i = 0; i < CHILDREN; i++)
		check_need(env, by_attached_rom_init(env, &test.binary[i], modules[i]), modules[i]);
	by_timeout_init(&test.restart, env->endpoint, restart_driver);
	check_need(env, by_signal_handler_init(&test.next, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       do_it), "signal");
	start_all();
}
