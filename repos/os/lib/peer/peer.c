/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Children that a test talks to by relays. The main thread starts and ends them.
 */
#include <by/container.h>
#include <check.h>
#include <peer.h>


/* The session is a relay of ours. */
static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	struct peer *peer = BY_CONTAINER_OF(session->service, struct peer, service);

	(void)request;
	by_status_t const status = relay_publish(&peer->above, session->service->endpoint);

	session->gate = peer->above.object.target.cap;

	return status;
}


static void close(struct by_service_session *session)
{
	by_object_withdraw(&BY_CONTAINER_OF(session->service, struct peer, service)->above.object);
}


static void start_job(void *arg)
{
	struct peer           *peer = arg;
	struct by_env *const   env  = peer->service.env;
	struct test_child_args args = peer->args->child;

	args.service = "Relay";
	args.local   = &peer->service;
	check_need(env, test_child_start(env, &peer->child, &args), "peer");
}


void peer_start(struct by_env *env, struct peer *peer, struct peer_args const *args)
{
	*peer = (struct peer){ .args = args };
	peer->service = (struct by_service){
		.size = sizeof(struct by_service_session), .open = open, .close = close,
		.endpoint = args->endpoint,
	};
	relay_prepare(&peer->above, 0xa);
	peer->above.ours       = args->ours;
	relay_local(env, &peer->service);
	check_need(env, by_endpoint_run(env->endpoint, start_job, peer), "start");
}


static void end_job(void *arg)
{
	struct peer *peer = arg;

	test_child_end(&peer->child);
}


void peer_end(struct peer *peer)
{
	check_need(peer->service.env,
	           by_endpoint_run(peer->service.env->endpoint, end_job, peer), "end");
}
