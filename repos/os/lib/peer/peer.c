/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children that a test talks to by relays. The main thread starts and ends them.
 */
#include <by/container.h>
#include <by/string.h>
#include <check.h>
#include <peer.h>


static by_status_t open(struct by_service *service, struct by_service_request const *request,
                        struct by_object **object)
{
	struct peer *peer = BY_CONTAINER_OF(service, struct peer, service);

	(void)request;
	*object = &peer->above.object;

	return by_service_publish(service, &peer->above.object, &peer->above);
}


static void close(struct by_service *service, struct by_object *object)
{
	(void)service;
	by_object_withdraw(object);
}


static void start_job(void *arg)
{
	struct peer              *peer = arg;
	struct by_env *const      env  = peer->service.env;
	struct by_hid_span const  text = { peer->args->node, by_strlen(peer->args->node) };
	struct by_route const     own[] = {
		{ .service = "Relay", .local = &peer->service },
		{ .service = NULL },
	};
	struct by_hid_node        node;
	struct nursery_args const args = { .node = &node, .ops = peer->args->ops, .own = own };

	check_need(env, by_hid_open(text, &node), "configuration");
	check_need(env, nursery_start(env, &peer->child, &args), "peer");
}


void peer_start(struct by_env *env, struct peer *peer, struct peer_args const *args)
{
	*peer = (struct peer){ .service = { .open = open, .close = close }, .args = args };
	relay_prepare(&peer->above, 0xa);
	peer->above.ours       = args->ours;
	peer->service.endpoint = args->endpoint;
	check_need(env, relay_provide(env, &peer->service), "service");
	check_need(env, by_endpoint_run(env->endpoint, start_job, peer), "start");
}


static void end_job(void *arg)
{
	struct peer *peer = arg;

	nursery_end(peer->service.env, &peer->child);
}


void peer_end(struct peer *peer)
{
	check_need(peer->service.env,
	           by_endpoint_run(peer->service.env->endpoint, end_job, peer), "end");
}
