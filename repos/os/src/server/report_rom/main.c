/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reports become ROMs.
 */
#include "modules.h"
#include <by/container.h>
#include <by/env.h>
#include <by/log.h>
#include <by/policy.h>
#include <by/status_name.h>
#include <report_service.h>
#include <rom_config.h>

/* Somebody who reports. */
struct report_session {
	struct report_service_session base;
	struct reporter               reporter;
};

static struct {
	struct by_env        *env;
	struct rom_config     config;
	struct report_service reports;
	struct rom_service    roms;
	bool                  verbose, announced;
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

static struct report_session *session_of(struct report_service_session *base)
{
	return BY_CONTAINER_OF(base, struct report_session, base);
}


static by_status_t submitted(struct report_service_session *base, char const *text, size_t size)
{
	struct reporter *const reporter = &session_of(base)->reporter;
	by_status_t const      status   = reporter_submit(reporter, text, size);

	if (server.verbose)
		by_log("report \"%s\": %zu bytes, %s", reporter->module->label, size,
		       by_status_name(status));

	return status;
}


static by_status_t open_report(struct report_service_session *base, char const *label)
{
	return reporter_init(&session_of(base)->reporter, label);
}


static void close_report(struct report_service_session *base)
{
	struct reporter *const reporter = &session_of(base)->reporter;

	reporter_fini(reporter, keep(reporter->module->label));
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
	server.reports = (struct report_service){
		.size = sizeof(struct report_session), .open = open_report, .submitted = submitted,
		.close = close_report,
	};
	server.roms = (struct rom_service){ .find = find };
	modules_init(env, keep_limit());

	by_status_t status = rom_config_open(&server.config, env, configure);
	if (status == BY_OK)
		status = report_service_provide(env, &server.reports);
	if (status == BY_OK)
		status = rom_service_provide(env, &server.roms);
	if (status != BY_OK) {
		by_error("no service: %s", by_status_name(status));
		by_exit(env, 1);
	}
	server.announced = true;
}
