/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenarios of reports: somebody who reports.
 */
#include <by/attached.h>
#include <by/container.h>
#include <check.h>
#include <report.h>

static struct {
	struct by_env    *env;
	struct report     report;
	struct by_timeout next;
	uint64_t          reports, rows, number, last;
	bool              exit;
} source;


static void write(struct report *report, struct by_hid_writer *writer)
{
	uint64_t const rows = source.number == source.last ? 1 : source.number * 1009 % source.rows;

	(void)report;
	by_hid_write_begin(writer, "numbers");
	by_hid_write_u64(writer, "n", source.number);
	by_hid_write_u64(writer, "rows", rows);
	by_hid_write_bool(writer, "last", source.number == source.last);
	for (uint64_t i = 0; i < rows; i++) {
		by_hid_write_begin(writer, "row");
		by_hid_write_u64(writer, "n", source.number);
		by_hid_write_end(writer);
	}
	by_hid_write_end(writer);
}


static void finish(void)
{
	by_timeout_stop(&source.next);
	by_log("source done: %llu", (unsigned long long)source.number);
	if (source.exit)
		by_exit(source.env, 0);
}


static void tick(struct by_timeout *timeout)
{
	(void)timeout;
	if (source.number < source.last)
		source.number++;
	report_changed(&source.report);
	report_changed(&source.report); /* which is no change */
	if (source.report.status != BY_OK && source.report.status != BY_PENDING)
		check_need(source.env, source.report.status, "report");
	if (source.number == source.last && source.report.status == BY_OK)
		finish();
}


void component_main(struct by_env *env)
{
	static struct report_args const args = { .label = "numbers", .write = write };
	static struct by_attached       rom;
	struct by_hid_node              top;

	source.env = env;
	check_need(env, by_attached_rom_init(env, &rom, "config"), "config");
	check_need(env, by_hid_open((struct by_hid_span){ rom.base, rom.size }, &top), "config");
	source.rows   = by_hid_u64(&top, "rows", 100);
	source.number = by_hid_u64(&top, "first", 1) - 1;
	source.last   = source.number + by_hid_u64(&top, "reports", 100);
	source.exit   = by_hid_bool(&top, "exit", false);
	report_begin(&source.report, env, &args);
	by_timeout_init(&source.next, env->endpoint, tick);
	check_need(env, by_timeout_repeat(&source.next, 1000), "timeout");
}
