/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A parent whose children crash in every way there is: each time it is told what has
 * happened, ends the child, gets everything back, and goes on.
 */
#include <by/abi.h>
#include <by/format.h>
#include <by/kernel.h>
#include <by/string.h>
#include <check.h>
#include <test_child.h>

enum { ANY = -1, ROUNDS = 2, NO_PLACE = 0x10 };

/* A way to crash, and what is to be reported; some machines do not mind. */
struct way {
	char const *name;
	int         cause, other_cause; /* ANY: no other one */
	int         access;
	bool        null, harmless;
};

static struct way const ways[] = {
	{ "read_null", BY_FAULT_PAGE, ANY, BY_ACCESS_READ, true, false },
	{ "write_null", BY_FAULT_PAGE, ANY, BY_ACCESS_WRITE, true, false },
	{ "jump_null", BY_FAULT_PAGE, ANY, BY_ACCESS_EXEC, true, false },
	{ "write_text", BY_FAULT_PAGE, ANY, BY_ACCESS_WRITE, false, false },
	{ "write_const", BY_FAULT_PAGE, ANY, BY_ACCESS_WRITE, false, false },
	{ "jump_data", BY_FAULT_PAGE, ANY, BY_ACCESS_EXEC, false, false },
	{ "jump_stack", BY_FAULT_PAGE, ANY, BY_ACCESS_EXEC, false, false },
	{ "read_kernel", BY_FAULT_PAGE, BY_FAULT_PROTECTION, ANY, false, false },
	{ "read_foreign", BY_FAULT_PAGE, ANY, BY_ACCESS_READ, true, false },
	{ "illegal", BY_FAULT_ILLEGAL, ANY, ANY, false, false },
	{ "breakpoint", BY_FAULT_BREAKPOINT, BY_FAULT_ILLEGAL, ANY, false, false },
	{ "divide", BY_FAULT_DIVIDE, ANY, ANY, false, true },
	{ "privileged", BY_FAULT_PROTECTION, BY_FAULT_ILLEGAL, ANY, false, false },
	{ "misaligned", BY_FAULT_ALIGNMENT, ANY, ANY, false, true },
	{ "bad_call", BY_FAULT_CALL, ANY, ANY, false, false },
	{ "core_call", BY_FAULT_CALL, ANY, ANY, false, false },
	{ "stack_overflow", BY_FAULT_PAGE, ANY, BY_ACCESS_WRITE, false, false },
	{ "stack_smash", BY_FAULT_ILLEGAL, BY_FAULT_BREAKPOINT, ANY, false, false },
	{ "thread", BY_FAULT_PAGE, ANY, BY_ACCESS_WRITE, true, false },
};

enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static struct by_env           *env;
static struct test_child        child;
static struct by_signal_handler next;
static struct by_pd_balance     before;
static unsigned                 number; /* of the crash, in all rounds */
static unsigned                 seen;


/* From the second crash on, everything has to be as it was. */
static void finish(void)
{
	test_child_end(&child);
	struct by_pd_balance const now = check_balance(&env->pd);

	if (number > 0) {
		CHECK_EQ(now.ram_used, before.ram_used);
		CHECK_EQ(now.caps_used, before.caps_used);
		CHECK_EQ(now.ram_quota, before.ram_quota);
		CHECK_EQ(now.caps_quota, before.caps_quota);
	}
	number++;
	by_signal_submit(next.target.cap, 1);
}


static struct way const *current(void)
{
	return &ways[number % WAYS];
}


static void faulted(struct by_child *who, char const *thread, struct by_cpu_fault const *fault)
{
	struct way const *way = current();

	by_child_report(who, thread, fault);
	seen++;
	CHECK((int)fault->cause == way->cause || (int)fault->cause == way->other_cause);
	if (way->access != ANY)
		CHECK_EQ(fault->access, way->access);
	if (way->null)
		CHECK_EQ(fault->address, NO_PLACE);
	CHECK(!by_strcmp(thread, by_strcmp(way->name, "thread") ? "main" : "second"));
	finish();
}


static void exited(struct by_child *who, int code)
{
	(void)who, (void)code;
	CHECK(current()->harmless);
	finish();
}


static void start_next(struct by_signal_handler *handler, unsigned count)
{
	static struct by_child_ops const ops = { .exited = exited, .faulted = faulted };
	char                             config[100];

	(void)handler, (void)count;
	if (number == ROUNDS * WAYS) {
		by_log("%u crashes seen", seen);
		CHECK(seen >= ROUNDS * (WAYS - 2));
		check_finish(env, "fault_detection");
	}
	by_log("crash %u: %s", number, current()->name);
	by_format(config, sizeof(config), "config | how: %s | at: 0x10\n-\n", current()->name);
	before = check_balance(&env->pd);
	check_need(env, test_child_start(env, &child, &(struct test_child_args){
		.name = current()->name, .binary = "crasher", .config = config, .ram = 512 << 10,
		.caps = 60, .ops = &ops }), "child");
}


void component_main(struct by_env *the_env)
{
	env = the_env;
	check_need(env, by_signal_handler_init(&next, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       start_next), "signal");
	by_signal_submit(next.target.cap, 1);
}
