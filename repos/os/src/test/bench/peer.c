/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The benchmark's server is a child of ours, which introduces itself by a session.
 */
struct hub;
#define BY_BENCH_HUB_SELF struct hub

#include "bench_main.h"
#include <by/attached.h>
#include <by/cap.h>
#include <by/log.h>
#include <by/session/bench_hub_server.h>
#include <by/status_name.h>

struct hub { struct by_service_session session; };

unsigned peer_pongs;

static struct peer             *peer;
static void                   (*ready)(struct by_env *env);
static struct by_signal_handler pong, go;
static struct by_attached       binary;
static struct by_child          child;


static void handle_pong(struct by_signal_handler *handler, unsigned count)
{
	(void)handler;
	peer_pongs += count;
}


static void handle_go(struct by_signal_handler *handler, unsigned count)
{
	(void)count;
	ready(handler->target.endpoint->env);
}


static by_status_t offer(struct hub *self, struct by_cap_arg *server, struct by_cap_arg *raw,
                         struct by_cap_arg *ping, by_cap_t *pong_cap)
{
	(void)self;
	peer->server.cap = by_cap_arg_take(server);
	peer->raw        = by_cap_arg_take(raw);
	peer->ping       = by_cap_arg_take(ping);
	*pong_cap        = pong.target.cap;
	by_signal_submit(go.target.cap, 1);

	return BY_OK;
}


static struct by_bench_hub_ops const ops = { .offer = offer };


static void exited(struct by_child *who, int code)
{
	by_error("the server has ended with %d", code);
	by_child_destroy(who);
}


static struct by_service service = { .size = sizeof(struct hub) };
static struct by_route const routes[] = {
	{ .service = "Bench", .local = &service },
	{ .service = NULL },
};
static struct by_child_ops const child_ops = { .exited = exited };


uint32_t own_priority(struct by_env *env)
{
	struct by_cpu_args own = { .priority = 0 };

	if (by_cpu_info(&env->cpu, &own) != BY_OK)
		by_error("the CPU session does not answer");

	return own.priority;
}


void peer_start(struct by_env *env, struct peer *the_peer,
                void (*ready_function)(struct by_env *env))
{
	struct by_child_args const args = {
		.name = "server", .binary = &binary, .ram = 1 << 20, .caps = 100,
		.priority = own_priority(env), .routes = routes, .ops = &child_ops,
	};

	peer  = the_peer;
	ready = ready_function;
	by_bench_hub_local(env, &service, &ops);
	by_status_t status = by_signal_handler_init(&pong, env->endpoint, BY_SIGNAL_IO, handle_pong);
	if (status == BY_OK)
		status = by_signal_handler_init(&go, env->endpoint, BY_SIGNAL_APPLICATION, handle_go);
	if (status == BY_OK)
		status = by_attached_rom_init(env, &binary, "bench_server");
	if (status == BY_OK)
		status = by_child_create(env, &child, &args);
	if (status == BY_OK)
		status = by_child_start(&child);
	if (status != BY_OK)
		by_error("the server cannot be started: %s", by_status_name(status));
}
