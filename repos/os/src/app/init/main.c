/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Init: the children that its configuration, which may change, describes.
 */
#include <by/env.h>
#include <by/log.h>
#include <by/status_name.h>
#include <report.h>
#include <rom_watch.h>
#include <sandbox.h>

enum { REPORT_DELAY_MS = 100 };

static struct rom_watch config;
static struct sandbox   sandbox;
static struct report    report;
static bool             reporting;


/* End with the child, as its configuration says. */
static void exited(struct sandbox *self, char const *child, int code)
{
	(void)child;
	by_exit(self->env, code);
}


static void changed(struct sandbox *self)
{
	(void)self;
	if (reporting)
		report_changed(&report);
}


/* The node 'report' of the configuration in force. */
static bool find_report(struct by_hid_node *node)
{
	return by_hid_first_of(&sandbox.config, "report", node);
}


static void write_state(struct report *self, struct by_hid_writer *writer)
{
	struct by_hid_node node;

	(void)self;
	by_hid_write_begin(writer, "state");
	if (find_report(&node))
		sandbox_report(&sandbox, writer, &node);
	by_hid_write_end(writer);
}


static void set_report(void)
{
	struct by_hid_node node;
	bool const         wanted = find_report(&node);
	uint64_t const     delay  = wanted ? by_hid_u64(&node, "delay_ms", REPORT_DELAY_MS) : 0;

	if (reporting && (!wanted || delay != report.args.interval_ms)) {
		report_fini(&report);
		reporting = false;
	}
	if (wanted && !reporting) {
		report_begin(&report, sandbox.env, &(struct report_args){
			.label = "state", .interval_ms = (unsigned)delay, .write = write_state });
		reporting = true;
	}
	changed(&sandbox);
}


/* An incomplete document is one that somebody is still writing: the one before stays. */
static void config_changed(struct rom_watch *watch)
{
	by_status_t const status = sandbox_apply(&sandbox, rom_watch_content(watch));

	if (status == BY_OK)
		set_report();
	else
		by_error("the configuration is not applied: %s", by_status_name(status));
}


void component_main(struct by_env *env)
{
	static struct sandbox_ops const ops = { .changed = changed, .exited = exited };

	by_status_t status = sandbox_init(&sandbox, env, &(struct sandbox_args){ .ops = &ops });

	if (status == BY_OK)
		status = rom_watch_open(&config, env, "config", config_changed);
	if (status != BY_OK)
		by_error("init cannot begin: %s", by_status_name(status));
}
