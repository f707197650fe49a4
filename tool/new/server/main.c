/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * @NAME@: the server of the interface @NAME@.rpc. It keeps a number for each client.
 */
#define BY_@CAPITALS@_SELF struct client

#include <by/env.h>
#include <by/log.h>
#include <by/service.h>
#include <by/status_name.h>

#define MOST ((uint64_t)1000)

/* What a session is to us. */
struct client {
	struct by_service_session session; /* what the client calls */
	uint64_t                  total;
};

#include <by/session/@NAME@_server.h>


static by_status_t add(struct client *client, uint32_t n, uint64_t *total)
{
	if (n > MOST - client->total)
		return BY_LIMIT;

	client->total += n;
	*total = client->total;

	return BY_OK;
}


static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	(void)session;
	by_log("a session for \"%s\"", request->label);

	return BY_OK;
}


/* When this returns the component goes on: it waits for what clients want. */
void component_main(struct by_env *env)
{
	static struct by_@NAME@_ops const ops     = { .add = add };
	static struct by_service          service = { .size = sizeof(struct client), .open = open };

	by_status_t const status = by_@NAME@_provide(env, &service, &ops);
	if (status != BY_OK) {
		by_error("no service: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
