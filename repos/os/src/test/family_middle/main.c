/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario family: a parent in the middle, with a client, and maybe the server that clients
 * everywhere use.
 */
#include <by/attached.h>
#include <by/child.h>
#include <by/endpoint.h>
#include <by/session/family.h>
#include <by/uplink.h>
#include <check.h>

static struct {
	struct by_env           *env;
	struct by_family         family;
	struct by_signal_handler orders;
	struct by_attached       server_binary, client_binary;
	struct by_child          server, client;
	struct by_provider       provider;
	struct by_uplink         uplink;
	struct by_route          client_routes[3];
	bool                     with_server;
} middle;


static void exited(struct by_child *child, int code)
{
	by_error("child \"%s\" exited with value %d", child->name, code);
	by_exit(child->env, 1);
}


static struct by_child_ops const ops = { .exited = exited };


static void start(struct by_child *child, struct by_child_args const *args)
{
	check_need(middle.env, by_child_create(middle.env, child, args), args->name);
	check_need(middle.env, by_child_start(child), args->name);
}


static void start_server(void)
{
	static struct by_route const nowhere[] = { { .service = NULL } };

	start(&middle.server, &(struct by_child_args){
		.name = "server", .binary = &middle.server_binary, .ram = 512 << 10, .caps = 60,
		.priority = 8, .routes = nowhere, .provider = &middle.provider, .ops = &ops,
	});
}


static void start_client(void)
{
	start(&middle.client, &(struct by_child_args){
		.name = "client", .binary = &middle.client_binary, .ram = 512 << 10, .caps = 60,
		.priority = 8, .routes = middle.client_routes, .ops = &ops,
	});
}


static void obey(struct by_signal_handler *handler, unsigned count)
{
	enum by_family_order order = BY_FAMILY_ORDER_RESTART_CLIENT;

	(void)handler, (void)count;
	while (by_family_order(&middle.family, &order) == BY_OK) {
		if (order == BY_FAMILY_ORDER_RESTART_SERVER) {
			by_child_destroy(&middle.server);
			start_server();
		} else {
			by_child_destroy(&middle.client);
			start_client();
		}
	}
}


static void prepare(struct by_env *env)
{
	check_need(env, by_family_open(env, "", &middle.family), "family");
	check_need(env, by_family_with_server(&middle.family, &middle.with_server), "question");
	check_need(env, by_attached_rom_init(env, &middle.client_binary, "parent_client"), "client");
	check_need(env, by_attached_rom_init(env, &middle.server_binary, "parent_server"), "server");
	check_need(env, by_signal_handler_init(&middle.orders, env->endpoint, BY_SIGNAL_APPLICATION,
	                                       obey), "signal");
	check_need(env, by_family_watch(&middle.family, middle.orders.target.cap), "watch");
}


void component_main(struct by_env *env)
{
	middle.env = env;
	prepare(env);
	by_provider_init(&middle.provider, NULL);
	middle.client_routes[0] = (struct by_route){ .service = "Progress" };
	middle.client_routes[1] = (struct by_route){
		.service = "Counter", .provider = middle.with_server ? &middle.provider : NULL,
	};
	middle.client_routes[2] = (struct by_route){ .service = NULL };
	middle.uplink = (struct by_uplink){ .service = "Counter", .provider = &middle.provider };
	if (middle.with_server) {
		check_need(env, by_uplink_init(env, &middle.uplink), "uplink");
		start_server();
	}
	start_client();
}
