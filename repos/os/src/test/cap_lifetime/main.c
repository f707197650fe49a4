/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of capabilities: kinds, copies, the end of objects, and that neither slots
 * nor quota leak, however often. The main thread is but a parent, a further one tests.
 */
struct server;
#define BY_RM_SELF struct server

#include "parts.h"
#include <by/cap.h>
#include <by/endpoint.h>
#include <by/kernel.h>
#include <by/session/rm_server.h>

enum { CYCLES = 200, KEPT = 300 };

struct by_env *the_env;

/* A server that creates nothing: it looks at what comes in. */
struct server {
	struct by_object object;
	by_cap_t         kept[KEPT];
	unsigned         count;
	bool             own; /* it has recognised itself */
};

static struct by_endpoint endpoint;
static struct server      server;


static by_status_t create(struct server *self, uint64_t size, by_cap_t *map)
{
	(void)size;
	*map = self->object.target.cap; /* a capability to ourselves */

	return BY_OK;
}


static by_status_t destroy(struct server *self, struct by_cap_arg *map)
{
	if (by_object_of(map, &by_rm_interface) == self) {
		self->own = true;
		return BY_OK;
	}
	if (map->kind != BY_CAP_FOREIGN || self->count == KEPT)
		return BY_BAD_CAP;

	self->kept[self->count++] = by_cap_arg_take(map);

	return BY_OK;
}


static struct by_rm_ops const ops = { .create = create, .destroy = destroy };


static void test_kinds(struct by_rm *rm)
{
	by_word_t badge;
	by_cap_t  map;

	check_part("kinds");
	CHECK_EQ(by_cap_info(the_env->pd.session.cap, &badge), BY_CAP_FOREIGN);
	CHECK_EQ(by_cap_info(server.object.target.cap, &badge), BY_CAP_OWN);
	CHECK_EQ(badge, server.object.target.badge);
	CHECK_EQ(by_cap_info(BY_NO_CAP, &badge), BY_CAP_NONE);
	CHECK_EQ(by_cap_info((by_cap_t){ 1 << 20 }, &badge), BY_CAP_NONE);

	/* what is our own comes back as what it is, not in a slot */
	CHECK_STATUS(by_rm_destroy(rm, server.object.target.cap), BY_OK);
	CHECK(server.own);
	map = (by_cap_t){ 77 };
	CHECK_STATUS(by_rm_create(rm, 1, &map), BY_OK);
	CHECK(!by_cap_valid(map));
}


/* The server keeps copies; more than the first page of the table holds. */
static void test_copies(struct by_rm *rm)
{
	by_cap_t  map;
	by_word_t badge;

	check_part("copies");
	check_need(the_env, by_pd_space(&the_env->pd, &map), "map");
	for (unsigned i = 0; i < KEPT; i++)
		if (!CHECK_STATUS(by_rm_destroy(rm, map), BY_OK))
			break;
	CHECK_EQ(server.count, KEPT);

	/* what it does not keep is dropped */
	unsigned const slots = by_slots_free();

	for (unsigned i = 0; i < 20; i++)
		CHECK_STATUS(by_rm_destroy(rm, map), BY_BAD_CAP);
	CHECK_EQ(by_slots_free(), slots);
	by_cap_drop(map);
	for (unsigned i = 0; i < KEPT; i++) {
		CHECK_EQ(by_cap_info(server.kept[i], &badge), BY_CAP_FOREIGN);
		by_cap_drop(server.kept[i]);
		CHECK_EQ(by_cap_info(server.kept[i], &badge), BY_CAP_NONE);
	}
	server.count = 0;
}


/* Objects end; whoever holds a capability finds out. */
static void test_ends(struct by_rm *rm)
{
	by_cap_t ds;
	uint64_t at;

	check_part("ends");
	check_need(the_env, by_pd_ram_alloc(&the_env->pd, 4096, BY_PD_CACHE_CACHED, 12, 0, &ds), "RAM");
	CHECK_STATUS(by_pd_ram_free(&the_env->pd, ds), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&the_env->pd, ds), BY_BAD_CAP);
	CHECK_STATUS(by_region_map_attach(&the_env->space, ds, 0, 0, 0, 0, &at), BY_BAD_CAP);
	CHECK_STATUS(by_rm_destroy(rm, ds), BY_BAD_CAP); /* arrives dead */
	by_cap_drop(ds);

	by_object_withdraw(&server.object);
	uint64_t const size = 1;
	by_status_t const status = by_rm_create(rm, size, &ds);
	CHECK(status == BY_GONE || status == BY_BAD_CAP);
}


/* Whatever is created is gone after it was destroyed. */
static void cycle(void)
{
	struct by_signal_handler handler;
	struct by_object         object;
	by_cap_t                 ds;

	CHECK_STATUS(by_signal_handler_init(&handler, the_env->endpoint, BY_SIGNAL_IO, NULL), BY_OK);
	CHECK_STATUS(by_object_publish(the_env->endpoint, &object, &by_rm_interface, &ops, &server),
	             BY_OK);
	CHECK_STATUS(by_pd_ram_alloc(&the_env->pd, 8192, BY_PD_CACHE_CACHED, 12, 0, &ds), BY_OK);
	CHECK_STATUS(by_pd_ram_free(&the_env->pd, ds), BY_OK);
	by_cap_drop(ds);
	by_object_withdraw(&object);
	by_signal_handler_fini(&handler);
}


static void test_leaks(void)
{
	check_part("leaks");
	for (unsigned i = 0; i < 10; i++)
		cycle();
	struct by_pd_balance const before = check_balance(&the_env->pd);
	unsigned const             slots  = by_slots_free();

	for (unsigned i = 0; i < CYCLES; i++)
		cycle();

	check_unchanged(&the_env->pd, &before);
	CHECK_EQ(by_slots_free(), slots);
}


static void test(void)
{
	struct by_endpoint_args const args = { .name = "server" };

	check_need(the_env, by_endpoint_init(&endpoint, the_env, &args), "endpoint");
	check_need(the_env, by_object_publish(&endpoint, &server.object, &by_rm_interface, &ops,
	                                      &server), "object");
	struct by_rm rm = { .session.cap = server.object.target.cap };

	test_kinds(&rm);
	test_copies(&rm);
	test_ends(&rm);
	test_leaks();
	test_delegation(&endpoint);
	by_endpoint_fini(&endpoint);
	check_finish(the_env, "cap_lifetime");
}


void component_main(struct by_env *env)
{
	the_env = env;
	check_in_thread(env, test);
}
