/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenario pc_terminal: says back what is typed.
 */
#include <by/endpoint.h>
#include <by/env.h>
#include <by/format.h>
#include <by/log.h>
#include <by/session/terminal.h>
#include <by/string.h>

enum { LINE = 100, MANY = 200 };

static struct by_terminal       terminal;
static struct by_signal_handler readable;
static char                     line[LINE];
static size_t                   used;


__attribute__((format(printf, 1, 2)))
static void say(char const *format, ...)
{
	char     text[BY_TERMINAL_WRITE_DATA_MAX + 1];
	uint32_t taken;
	va_list  args;

	va_start(args, format);
	size_t size = by_vformat(text, sizeof(text), format, args);
	va_end(args);
	if (by_terminal_write(&terminal, text, size, &taken) != BY_OK || taken != size)
		by_error("not written: %s", text);
}


static void show_colours(void)
{
	for (unsigned i = 0; i < 8; i++)
		say("\033[%um ink \033[%um bright \033[0;%um paper \033[m\r\n", 30 + i, 90 + i, 40 + i);
}


static void answer(void)
{
	line[used] = 0;
	if (!by_strcmp(line, "colours"))
		show_colours();
	if (!by_strcmp(line, "log"))
		by_log("logged");
	for (unsigned i = 1; !by_strcmp(line, "many") && i <= MANY; i++)
		say("line %u\r\n", i);
	say("\r\n[%zu] %s\r\n> ", used, line);
	used = 0;
}


static void typed(unsigned char c)
{
	if (c == '\r') {
		answer();
		return;
	}
	size_t const size = c >= ' ' && c <= '~' ? 1 : 4;

	if (used + size < LINE)
		used += by_format(line + used, LINE - used, size == 1 ? "%c" : "<%02x>", c);
}


static void handle(struct by_signal_handler *handler, unsigned count)
{
	unsigned char data[BY_TERMINAL_READ_DATA_MAX];
	size_t        size = sizeof(data), all = 0;

	(void)handler, (void)count;
	while (by_terminal_read(&terminal, data, &size) == BY_OK && size) {
		for (size_t i = 0; i < size; i++)
			typed(data[i]);
		all += size;
		size = sizeof(data);
	}
	if (all)
		by_log("%zu typed", all);
}


void component_main(struct by_env *env)
{
	uint32_t columns = 0, rows = 0;

	if (by_terminal_open(env, "", &terminal) != BY_OK
	    || by_signal_handler_init(&readable, env->endpoint, BY_SIGNAL_APPLICATION, handle) != BY_OK
	    || by_terminal_read_sigh(&terminal, readable.target.cap) != BY_OK
	    || by_terminal_size(&terminal, &columns, &rows) != BY_OK) {
		by_error("no terminal");
		return;
	}
	say("%u columns, %u rows\r\n> ", columns, rows);
	by_log("ready");
}
