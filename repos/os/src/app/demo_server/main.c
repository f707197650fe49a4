/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Demo, the server: counts for its clients, and reports how many requests each has made.
 */
struct counter_session;
#define BY_COUNTER_SELF struct counter_session

#include <by/container.h>
#include <by/env.h>
#include <by/label.h>
#include <by/list.h>
#include <by/log.h>
#include <by/service.h>
#include <by/session/counter_server.h>
#include <by/status_name.h>
#include <by/string.h>
#include <report.h>

enum { REPORT_MS = 500, REPORT_AFTER = 100 /* requests of a client */ };

struct counter_session {
	struct by_service_session session;
	struct by_list_node       node;
	char                      client[BY_LABEL_SIZE];
	uint64_t                  total, requests;
};

static struct report  report;
static struct by_list sessions;


static struct counter_session *session_of_node(struct by_list_node *node)
{
	return BY_CONTAINER_OF(node, struct counter_session, node);
}


static by_status_t add(struct counter_session *session, uint32_t n, uint64_t *total)
{
	*total = session->total += n;
	if (++session->requests % REPORT_AFTER == 0)
		report_changed(&report);

	return BY_OK;
}


static struct by_counter_ops const ops = { .add = add };


static by_status_t open(struct by_service_session *session,
                        struct by_service_request const *request)
{
	struct counter_session *counter = BY_CONTAINER_OF(session, struct counter_session, session);

	if (!by_strcopy(counter->client, sizeof(counter->client), request->label))
		return BY_INVALID;

	by_list_append(&sessions, &counter->node);

	return BY_OK;
}


static void close(struct by_service_session *session)
{
	by_list_remove(&BY_CONTAINER_OF(session, struct counter_session, session)->node);
	report_changed(&report);
}


static void write_report(struct report *self, struct by_hid_writer *writer)
{
	(void)self;
	by_hid_write_begin(writer, "requests");
	BY_LIST_EACH(&sessions, node) {
		by_hid_write_begin(writer, "client");
		by_hid_write_attr(writer, "name", session_of_node(node)->client);
		by_hid_write_u64(writer, "requests", session_of_node(node)->requests);
		by_hid_write_end(writer);
	}
	by_hid_write_end(writer);
}


void component_main(struct by_env *env)
{
	static struct by_service service = {
		.size = sizeof(struct counter_session), .open = open, .close = close,
	};
	static struct report_args const args = {
		.label = "requests", .interval_ms = REPORT_MS, .write = write_report,
	};

	by_list_init(&sessions);
	report_begin(&report, env, &args);
	by_status_t const status = by_counter_provide(env, &service, &ops);

	if (status != BY_OK) {
		by_error("the server cannot begin: %s", by_status_name(status));
		by_exit(env, 1);
	}
}
