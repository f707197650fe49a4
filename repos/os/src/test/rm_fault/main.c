/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A parent that provides its children's memory when they touch it: page by page, code that
 * they run, and less than they want.
 */
#include <by/container.h>
#include <by/format.h>
#include <by/kernel.h>
#include <by/string.h>
#include <check.h>
#include <test_child.h>

enum { PAGES = 8, PAGE = 4096, AREA = 0x60000000, RESULT = 4711, CODE = 64 };

static struct by_env           *env;
static struct test_child        child;
static struct by_signal_handler faults, next;
static struct by_attached       pages[PAGES];
static unsigned                 reads, writes, runs, crashes, exits, step;


/* What the second child runs: no more than 64 bytes that stand for themselves. */
static unsigned give_result(void)
{
	return RESULT;
}


/*
 * The children, one after another: what they do, and how their memory is attached
 */

static struct {
	char const *config;
	uint32_t    flags;
	unsigned    reads, writes, runs, crashes, exits;
} const steps[] = {
	{ "how: touch | at: 0x60000000 | pages: 8", BY_ATTACH_WRITE, 4, 4, 0, 0, 1 },
	{ "how: run | at: 0x60000000 | result: 4711", BY_ATTACH_EXEC, 0, 0, 1, 0, 1 },
	{ "how: run | at: 0x60000000 | result: 4711", BY_ATTACH_WRITE, 0, 0, 1, 1, 0 },
	{ "how: touch | at: 0x60000000 | pages: 8", 0, 0, 1, 0, 1, 0 }, /* it writes first */
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };


/* A page of our RAM: its own address, and the function for who wants to run it. */
static void fill(void *page, uint64_t at, uint32_t access)
{
	uintptr_t const code = (uintptr_t)give_result & ~(uintptr_t)1;

	*(by_word_t *)page = (by_word_t)at;
	if (access == BY_ACCESS_EXEC)
		memcpy(page, (void const *)code, CODE);
}


static void provide(uint64_t address, uint32_t access)
{
	uint64_t const at    = address & ~(uint64_t)(PAGE - 1);
	unsigned const index = (unsigned)((at - AREA) / PAGE);
	uint64_t       place = 0;

	CHECK(at >= AREA && index < PAGES);
	if (at < AREA || index >= PAGES || pages[index].base)
		return;

	reads  += access == BY_ACCESS_READ;
	writes += access == BY_ACCESS_WRITE;
	runs   += access == BY_ACCESS_EXEC;
	check_need(env, by_attached_ram_init(env, &pages[index], PAGE, BY_PD_CACHE_CACHED), "RAM");
	fill(pages[index].base, at, access);
	CHECK_STATUS(by_region_map_attach(&child.child.space, pages[index].ds, 0, 0, at,
	                                  steps[step].flags | BY_ATTACH_AT, &place), BY_OK);
	CHECK_EQ(place, at);
}


static void handle_fault(struct by_signal_handler *handler, unsigned count)
{
	static char const *const how[] = { "reading", "writing", "executing" };
	uint64_t address;
	uint32_t access;

	(void)handler, (void)count;
	while (by_region_map_fault(&child.child.space, &address, &access) == BY_OK) {
		by_log("page fault of the child at 0x%llx, %s", (unsigned long long)address,
		       how[access % 3]);
		provide(address, access);
	}
}


static void end_step(void)
{
	CHECK_EQ(reads, steps[step].reads);
	CHECK_EQ(writes, steps[step].writes);
	CHECK_EQ(runs, steps[step].runs);
	CHECK_EQ(crashes, steps[step].crashes);
	CHECK_EQ(exits, steps[step].exits);
	for (unsigned i = 0; i < PAGES && step == 0; i++)
		CHECK_EQ(*(by_word_t *)pages[i].base, i); /* what the child has written */
	by_signal_handler_fini(&faults);
	test_child_end(&child);
	for (unsigned i = 0; i < PAGES; i++)
		by_attached_fini(env, &pages[i]);
	reads = writes = runs = crashes = exits = 0;
	step++;
	by_signal_submit(next.target.cap, 1);
}


static void exited(struct by_child *who, int code)
{
	(void)who;
	CHECK_EQ(code, 0);
	exits++;
	end_step();
}


/* The memory is there, but not for this. */
static void faulted(struct by_child *who, char const *thread, struct by_cpu_fault const *fault)
{
	by_child_report(who, thread, fault);
	CHECK_EQ(fault->cause, BY_FAULT_PAGE);
	CHECK_EQ(fault->access, steps[step].runs ? BY_ACCESS_EXEC : BY_ACCESS_WRITE);
	CHECK_EQ(fault->address & ~(uint64_t)(PAGE - 1), AREA);
	crashes++;
	end_step();
}


static void start_next(struct by_signal_handler *handler, unsigned count)
{
	static struct by_child_ops const ops = { .exited = exited, .faulted = faulted };
	char                             config[100];

	(void)handler, (void)count;
	if (step == STEPS)
		check_finish(env, "rm_fault");

	by_format(config, sizeof(config), "config | %s\n-\n", steps[step].config);
	check_need(env, test_child_start(env, &child, &(struct test_child_args){
		.name = "toucher", .binary = "crasher", .config = config, .ram = 512 << 10,
		.caps = 60, .ops = &ops }), "child");
	check_need(env, by_signal_handler_init(&faults, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       handle_fault), "signal");
	CHECK_STATUS(by_region_map_fault_sigh(&child.child.space, faults.target.cap), BY_OK);
}


void component_main(struct by_env *the_env)
{
	env = the_env;
	check_need(env, by_signal_handler_init(&next, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       start_next), "signal");
	by_signal_submit(next.target.cap, 1);
}
