/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A managed dataspace inside a managed dataspace, whose pages come when they are
 * touched: the faults of a thread reach the handler of the innermost map.
 *
 *     address space      | ... | outer (8 pages)             | ...
 *                              |  - | inner (4 pages)   | -  |
 *                                   | RAM | RAM | RAM | RAM |
 */
#include <by/attached.h>
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/session/rm.h>
#include <by/thread.h>
#include <check.h>

enum { PAGE = 4096, INNER = 4, OUTER = 8, INNER_AT = 2 };

static struct by_env           *env;
static struct by_region_map     inner, outer;
static struct by_signal_handler faults;
static struct by_attached       pages[INNER];
static unsigned                 handled;
static unsigned char volatile  *window;
static struct by_thread         toucher;
static struct by_rm             rm;


static void handle_fault(struct by_signal_handler *handler, unsigned count)
{
	uint64_t address, place;
	uint32_t access;

	(void)handler, (void)count;
	while (by_region_map_fault(&inner, &address, &access) == BY_OK) {
		unsigned const index = (unsigned)(address / PAGE);

		CHECK(index < INNER);
		if (index >= INNER)
			return;
		CHECK_EQ(access, index % 2 ? BY_ACCESS_READ : BY_ACCESS_WRITE);
		check_need(env, by_attached_ram_init(env, &pages[index], PAGE, BY_PD_CACHE_CACHED),
		           "RAM");
		*(unsigned char *)pages[index].base = (unsigned char)(100 + index);
		CHECK_STATUS(by_region_map_attach(&inner, pages[index].ds, 0, 0, address & ~(uint64_t)(PAGE - 1),
		                                  BY_ATTACH_WRITE | BY_ATTACH_AT, &place), BY_OK);
		handled++;
	}
}


/* Main thread's part: the handler runs there. */
static void finish(void *arg)
{
	(void)arg;
	CHECK_EQ(handled, INNER);
	for (unsigned i = 0; i < INNER; i++)
		CHECK_EQ(((unsigned char *)pages[i].base)[1], i);
	CHECK_STATUS(by_region_map_detach(&env->space, (by_word_t)window), BY_OK);
	for (unsigned i = 0; i < INNER; i++)
		by_attached_fini(env, &pages[i]);
	by_rm_close(env, &rm);
	check_finish(env, "rm_nested");
}


static void touch(struct by_thread *thread)
{
	(void)thread;
	for (unsigned i = 0; i < INNER; i++) {
		unsigned char volatile *page = window + (INNER_AT + i) * PAGE;

		if (i % 2)
			CHECK_EQ(page[0], 100 + i);
		page[1] = (unsigned char)i;
		CHECK_EQ(page[0], 100 + i);
		CHECK_EQ(page[1], i);
	}
	by_log("all pages touched");
	CHECK_STATUS(by_endpoint_run(env->endpoint, finish, NULL), BY_OK);
}


/* The inner map, as a dataspace, becomes part of the outer one, and that of our space. */
static void build(void)
{
	by_cap_t inner_ds, outer_ds;
	uint64_t at = 0;

	check_need(env, by_rm_open(env, "", &rm), "RM session");
	check_need(env, by_rm_create(&rm, INNER * PAGE, &inner.cap), "inner map");
	check_need(env, by_rm_create(&rm, OUTER * PAGE, &outer.cap), "outer map");
	check_need(env, by_region_map_dataspace(&inner, &inner_ds), "dataspace");
	check_need(env, by_region_map_dataspace(&outer, &outer_ds), "dataspace");
	check_need(env, by_region_map_attach(&outer, inner_ds, 0, 0, INNER_AT * PAGE,
	                                     BY_ATTACH_WRITE | BY_ATTACH_AT, &at), "attach");
	check_need(env, by_region_map_attach(&env->space, outer_ds, 0, 0, 0, BY_ATTACH_WRITE, &at),
	           "attach");
	window = (unsigned char volatile *)(by_word_t)at;
	by_cap_drop(inner_ds);
	by_cap_drop(outer_ds);
}


void component_main(struct by_env *the_env)
{
	struct by_thread_args const args = { .name = "toucher", .entry = touch };

	env = the_env;
	build();
	check_need(env, by_signal_handler_init(&faults, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       handle_fault), "signal");
	CHECK_STATUS(by_region_map_fault_sigh(&inner, faults.target.cap), BY_OK);
	check_need(env, by_thread_create(env, &toucher, &args), "thread");
	CHECK_STATUS(by_thread_run(&toucher), BY_OK);
}
