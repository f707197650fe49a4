/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Passes core's log on.
 */
#include "follow.h"
#include <by/attached.h>
#include <by/clock.h>
#include <by/container.h>
#include <by/env.h>
#include <by/log.h>
#include <by/mem.h>
#include <by/status_name.h>
#include <by/string.h>
#include <by/timeout.h>
#include <by/utf8.h>
#include <report.h>

enum { PIECE = 120, PERIOD_MS = 1000 };

static char const mark[] = "core| ";

static struct {
	struct by_env     *env;
	struct by_attached config, rom;
	struct follow      follow;
	struct report      report;
	struct by_timeout  next;
	bool               reports, begun;
} logger;


/* The text that there is; what is behind it in the ROM is nothing. */
static size_t text_size(void)
{
	return by_strnlen(logger.rom.base, logger.rom.size);
}


/*
 * To LOG
 */

/* Whether it is a line of ours. */
static bool marked(char const *line, size_t len)
{
	size_t const size = sizeof(mark) - 1;

	for (size_t i = 0; i + size <= len; i++)
		if (!memcmp(line + i, mark, size))
			return true;

	return false;
}


static void print(char const *line, size_t len)
{
	do {
		size_t const piece = len < PIECE ? len : PIECE;

		by_log("%s%.*s", mark, (int)piece, line);
		line += piece;
		len  -= piece;
	} while (len);
}


/* The newlines that stand for text which got lost are no lines. */
static void print_new(char const *text, size_t size, size_t from)
{
	size_t len;

	for (size_t at = from, begin; begin = at, follow_line(text, size, &at, &len); )
		if (len && !marked(text + begin, len))
			print(text + begin, len);
}


/*
 * As a report
 */

/* What can be quoted: lines of valid characters. */
static void clean(char *to, char const *text, size_t size)
{
	for (size_t at = 0; at < size; ) {
		uint32_t     code  = 0;
		size_t const bytes = by_utf8_decode(text + at, size - at, &code);
		bool const   good  = bytes && (code >= 0x20 || code == '\t' || code == '\n')
		                     && !(code >= 0x7f && code < 0xa0);

		for (size_t i = 0; i < (bytes ? bytes : 1); i++, at++)
			to[at] = good ? text[at] : '?';
	}
}


static void write(struct report *report, struct by_hid_writer *writer)
{
	static char  text[FOLLOW_MAX];
	size_t const size = logger.follow.size;

	(void)report;
	clean(text, logger.follow.text, size);
	by_hid_write_begin(writer, "core_log");
	by_hid_write_u64(writer, "bytes", size);
	by_hid_write_quote(writer, text, size && text[size - 1] == '\n' ? size - 1 : size);
	by_hid_write_end(writer);
}


/*
 * Looking
 */

static void look(void)
{
	char const *const text = logger.rom.base;
	size_t const      size = text_size();
	size_t const      from = follow_new(&logger.follow, text, size);

	if (logger.reports) {
		if (from != size || !logger.begun)
			report_changed(&logger.report);
	} else {
		if (logger.begun && from == 0 && size)
			by_warning("some of core's log is lost");
		print_new(text, size, from);
	}
	logger.begun = true;
}


static void tick(struct by_timeout *timeout)
{
	(void)timeout;
	by_status_t const status = by_attached_rom_update(logger.env, &logger.rom);

	if (status == BY_OK)
		look();
	else
		by_warning("core's log cannot be read: %s", by_status_name(status));
}


/* Errors are named, and what they concern is as if it had not been said. */
static uint64_t configure(void)
{
	struct by_hid_node top;
	struct by_hid_span output;
	uint64_t           period;

	if (by_attached_rom_init(logger.env, &logger.config, "config") != BY_OK
	    || by_hid_open((struct by_hid_span){ logger.config.base, logger.config.size },
	                   &top) != BY_OK)
		return PERIOD_MS;

	if (by_hid_attr(&top, "output", &output)) {
		logger.reports = by_hid_span_is(output, "report");
		if (!logger.reports && !by_hid_span_is(output, "log"))
			by_error("config: \"output\" is neither log nor report, but \"%.*s\"",
			         (int)output.size, output.base);
	}
	period = by_hid_u64(&top, "period_ms", PERIOD_MS);
	if (period)
		return period;

	by_error("config: \"period_ms\" is 0");

	return PERIOD_MS;
}


void component_main(struct by_env *env)
{
	static struct report_args const args = { .label = "core_log", .write = write };

	logger.env = env;
	uint64_t const period = configure();
	by_status_t    status = by_attached_rom_init(env, &logger.rom, "core_log");

	if (status == BY_OK) {
		by_timeout_init(&logger.next, env->endpoint, tick);
		status = by_timeout_repeat(&logger.next, by_us_of_ms(period));
	}
	if (status != BY_OK) {
		by_error("core's log cannot be had: %s", by_status_name(status));
		by_exit(env, 1);
	}
	if (logger.reports)
		report_begin(&logger.report, env, &args);
	look();
}
