/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first component that a user sees: text in all forms, a line longer than one
 * request, the boot's nonce, and the end.
 */
#include <by/attached.h>
#include <by/env.h>
#include <by/hid.h>
#include <by/log.h>
#include <by/session/log.h>
#include <by/string.h>


static void print_forms(void)
{
	by_log("decimal %d, unsigned %u, hexadecimal 0x%x", -17, 42u, 0xbeefu);
	by_log("64 bit %lld, %#018llx", (long long)INT64_MIN, 0x123456789abcdefull);
	by_log("text \"%s\", character '%c', cut \"%.3s\"", "Hello, world", '*', "abcdef");
	by_log("columns |%6d|%-6d|%06d|", 12, 34, 56);
	by_warning("a warning");
	by_error("an error that is none");
}


/* The line ends with what follows the first requests. */
static void print_long_line(void)
{
	char text[2 * BY_LOG_WRITE_TEXT_MAX];

	memset(text, '.', sizeof(text));
	memcpy(text + sizeof(text) - 13, "end of line.", 13);
	by_log("%s", text);
}


/* What was given on the command line of the kernel. */
static void print_command_line(struct by_env *env)
{
	struct by_attached platform;
	struct by_hid_node top, line;

	if (by_attached_rom_init(env, &platform, "platform_info") != BY_OK) {
		by_error("no platform_info");
		return;
	}
	struct by_hid_span const content = { platform.base, platform.size };
	struct by_hid_span       text;

	if (by_hid_open(content, &top) == BY_OK && by_hid_first_of(&top, "command_line", &line)
	    && by_hid_attr(&line, "text", &text))
		by_log("command line: %.*s", (int)text.size, text.base);
	by_attached_fini(env, &platform);
}


void component_main(struct by_env *env)
{
	by_log("hello from \"%s\"", "test_log");
	print_forms();
	print_long_line();
	print_command_line(env);
	by_log("log test finished");
	by_exit(env, 0);
}
