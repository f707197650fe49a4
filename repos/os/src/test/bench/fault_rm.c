/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A page fault in a managed dataspace: core tells the handler, who attaches a page.
 *
 *     toucher ──fault──> core ──signal──> main thread ──attach──> core ──resume──> toucher
 */
#include "bench_main.h"
#include <by/attached.h>
#include <by/cap.h>
#include <by/session/rm.h>
#include <by/thread.h>

enum { PAGE = 4096, FAULTS = 64, FIRST = 4, PAGES = FIRST + FAULTS };

static struct by_region_map     map;
static struct by_signal_handler faults, finished;
static struct by_attached       memory;
static unsigned char volatile  *window;
static unsigned                 handled;
static bool                     done;


static void handle_fault(struct by_signal_handler *handler, unsigned count)
{
	uint64_t address, at;
	uint32_t access;

	(void)handler, (void)count;
	while (by_region_map_fault(&map, &address, &access) == BY_OK) {
		address &= ~(uint64_t)(PAGE - 1);
		handled += by_region_map_attach(&map, memory.ds, address, PAGE, address,
		                                BY_ATTACH_WRITE | BY_ATTACH_AT, &at) == BY_OK;
	}
}


static void handle_finished(struct by_signal_handler *handler, unsigned count)
{
	(void)handler, (void)count;
	done = true;
}


/* A value for each page that it did not have before. */
static void touch(struct by_thread *thread)
{
	unsigned page = 0;

	(void)thread;
	for (; page < FIRST; page++)
		window[page * PAGE] = (unsigned char)(page + 1);
	ROW("page_fault_rm", BENCH_MARK_FAULT_RM, FAULTS,
	    (window[page * PAGE] = (unsigned char)(page + 1), page++));
	by_signal_submit(finished.target.cap, 1);
}


static by_status_t build(struct by_env *env, struct by_rm *rm)
{
	by_cap_t ds;
	uint64_t at = 0;

	by_status_t status = by_attached_ram_init(env, &memory, PAGES * PAGE, BY_PD_CACHE_CACHED);
	if (status == BY_OK)
		status = by_rm_open(env, "", rm);
	if (status == BY_OK)
		status = by_rm_create(rm, PAGES * PAGE, &map.cap);
	if (status == BY_OK)
		status = by_region_map_dataspace(&map, &ds);
	if (status != BY_OK)
		return status;

	status = by_region_map_attach(&env->space, ds, 0, 0, 0, BY_ATTACH_WRITE, &at);
	window = (unsigned char volatile *)(by_word_t)at;
	by_cap_drop(ds);
	if (status == BY_OK)
		status = by_signal_handler_init(&faults, env->endpoint, BY_SIGNAL_IO, handle_fault);
	if (status == BY_OK)
		status = by_signal_handler_init(&finished, env->endpoint, BY_SIGNAL_IO,
		                                handle_finished);

	return status == BY_OK ? by_region_map_fault_sigh(&map, faults.target.cap) : status;
}


/* What the toucher wrote arrived in our memory. */
static bool arrived(void)
{
	unsigned char const *const bytes = memory.base;

	for (unsigned page = 0; page < PAGES; page++)
		if (bytes[page * PAGE] != page + 1)
			return false;

	return handled == PAGES;
}


void row_fault_rm(struct by_env *env)
{
	struct by_thread_args const args = { .name = "toucher", .entry = touch };
	static struct by_thread     toucher;
	struct by_rm                rm;

	if (build(env, &rm) != BY_OK || by_thread_create(env, &toucher, &args) != BY_OK
	    || by_thread_run(&toucher) != BY_OK) {
		row_fail("page_fault_rm");
		return;
	}
	while (!done)
		by_endpoint_wait_io(env->endpoint);
	if (!arrived())
		row_fail("page_fault_rm");
	by_thread_join(&toucher);
	by_thread_destroy(&toucher);
	by_signal_handler_fini(&faults);
	by_signal_handler_fini(&finished);
	if (by_region_map_detach(&env->space, (by_word_t)window) != BY_OK)
		row_fail("page_fault_rm");
	by_rm_close(env, &rm);
	by_attached_fini(env, &memory);
}
