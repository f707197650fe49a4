/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Test of formatted output and of the LOG session.
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/hid.h>
#include <by/log.h>
#include <by/string.h>

enum { LONG_LINE = 300 };


static void print_numbers(void)
{
	by_log("hex: 0x%x 0x%08x 0x%llx", 0xau, 0xbeefu, 0x123456789abcdefull);
	by_log("decimal: %d %u %lld", -7, 4000000000u, -9000000000000000000ll);
	by_log("text: \"%s\" \"%6s\" \"%-6s\" %c%%", "abc", "de", "fg", 'z');
}


static void print_long_line(void)
{
	char line[LONG_LINE + 1];

	for (unsigned i = 0; i < LONG_LINE; i++)
		line[i] = (char)('a' + i % 26);
	line[LONG_LINE] = 0;
	by_log("%s", line);
}


/** The command line tells an outside check that this boot was asked for. */
static void print_command_line(struct by_env *env)
{
	struct by_attached rom;
	struct by_hid_node top, node;

	if (by_attached_rom_init(env, &rom, "platform_info") != BY_OK) {
		by_error("no platform_info");
		return;
	}
	struct by_hid_span text = { rom.base, rom.size };
	char words[256];

	if (by_hid_open(text, &top) == BY_OK && by_hid_first_of(&top, "command_line", &node)
	    && by_hid_copy(&node, "text", words, sizeof(words)) == BY_OK)
		by_log("command line: %s", words);
	else
		by_error("no command line in platform_info");
	by_attached_fini(env, &rom);
}


/** After a reset there is the text of the boot before. */
static void print_previous_log(struct by_env *env)
{
	struct by_attached rom;

	if (by_attached_rom_init(env, &rom, "previous_log") != BY_OK)
		return;

	by_log("previous log: %zu bytes", by_strnlen(rom.base, rom.size));
	by_attached_fini(env, &rom);
}


void component_main(struct by_env *env)
{
	by_log("log test");
	print_numbers();
	print_long_line();
	print_command_line(env);
	print_previous_log(env);
	by_log("log test done");
}
