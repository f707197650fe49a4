/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A component that crashes in the way that its configuration names:
 *
 *     config | how: write_null
 *
 * or touches memory that its parent provides: "how: touch | at: 0x60000000 | pages: 4",
 * or runs a function there: "how: run | at: 0x60000000 | result: 42". If the machine does
 * not mind a crash, it exits with 1.
 */
#include "ways.h"
#include <by/abi.h>
#include <by/attached.h>
#include <by/hid.h>
#include <by/kernel.h>
#include <by/log.h>
#include <by/string.h>
#include <by/thread.h>

enum { NO_PLACE = 0x10, PAGE = 4096 };

typedef void (*function_t)(void);

static int const     constant = 5;
static unsigned char data[64];
static uintptr_t volatile no_place = NO_PLACE; /* volatile: compilers know what NULL means */
static uintptr_t     foreign;                  /* an address that somebody else uses */
static struct by_env *env;

/* Reports name the function that crashed, so each way is one. The line says "crash". */
#define WAY __attribute__((noinline)) static void


static uint32_t volatile *word(uintptr_t at)
{
	return (uint32_t volatile *)at;
}


WAY read_null(void)    { (void)*word(no_place); } /* crash */
WAY write_null(void)   { *word(no_place) = 1; } /* crash */
WAY write_text(void)   { *word((uintptr_t)component_main & ~(uintptr_t)3) = 1; } /* crash */
WAY write_const(void)  { *word((uintptr_t)&constant) = 1; } /* crash */
WAY read_kernel(void)  { (void)*word(UINTPTR_MAX & ~(uintptr_t)(PAGE - 1)); } /* crash */
WAY read_foreign(void) { (void)*word(foreign); } /* crash */
WAY bad_call(void)     { by_kernel_call(99, 0, 0); } /* crash */
WAY core_call(void)    { by_kernel_call(BY_CALL_CONSOLE, 0, 0); } /* crash */


/* What follows the calls keeps them calls: the place to return to tells who jumped. */
WAY jump_null(void) { ((function_t)no_place)(); no_place = 0; } /* crash */

/* By a pointer that compilers do not know: linkers warn of calls of data. */
WAY jump_data(void)
{
	unsigned char *volatile code = data;

	((function_t)(uintptr_t)code)(); /* crash */
	no_place = 0;
}


/* Code on the stack, which must not run. */
WAY jump_stack(void)
{
	unsigned char code[64];

	memset(code, 0, sizeof(code));
	((function_t)(uintptr_t)code)(); /* crash */
	no_place = 0;
}


/* Runs down until the stack ends. */
__attribute__((noinline)) static unsigned recurse(unsigned depth)
{
	unsigned volatile memory[256];

	memory[depth % 256] = depth;
	if (!no_place)
		return 0;

	return recurse(depth + 1) + memory[depth % 256];
}


WAY stack_overflow(void)
{
	recurse(0);
}


/* Writes behind an array, over what the function needs to return. */
__attribute__((noinline)) static void fill(unsigned char *bytes, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		((unsigned char volatile *)bytes)[i] = 0x55;
}


WAY stack_smash(void)
{
	unsigned char bytes[16];

	fill(bytes, 64);
}


/* As a thread that is not the main one. */
static void in_thread(struct by_thread *thread)
{
	(void)thread;
	write_null();
}


static void crash_thread(void)
{
	static struct by_thread     thread;
	struct by_thread_args const args = { .name = "second", .entry = in_thread };

	if (by_thread_create(env, &thread, &args) == BY_OK && by_thread_run(&thread) == BY_OK)
		by_thread_join(&thread);
}


/* What only heartbeats find. */
static void loop(void)
{
	while (no_place) { }
}


static struct { char const *name; void (*crash)(void); } const ways[] = {
	{ "read_null", read_null },
	{ "write_null", write_null },
	{ "jump_null", jump_null },
	{ "write_text", write_text },
	{ "write_const", write_const },
	{ "jump_data", jump_data },
	{ "jump_stack", jump_stack },
	{ "read_kernel", read_kernel },
	{ "read_foreign", read_foreign },
	{ "illegal", crash_illegal },
	{ "breakpoint", crash_breakpoint },
	{ "divide", crash_divide },
	{ "privileged", crash_privileged },
	{ "misaligned", crash_misaligned },
	{ "fpu", crash_fpu },
	{ "bad_call", bad_call },
	{ "core_call", core_call },
	{ "stack_overflow", stack_overflow },
	{ "stack_smash", stack_smash },
	{ "thread", crash_thread },
	{ "loop", loop },
};


static void crash(struct by_hid_span how)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (by_hid_span_is(how, ways[i].name)) {
			ways[i].crash();
			by_log("survived");
			return;
		}
	}
	by_error("no way to crash is called \"%.*s\"", (int)how.size, how.base);
}


/* Each page holds its own address; what we write must stay. Gives the number that does not. */
static int touch(struct by_hid_node const *config)
{
	uintptr_t const at    = (uintptr_t)by_hid_u64(config, "at", 0);
	unsigned  const pages = (unsigned)by_hid_u64(config, "pages", 1);
	int             wrong = 0;

	for (unsigned i = 0; i < pages; i++) {
		uintptr_t volatile *page = (uintptr_t volatile *)(at + i * PAGE);

		if (i % 2 == 0)
			page[1] = i; /* the first access writes */
		wrong += page[0] != (uintptr_t)page;
		page[0] = i;
	}
	for (unsigned i = 0; i < pages; i++)
		wrong += *(uintptr_t volatile *)(at + i * PAGE) != i;
	by_log("touched %u pages", pages);

	return wrong;
}


/* Whether the function there gives what it should. (Bit 0 tells the state on Arm.) */
static int run(struct by_hid_node const *config)
{
	uintptr_t const at = (uintptr_t)by_hid_u64(config, "at", 0)
	                     | ((uintptr_t)component_main & 1);
	unsigned const  result = ((unsigned (*)(void))at)();

	by_log("the function gives %u", result);

	return result != by_hid_u64(config, "result", 0);
}


void component_main(struct by_env *the_env)
{
	struct by_attached rom;
	struct by_hid_node config;
	struct by_hid_span how = { "", 0 };

	env = the_env;
	if (by_attached_rom_init(env, &rom, "config") != BY_OK)
		by_exit(env, 2);

	struct by_hid_span const text = { rom.base, rom.size };

	if (by_hid_open(text, &config) != BY_OK || !by_hid_attr(&config, "how", &how))
		by_exit(env, 3);
	if (by_hid_span_is(how, "touch"))
		by_exit(env, touch(&config));
	if (by_hid_span_is(how, "run"))
		by_exit(env, run(&config));
	foreign = (uintptr_t)by_hid_u64(&config, "at", 0);
	crash(how);
	by_exit(env, 1);
}
