/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's log, in which all that components have logged stands, unless somebody else takes it.
 */
#include "console.h"
#include <by/env.h>
#include <by/status_name.h>
#include <by/string.h>

static struct by_attached rom;
static by_status_t        opened;


void log_begin(struct by_env *env)
{
	opened = by_attached_rom_init(env, &rom, "core_log");
}


/* What is no character would be an order to the terminal. */
static void add_printable(struct text *text, char const *from, char const *end)
{
	for (; from < end; from++)
		text_add(text, *from == '\n' || (*from >= ' ' && *from <= '~') ? from : "?", 1);
}


void log_show(struct text *text, unsigned lines)
{
	by_status_t const status = opened != BY_OK ? opened
	                           : by_attached_rom_update(console.env, &rom);

	if (status != BY_OK) {
		text_format(text, "core's log cannot be read: %s\n", by_status_name(status));
		return;
	}
	char const *const begin = rom.base;
	char const *const end   = begin + by_strnlen(begin, rom.size);
	char const       *at    = end;

	while (at > begin && (at == end || at[-1] != '\n' || --lines))
		at--;
	add_printable(text, at, end);
	if (end > begin && end[-1] != '\n')
		text_add(text, "\n", 1);
}
