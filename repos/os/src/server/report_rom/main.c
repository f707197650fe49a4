/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports become ROMs.
 */
struct report_session;
#define BY_REPORT_SELF struct report_session

#include "modules.h"
#include <by/attached.h>
#include <by/container.h>
#include <by/env.h>
#include <by/log.h>
#include <by/mem.h>
#include <by/policy.h>
#include <by/session/report_server.h>
#include <by/status_name.h>
#include <rom_config.h>

enum {
	PAGE     = 4096,
	OVERHEAD = 12 * 1024, /* of a donation: for the session, module, and records of core's */
	COPIES   = 3,         /* what is written, present report, next report */
};

/* Somebody who reports. */
struct report_session {
	struct by_service_session session;
	struct reporter           reporter;
	struct by_attached        buffer; /* of the report that is written */
};

static struct {
	struct by_env     *env;
	struct rom_config  config;
	struct by_service  reports;
	struct rom_service roms;
	bool               verbose, announced;
} server;


/*
 * Configuration
 */

/* Whether a node is a policy, or default-policy, with this report. */
static bool names(struct by_hid_node const *node, char const *report)
{
	struct by_hid_span value;

	if (!by_hid_type_is(node, "policy") && !by_hid_type_is(node, "default-policy"))
		return false;

	return by_hid_attr(node, "report", &value) && by_hid_span_is(value, report);
}


/* Whether a report stays when nobody is there to report any more. */
static bool keep(char const *report)
{
	struct by_hid_node const *const top = &server.config.top;
	struct by_hid_node              node;

	if (!by_hid_bool(top, "keep", true) || !by_hid_first(top, &node))
		return false;

	do {
		if (names(&node, report))
			return true;
	} while (by_hid_next(&node));

	return false;
}


/* A policy without a report is for nobody, which is hardly meant. */
static void check(struct by_hid_node const *top)
{
	struct by_hid_node node;
	struct by_hid_span value;
	unsigned           number = 0;

	for (bool more = by_hid_first(top, &node); more; more = by_hid_next(&node)) {
		struct by_hid_span const type = by_hid_type(&node);

		number++;
		if (!by_hid_type_is(&node, "policy") && !by_hid_type_is(&node, "default-policy"))
			by_error("config: node %u, \"%.*s\": unknown", number, (int)type.size, type.base);
		else if (!by_hid_attr(&node, "report", &value))
			by_error("config: node %u, \"%.*s\": no attribute \"report\"", number,
			         (int)type.size, type.base);
	}
}


static void configure(struct rom_config *config)
{
	server.verbose = by_hid_bool(&config->top, "verbose", false);
	check(&config->top);
	if (!server.announced)
		return;

	rom_service_find_again(&server.roms);
	modules_sweep(keep);
}


/*
 * Reports
 */

static by_status_t room(struct report_session *session, uint64_t size)
{
	size_t const ram = session->session.ram;

	if (size == 0)
		return BY_INVALID;

	if (size > ram || (size + PAGE - 1) / PAGE * PAGE * COPIES + OVERHEAD > ram)
		return BY_OUT_OF_RAM;

	by_attached_fini(server.env, &session->buffer);
	by_status_t const status = by_attached_ram_init(server.env, &session->buffer, (size_t)size,
	                                                BY_PD_CACHE_CACHED);

	return status == BY_NO_SPACE ? BY_OUT_OF_RAM : status;
}


static by_status_t write(struct report_session *session, uint64_t at, void const *data,
                         size_t data_len)
{
	struct by_attached const *const buffer = &session->buffer;

	if (!buffer->base || at > buffer->size || data_len > buffer->size - at)
		return BY_INVALID;

	memcpy((char *)buffer->base + at, data, data_len);

	return BY_OK;
}


static by_status_t submit(struct report_session *session, uint64_t size)
{
	if (!session->buffer.base || size > session->buffer.size)
		return BY_INVALID;

	by_status_t const status = reporter_submit(&session->reporter, session->buffer.base,
	                                           (size_t)size);
	if (server.verbose)
		by_log("report \"%s\": %llu bytes, %s", session->reporter.module->label,
		       (unsigned long long)size, by_status_name(status));

	return status == BY_NO_SPACE ? BY_OUT_OF_RAM : status;
}


static struct by_report_ops const ops = { .room = room, .write = write, .submit = submit };


static by_status_t open_report(struct by_service_session *base,
                               struct by_service_request const *request)
{
	struct report_session *const session = BY_CONTAINER_OF(base, struct report_session, session);

	return reporter_init(&session->reporter, request->label);
}


static void close_report(struct by_service_session *base)
{
	struct report_session *const session = BY_CONTAINER_OF(base, struct report_session, session);

	by_attached_fini(server.env, &session->buffer);
	reporter_fini(&session->reporter, keep(session->reporter.module->label));
}


/*
 * ROMs
 */

static by_status_t find(struct rom_service *service, char const *label,
                        struct rom_source **source)
{
	struct by_hid_node policy;
	struct module     *module;
	char               report[BY_LABEL_SIZE];

	(void)service;
	if (by_policy_find(&server.config.top, label, &policy) != BY_OK
	    || by_hid_copy(&policy, "report", report, sizeof(report)) != BY_OK)
		return BY_DENIED;

	by_status_t const status = modules_get(report, &module);
	if (status == BY_OK)
		*source = &module->source;

	return status;
}


/* For what is left behind: half of what we have before there is anybody. */
static size_t keep_limit(void)
{
	struct by_pd_balance balance;

	if (by_pd_account(&server.env->pd, &balance) != BY_OK)
		return 0;

	return (size_t)(balance.ram_quota - balance.ram_used) / 2;
}


void component_main(struct by_env *env)
{
	server.env     = env;
	server.reports = (struct by_service){
		.size = sizeof(struct report_session), .open = open_report, .close = close_report,
	};
	server.roms = (struct rom_service){ .find = find };
	modules_init(env, keep_limit());

	by_status_t status = rom_config_open(&server.config, env, configure);
	if (status == BY_OK)
		status = by_report_provide(env, &server.reports, &ops);
	if (status == BY_OK)
		status = rom_service_provide(env, &server.roms);
	if (status != BY_OK) {
		by_error("no service: %s", by_status_name(status));
		by_exit(env, 1);
	}
	server.announced = true;
}
