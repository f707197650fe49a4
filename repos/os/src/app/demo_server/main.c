/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Demo, the server: counts for its clients, which are its children, and reports to its
 * parent how many requests each has made.
 */
struct counter_session;
#define BY_COUNTER_SELF struct counter_session

#include <by/container.h>
#include <by/env.h>
#include <by/log.h>
#include <by/session/counter_server.h>
#include <by/session/progress.h>
#include <by/string.h>
#include <nursery.h>

enum { REPORT = 100 }; /* requests from one report to the next */

struct counter_session {
	struct by_object object;
	char             client[BY_PROGRESS_REPORT_WHO_MAX + 1];
	uint64_t         total, requests;
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


static by_status_t open(struct by_service *service, struct by_service_request const *request,
                        struct by_object **object)
{
	void       *memory;
	by_status_t status = by_alloc(env->heap, sizeof(struct counter_session), &memory);

	if (status != BY_OK)
		return status;

	struct counter_session *session = memory;

	*session = (struct counter_session){ .total = 0 };
	status = by_strcopy(session->client, sizeof(session->client), request->label)
	         ? by_service_publish(service, &session->object, session) : BY_INVALID;
	if (status != BY_OK) {
		by_free(env->heap, session, sizeof(*session));
		return status;
	}
	*object = &session->object;

	return BY_OK;
}


static void close(struct by_service *service, struct by_object *object)
{
	(void)service;
	by_object_withdraw(object);
	by_free(env->heap, BY_CONTAINER_OF(object, struct counter_session, object),
	        sizeof(struct counter_session));
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
	static struct by_service     service = { .open = open, .close = close };
	static struct by_route const routes[] = {
		{ .service = "Counter", .local = &service },
		{ .service = NULL },
	};
	struct by_attached rom;
	struct by_hid_node top, node;

	env = the_env;
	if (by_progress_open(env, "", &progress) != BY_OK
	    || by_counter_provide(env, &service, &ops) != BY_OK
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
