/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Demo, the server: counts for its clients, which are its children, and reports to its
 * parent how many requests each has made.
 */
struct counter_session;
#define BY_COUNTER_SELF struct counter_session

#include <by/container.h>
#include <by/env.h>
#include <by/service.h>
#include <by/log.h>
#include <by/session/counter_server.h>
#include <by/session/progress.h>
#include <by/string.h>
#include <nursery.h>

enum { REPORT = 100 }; /* requests from one report to the next */

struct counter_session {
	struct by_service_session session;
	char                      client[BY_PROGRESS_REPORT_WHO_MAX + 1];
	uint64_t                  total, requests;
};

static struct by_env     *env;
static struct by_progress progress;


static by_status_t add(struct counter_session *session, uint32_t n, uint64_t *total)
{
	*total = session->total += n;
	if (++session->requests % REPORT == 0
	    && by_progress_report(&progress, session->client, session->requests) != BY_OK)
		by_error("nobody takes reports");

	return BY_OK;
}


static struct by_counter_ops const ops = { .add = add };


static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	struct counter_session *counter = BY_CONTAINER_OF(session, struct counter_session, session);

	return by_strcopy(counter->client, sizeof(counter->client), request->label) ? BY_OK
	                                                                             : BY_INVALID;
}


static void exited(struct by_child *child, int code)
{
	by_error("client \"%s\" has left with %d", child->name, code);
	nursery_end(env, nursery_child_of(child));
}


static void start(struct by_hid_node const *node, struct by_route const *routes)
{
	static struct by_child_ops const child_ops = { .exited = exited };
	struct nursery_args const args = { .node = node, .ops = &child_ops, .own = routes };
	void *child;

	if (by_alloc(env->heap, sizeof(struct nursery_child), &child) != BY_OK
	    || nursery_start(env, child, &args) != BY_OK)
		by_error("a client is missing");
}


void component_main(struct by_env *the_env)
{
	static struct by_service     service = { .size = sizeof(struct counter_session), .open = open };
	static struct by_route const routes[] = {
		{ .service = "Counter", .local = &service },
		{ .service = NULL },
	};
	struct by_attached rom;
	struct by_hid_node top, node;

	env = the_env;
	by_counter_local(env, &service, &ops);
	if (by_progress_open(env, "", &progress) != BY_OK
	    || nursery_own_config(env, &rom, &top) != BY_OK) {
		by_error("the server cannot begin");
		by_exit(env, 1);
	}
	if (by_hid_first_of(&top, "start", &node)) {
		do
			start(&node, routes);
		while (by_hid_next_of(&node, "start"));
	}
	by_attached_fini(env, &rom);
}
