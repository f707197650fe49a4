/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A managed dataspace: 1 MiB of address space in which a page comes into being when it
 * is touched. Faults are handled by a thread of their own, as the main thread touches.
 */
#include <by/attached.h>
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/env.h>
#include <by/log.h>
#include <by/session/rm.h>
#include <by/status_name.h>

enum { PAGE = 4096, SIZE = 1 << 20 };

/* The two sides share nothing but the map; each page remains where it is to the end. */
static struct by_region_map     map;
static struct by_endpoint       pager;
static struct by_signal_handler faults;


static by_status_t add_page(struct by_env *env, uint64_t at)
{
	by_cap_t ds;
	uint64_t place;

	by_status_t const status = by_pd_ram_alloc(&env->pd, PAGE, BY_PD_CACHE_CACHED, 12, 0, &ds);
	if (status != BY_OK)
		return status;

	return by_region_map_attach(&map, ds, 0, 0, at, BY_ATTACH_WRITE | BY_ATTACH_AT, &place);
}


static void handle_faults(struct by_signal_handler *handler, unsigned count)
{
	struct by_env *const env = handler->target.endpoint->env;
	uint64_t             address;
	uint32_t             access;

	(void)count; /* several faults may be one signal */
	while (by_region_map_fault(&map, &address, &access) == BY_OK) {
		by_log("touched: page %u", (unsigned)(address / PAGE));

		by_status_t const status = add_page(env, address & ~(uint64_t)(PAGE - 1));
		if (status != BY_OK) {
			by_error("no page: %s", by_status_name(status));
			return;
		}
	}
}


static by_status_t start_pager(struct by_env *env)
{
	struct by_endpoint_args const args = { .name = "pager" };
	static struct by_rm           rm;

	by_status_t status = by_rm_open(env, "", &rm);
	if (status == BY_OK)
		status = by_rm_create(&rm, SIZE, &map.cap);
	if (status == BY_OK)
		status = by_endpoint_init(&pager, env, &args);
	if (status == BY_OK)
		status = by_signal_handler_init(&faults, &pager, BY_SIGNAL_APPLICATION,
		                                handle_faults);
	if (status == BY_OK)
		status = by_region_map_fault_sigh(&map, faults.target.cap);

	return status;
}


void component_main(struct by_env *env)
{
	struct by_attached window;
	by_cap_t           ds;

	by_status_t status = start_pager(env);
	if (status == BY_OK)
		status = by_region_map_dataspace(&map, &ds);
	if (status == BY_OK)
		status = by_attached_ds_init(env, &window, ds, BY_ATTACH_WRITE);
	if (status != BY_OK) {
		by_error("no window: %s", by_status_name(status));
		by_exit(env, 1);
	}

	unsigned char volatile *const byte = window.base;

	byte[5 * PAGE + 17] = 42;
	byte[200 * PAGE]    = 1;
	by_log("%u, and the byte beside it is %u", byte[5 * PAGE + 17], byte[5 * PAGE + 18]);
	by_exit(env, 0);
}
