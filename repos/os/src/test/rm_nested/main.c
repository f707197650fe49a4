/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A managed dataspace inside a managed dataspace, whose pages come when they are
 * touched: the faults of a thread reach the handler of the innermost map.
 *
 *     address space      | ... | outer (8 pages)             | ...
 *                              |  - | inner (4 pages)   | -  |
 *                                   | RAM | RAM | RAM | RAM |
 *
 * Of the outer one all but its first page is attached. First each page stays when it has come. Then there are frames for two at a time, and
 * the handler takes away the one that came first.
 */
#include <by/attached.h>
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/session/rm.h>
#include <by/thread.h>
#include <check.h>

enum { PAGE = 4096, INNER = 4, OUTER = 8, INNER_AT = 2, SKIP = 1, FRAMES = 2, TOUCHES = 500 };

/* Bytes of a page: written by the handler; by the thread; by the handler again. */
enum { NUMBER, MARK, ATTACHED, COUNT };

static struct by_env           *env;
static struct by_region_map     inner, outer;
static struct by_signal_handler faults;
static struct by_attached       pages[INNER];
static unsigned                 handled, paged;
static unsigned                 queue[INNER], attached; /* pages in the order they came */
static unsigned                 frames = INNER;
static unsigned                 touches[INNER];
static unsigned char volatile  *window;    /* the outer dataspace */
static struct by_thread         toucher;
static struct by_rm             rm;


static unsigned char *page_bytes(unsigned index)
{
	return pages[index].base;
}


/* Take away what came first; the thread must not see it any more. */
static void evict(void)
{
	unsigned const index = queue[0];

	CHECK_STATUS(by_region_map_detach(&inner, index * PAGE), BY_OK);
	page_bytes(index)[ATTACHED] = 0;
	attached--;
	for (unsigned i = 0; i < attached; i++)
		queue[i] = queue[i + 1];
}


static void attach(unsigned index)
{
	uint64_t place;

	while (attached >= frames)
		evict();
	page_bytes(index)[ATTACHED] = 1;
	CHECK_STATUS(by_region_map_attach(&inner, pages[index].ds, 0, 0, index * PAGE,
	                                  BY_ATTACH_WRITE | BY_ATTACH_AT, &place), BY_OK);
	queue[attached++] = index;
}


static void handle_fault(struct by_signal_handler *handler, unsigned count)
{
	uint64_t address;
	uint32_t access;

	(void)handler, (void)count;
	while (by_region_map_fault(&inner, &address, &access) == BY_OK) {
		unsigned const index = (unsigned)(address / PAGE);

		CHECK(index < INNER);
		if (index >= INNER)
			return;
		if (pages[index].base) {
			attach(index);
			paged++;
			continue;
		}
		CHECK_EQ(access, index % 2 ? BY_ACCESS_READ : BY_ACCESS_WRITE);
		check_need(env, by_attached_ram_init(env, &pages[index], PAGE, BY_PD_CACHE_CACHED),
		           "RAM");
		page_bytes(index)[NUMBER] = (unsigned char)(100 + index);
		attach(index);
		handled++;
	}
}


/* Main thread's part: the handler runs there. */
static void finish(void *arg)
{
	(void)arg;
	CHECK_EQ(handled, INNER);
	for (unsigned i = 0; i < INNER; i++) {
		CHECK_EQ(page_bytes(i)[MARK], i);
		CHECK_EQ(page_bytes(i)[COUNT], touches[i] % 256);
	}
	by_log("%u touches, %u pages came back", TOUCHES, paged);
	CHECK(paged > TOUCHES / 3); /* of four pages, each the next one with the same chance */
	CHECK_STATUS(by_region_map_detach(&env->space, (by_word_t)window + SKIP * PAGE), BY_OK);
	for (unsigned i = 0; i < INNER; i++)
		by_attached_fini(env, &pages[i]);
	by_rm_close(env, &rm);
	check_finish(env, "rm_nested");
}


static void shrink(void *arg)
{
	(void)arg;
	frames = FRAMES;
	while (attached > frames)
		evict();
}


/* What is not attached cannot be seen, and what comes back is as it was. */
static void touch_at_random(void)
{
	uint32_t random = 1;

	for (unsigned i = 0; i < TOUCHES; i++) {
		random = random * 1664525 + 1013904223;
		unsigned const index = random >> 24 & (INNER - 1);
		unsigned char volatile *page = window + (INNER_AT + index) * PAGE;

		if (random >> 30)
			CHECK_EQ(page[NUMBER], 100 + index);
		page[COUNT]++;
		touches[index]++;
		CHECK_EQ(page[ATTACHED], 1);
		CHECK_EQ(page[COUNT], touches[index] % 256);
	}
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
	CHECK_STATUS(by_endpoint_run(env->endpoint, shrink, NULL), BY_OK);
	touch_at_random();
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
	check_need(env, by_region_map_attach(&env->space, outer_ds, SKIP * PAGE, 0, 0,
	                                     BY_ATTACH_WRITE, &at), "attach");
	window = (unsigned char volatile *)((by_word_t)at - SKIP * PAGE);
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
